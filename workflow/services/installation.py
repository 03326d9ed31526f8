"""What every installation starts with: the decree's document types, known days, examples of retention."""

from __future__ import annotations

from workflow.domain import calendar_seed, document_types
from workflow.services import retention
from workflow.store import office
from workflow.store.models import CalendarDay, DocumentType, Organ, Register, Unit
from workflow.store.session import UnitOfWork

FIRST_TYPES = ("letter", "decision", "report", "submission", "notice", "plan", "invitation", "directive", "minutes",
               "programme")  # fmt: skip
"""The ten an office uses most stand first; the rest follow in the decree's order."""


def seed_reference(uow: UnitOfWork) -> None:
    """Document types and exceptional days, where they are not there yet. What people changed is left alone."""
    uow.begin_write()
    known = {row.day for row in office.calendar_days(uow.session)}
    for special in calendar_seed.SEED:
        if special.day not in known:
            uow.add(
                CalendarDay(
                    day=special.day, working=special.working, name_vi=special.reason_vi, name_en=special.reason_en,
                    decree=special.basis, seeded=True,
                )
            )  # fmt: skip
    for position, kind in enumerate(_ordered(), 1):
        if uow.session.get(DocumentType, kind.code) is None:
            uow.add(
                DocumentType(
                    code=kind.code, abbreviation=kind.abbreviation, name_vi=kind.name_vi, name_en=kind.name_en,
                    position=position,
                )
            )  # fmt: skip
    retention.seed_examples(uow)
    uow.flush()


def _ordered() -> list[document_types.DocumentType]:
    rank = {code: place for place, code in enumerate(FIRST_TYPES)}
    kinds = sorted(document_types.TYPES, key=lambda kind: rank.get(kind.code, len(rank)))
    return [*kinds, *document_types.COPIES]


def open_registers(uow: UnitOfWork, agency: Unit) -> None:
    """The agency's first organ and the registers every agency begins with: a general one, decisions (Art. 15.1),
    copies (one series for the three kinds, Annex I), secret papers (Art. 15.2), and arrivals (Art. 22), where
    secret ones are apart again.
    """
    organ = Organ(
        agency_id=agency.id, code=agency.abbreviation[:20], name=agency.name, abbreviation=agency.abbreviation
    )
    uow.add(organ)
    uow.flush()
    copies = [kind.code for kind in document_types.COPIES]
    for code, name, rest in (
        ("chung", "Sổ văn bản đi", {}),
        ("qd", "Sổ quyết định", {"type_codes": ["decision"]}),
        ("sao", "Sổ đăng ký bản sao", {"type_codes": copies}),
        ("mat", "Sổ văn bản mật", {"secret": True}),
        ("den", "Sổ văn bản đến", {"direction": "in"}),
        ("den-mat", "Sổ văn bản mật đến", {"secret": True, "direction": "in"}),
    ):
        uow.add(Register(agency_id=agency.id, code=code, name=name, organ_id=organ.id, **rest))
    uow.flush()
