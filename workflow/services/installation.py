"""What every installation starts with: the decree's document types, known days, examples of retention."""

from __future__ import annotations

from workflow.domain import calendar_seed, document_types
from workflow.services import retention
from workflow.store import office
from workflow.store.models import CalendarDay, DocumentType, Register, Unit
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
    return sorted(document_types.TYPES, key=lambda kind: rank.get(kind.code, len(rank)))


def open_registers(uow: UnitOfWork, agency: Unit) -> None:
    """The registers every agency begins with: a general one, decisions (Art. 15.1), secret papers (Art. 15.2), and
    arrivals (Art. 22), where secret ones are apart again.
    """
    organ = agency.abbreviation
    uow.add(
        Register(agency_id=agency.id, code="chung", name="Sổ văn bản đi", organ=organ),
        Register(agency_id=agency.id, code="qd", name="Sổ quyết định", organ=organ, type_codes=["decision"]),
        Register(agency_id=agency.id, code="mat", name="Sổ văn bản mật", organ=organ, secret=True),
        Register(agency_id=agency.id, code="den", name="Sổ văn bản đến", organ=organ, direction="in"),
        Register(
            agency_id=agency.id, code="den-mat", name="Sổ văn bản mật đến", organ=organ, secret=True, direction="in"
        ),
    )
    uow.flush()
