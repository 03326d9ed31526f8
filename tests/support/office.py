"""A small province for tests: one commune with everybody in post, a neighbour, types, registers, calendar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from sqlalchemy import Engine

from tests.support.laid import laid
from workflow.domain import calendar_seed, document_types
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import Scope, scope_of
from workflow.store.models import (
    Account,
    CalendarDay,
    DocumentType,
    MandateRow,
    Person,
    PostRow,
    Register,
    Unit,
)
from workflow.store.session import unit_of_work

NOON = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
"""Monday 23 November 2026, 12:00 in the office."""

SINCE = dt.date(2025, 7, 1)


@dataclass(slots=True)
class Office:
    """Keys of what was built; `actor("leader")` acts, `scope("leader")` reaches."""

    engine: Engine
    posts: dict[str, Post] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """The actor behind a short name."""
        return Actor.of(self.posts[name], name=self.names[name], address="127.0.0.1")

    def scope(self, name: str) -> Scope:
        """The scope of a short name's post."""
        return scope_of(self.posts[name], units_below=())


PEOPLE = (
    # short name, unit, role, title, full name
    ("drafter", "economy", Role.DRAFTER, "Chuyên viên", "Trần Văn Đức"),
    ("head", "economy", Role.UNIT_HEAD, "Trưởng phòng", "Phạm Thị Hương Giang"),
    ("lone_drafter", "service", Role.DRAFTER, "Chuyên viên", "Lê Ngọc Ánh"),
    ("chief", "office", Role.UNIT_HEAD, "Chánh Văn phòng", "Trịnh Xuân Hòa"),
    ("specialist", "economy", Role.DRAFTER, "Chuyên viên", "Ngô Thị Bích"),
    ("culture_head", "culture", Role.UNIT_HEAD, "Trưởng phòng", "Đỗ Văn Phúc"),
    ("clerk", "office", Role.CLERK, "Văn thư", "Hoàng Thị Mai"),
    ("leader", "commune", Role.LEADER, "Chủ tịch", "Nguyễn Thị Lan"),
    ("deputy", "commune", Role.DEPUTY, "Phó Chủ tịch", "Đặng Quốc Việt"),
    ("admin", "commune", Role.ADMIN, "Quản trị", "Vũ Minh Khôi"),
    ("inspector", "commune", Role.INSPECTOR, "Thanh tra", "Bùi Thanh Tâm"),
    ("far_drafter", "far_office", Role.DRAFTER, "Chuyên viên", "Cao Văn Xa"),
    ("far_clerk", "far_office", Role.CLERK, "Văn thư", "Lý Thị Xa"),
    ("far_leader", "far", Role.LEADER, "Chủ tịch", "Mai Văn Xa"),
    ("far_admin", "far", Role.ADMIN, "Quản trị", "Tô Thị Xa"),
)

UNITS = (
    # short name, code, name, abbreviation, kind, parent
    ("commune", "H99.01", "Ủy ban nhân dân xã Đồng Tâm", "UBND", "agency", None),
    ("office", "H99.01.01", "Văn phòng HĐND và UBND", "VP", "part", "commune"),
    ("economy", "H99.01.02", "Phòng Kinh tế", "KT", "part", "commune"),
    ("culture", "H99.01.03", "Phòng Văn hóa – Xã hội", "VHXH", "part", "commune"),
    ("service", "H99.01.04", "Trung tâm Dịch vụ công", "TTDVC", "part", "commune"),
    ("far", "H99.02", "Ủy ban nhân dân xã Yên Viễn", "UBND", "agency", None),
    ("far_office", "H99.02.01", "Văn phòng HĐND và UBND", "VP", "part", "far"),
)


def build(engine: Engine) -> Office:
    """Fill an empty database with the small province."""
    first = laid(engine, "office", lambda: enter(engine))
    return Office(engine, dict(first.posts), dict(first.names), dict(first.units))


def enter(engine: Engine) -> Office:
    """Row by row, as the program writes; `build` where only the rows matter."""
    office = Office(engine)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        _units(uow, office)
        for name, unit, role, title, full_name in PEOPLE:
            person = Person(full_name=full_name, email=f"{name}@example.gov.vn")
            uow.add(person)
            uow.flush()
            uow.add(Account(person_id=person.id, username=name, created_at=NOON))
            agency = office.units["far" if unit.startswith("far") else "commune"]
            row = PostRow(
                person_id=person.id, unit_id=office.units[unit], agency_id=agency, role=role, title=title,
                valid_from=SINCE,
            )  # fmt: skip
            uow.add(row)
            uow.flush()
            office.posts[name] = Post(
                row.id, person.id, row.unit_id, agency, role, title, SINCE, in_office=unit.endswith("office")
            )
            office.names[name] = full_name
        _rows(uow, office)
        _order(uow, office)
        uow.commit()
    return office


def _units(uow, office: Office) -> None:  # type: ignore[no-untyped-def]
    for name, code, full, abbreviation, kind, parent in UNITS:
        unit = Unit(
            code=code, name=full, abbreviation=abbreviation, kind=kind, valid_from=SINCE,
            parent_id=office.units[parent] if parent else None,
            place="Đồng Tâm" if not name.startswith("far") else "Yên Viễn",
            superior="TỈNH LAM GIANG", head_title="Chủ tịch", is_office=name.endswith("office"),
            email=f"{name}@example.gov.vn",
        )  # fmt: skip
        uow.add(unit)
        uow.flush()
        unit.agency_id = office.units[parent] if parent else unit.id
        office.units[name] = unit.id


def _rows(uow, office: Office) -> None:  # type: ignore[no-untyped-def]
    for position, kind in enumerate((*document_types.TYPES, *document_types.COPIES), 1):
        uow.add(
            DocumentType(
                code=kind.code, abbreviation=kind.abbreviation, name_vi=kind.name_vi, name_en=kind.name_en,
                position=position,
            )
        )  # fmt: skip
    for agency in ("commune", "far"):
        uow.add(Register(agency_id=office.units[agency], code="chung", name="Sổ văn bản đi"))
        uow.add(
            Register(
                agency_id=office.units[agency], code="qd", name="Sổ quyết định",
                type_codes=["decision"],
            )
        )  # fmt: skip
        uow.add(Register(agency_id=office.units[agency], code="mat", name="Sổ văn bản mật", secret=True))
        for code, secret in (("den", False), ("den-mat", True)):
            uow.add(
                Register(
                    agency_id=office.units[agency], code=code, name="Sổ văn bản đến", secret=secret, direction="in"
                )
            )
    for special in calendar_seed.SEED:
        uow.add(
            CalendarDay(
                day=special.day, working=special.working, name_vi=special.reason_vi, name_en=special.reason_en,
                decree=special.basis, seeded=True,
            )
        )  # fmt: skip
    uow.flush()


def _order(uow, office: Office) -> None:  # type: ignore[no-untyped-def]
    """The working regulation lets the head of the economy unit sign some kinds of documents by order (TL.)."""
    uow.add(
        MandateRow(
            agency_id=office.units["commune"], post_id=office.posts["head"].id, capacity="tl",
            source_post_id=office.posts["leader"].id, type_codes=["invitation", "letter", "notice"],
            content="Văn bản thông thường thuộc lĩnh vực kinh tế", valid_from=SINCE, legal_symbol="02/QĐ-UBND",
            legal_day=SINCE, legal_title="Quy chế làm việc của Ủy ban nhân dân xã", reason="Quy chế làm việc",
            granted_at=dt.datetime(2025, 7, 1, 2, 0, tzinfo=dt.UTC), granted_by_id=office.posts["admin"].person_id,
        )
    )  # fmt: skip
    uow.flush()
