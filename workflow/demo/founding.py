"""Laying out the province: units with their past, people in post, registers, certificates, demo keys."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field

import signing
from signing.testing import Identity
from workflow.adapters.blobs import Blobs
from workflow.demo import authority, people, province
from workflow.demo.province import Agency
from workflow.demo.schedule import first_day
from workflow.domain.people import Role, inspector_last_day
from workflow.services.installation import open_registers
from workflow.store import incoming, office
from workflow.store.models import (
    Account,
    Certificate,
    Person,
    PostRow,
    Series,
    Setting,
    Unit,
    UnitSuccession,
)
from workflow.store.session import UnitOfWork

WHOLE = 3 * 365


@dataclass(slots=True)
class Founded:
    """Keys of what was laid out; small enough to be sent to a worker process."""

    agencies: dict[str, int] = field(default_factory=dict)
    parts: dict[tuple[str, str], int] = field(default_factory=dict)
    posts: dict[tuple[str, str], int] = field(default_factory=dict)
    people: dict[tuple[str, str], int] = field(default_factory=dict)
    numbers: dict[tuple[str, str], int] = field(default_factory=dict)
    days: dict[tuple[str, str], int] = field(default_factory=dict)
    revoked_serial: int = 0


class Founder:
    """Writes the tables in one transaction."""

    def __init__(self, uow: UnitOfWork, blobs: Blobs, *, now: dt.datetime, today: dt.date) -> None:
        self.uow, self.blobs, self.now, self.today = uow, blobs, now, today
        self.made = Founded()
        self.issuing = authority.issuing()
        self.keys: dict[str, dict[str, str]] = {}
        names = people.ordinary(people.FIRST + 90)
        self._names, self._later_names = iter(names[: people.FIRST]), iter(names[people.FIRST :])
        self._number = 0
        self._confirmer = 0

    def found(self) -> Founded:
        """Everything, the provincial office first."""
        parent = None
        for agency in province.agencies():
            unit_id = self._agency(agency, parent)
            parent = parent or unit_id
        self._district()
        self._hostile()
        serial = str(self.made.revoked_serial)  # longer than what JSON numbers hold exactly
        tour = next(agency.key for agency in province.agencies() if agency.story == "tour")
        mark = {"day": self.today.isoformat(), "revoked_serial": serial, "tour": self.made.agencies[tour]}
        self.uow.add(Setting(name="demo", value=mark))
        self.uow.add(Setting(name="demo_keys", value=self.keys))
        self.uow.add(Setting(name="public_verification", value={"allowed": True, "megabytes": 10}))
        authority.list_root(self.uow, now=self.now)
        self.uow.flush()
        return self.made

    def _agency(self, agency: Agency, parent: int | None) -> int:
        unit = Unit(
            code=agency.code, name=agency.name, abbreviation=agency.abbreviation, kind="agency", parent_id=parent,
            place=agency.place, superior=agency.superior, head_title=agency.head_title,
            email=f"{agency.key}@lamgiang.example", server_seal=agency.server_seal, valid_from=province.FOUNDED,
            decree=province.DECREE,
        )  # fmt: skip
        self.uow.add(unit)
        self.uow.flush()
        unit.agency_id = self.made.agencies[agency.key] = unit.id
        for serial, (key, name, abbreviation) in enumerate(agency.parts, 1):
            part = Unit(
                code=f"{agency.code}.{serial:02d}", name=name, abbreviation=abbreviation, kind="part",
                parent_id=unit.id, agency_id=unit.id, place=agency.place, head_title=agency.head_title,
                valid_from=province.FOUNDED, is_office=key in province.OFFICES,
            )  # fmt: skip
            self.uow.add(part)
            self.uow.flush()
            self.made.parts[agency.key, key] = part.id
        open_registers(self.uow, unit)
        self._numbers_before(agency, unit.id)
        self._people(agency, unit.id)
        self._seal_certificate(agency, unit.id)
        return unit.id

    def _numbers_before(self, agency: Agency, agency_id: int) -> None:
        """What the year's books had reached when the six months begin, so that numbers look as they do."""
        begins = first_day(self.today)
        chance = random.Random(f"numbers {agency.key}")  # noqa: S311  repeatable on purpose
        for register in office.registers(self.uow.session, agency_id):
            a_day = chance.uniform(1, 3) if register.type_codes else chance.uniform(5, 9)
            given = 0 if register.secret else int(a_day * begins.timetuple().tm_yday)
            self.uow.add(Series(register_id=register.id, year=begins.year, last_number=given))
        if (book := incoming.arrival_register(self.uow.session, agency_id, secret=False)) is not None:
            self.uow.add(
                Series(register_id=book.id, year=self.today.year, last_number=self._arrived_before(agency))
            )

    def _arrived_before(self, agency: Agency) -> int:
        """The book of arrivals: what came on paper before, a dozen a day in a small office."""
        chance = random.Random(f"arrived {agency.key}")  # noqa: S311  repeatable on purpose
        return int(chance.uniform(8, 14) * self.today.timetuple().tm_yday)

    def _people(self, agency: Agency, agency_id: int) -> None:
        for staff in agency.staff:
            names = self._later_names if staff.later else self._names
            person = Person(
                full_name=people.SPECIAL.get((agency.key, staff.key)) or next(names),
                email=f"{agency.key}.{staff.key}@lamgiang.example",
            )
            self.uow.add(person)
            self.uow.flush()
            self.uow.add(Account(person_id=person.id, username=f"{agency.key}.{staff.key}", created_at=self.now))
            unit_id = self.made.parts[agency.key, staff.part] if staff.part else agency_id
            self._post(person.id, unit_id, agency_id, staff.role, staff.title, key=(agency.key, staff.key))
            self.made.people[agency.key, staff.key] = person.id
            if staff.role is Role.CLERK and not any(other.key == "drafter" for other in agency.staff):
                drafting = self.made.parts[
                    agency.key, agency.parts[-1][0] if agency.abbreviation != "UBND" else "kt"
                ]
                self._post(person.id, drafting, agency_id, Role.DRAFTER, "Chuyên viên kiêm nhiệm",
                           key=(agency.key, "drafter"))  # fmt: skip
            if staff.role in {Role.LEADER, Role.DEPUTY}:
                self._person_certificate(agency, person, staff.key, staff.title)
        if (centre := self.made.parts.get((agency.key, province.CENTRE))) is not None:
            self._post(self.made.people[agency.key, "deputy2"], centre, agency_id, Role.UNIT_HEAD,
                       "Giám đốc Trung tâm (kiêm nhiệm)", key=(agency.key, "centre"))  # fmt: skip
        if agency.story == "transferred":
            self._transfer(agency, agency_id)

    def _post(
        self, person_id: int, unit_id: int, agency_id: int, role: Role, title: str, *, key: tuple[str, str]
    ) -> PostRow:
        row = PostRow(
            person_id=person_id, unit_id=unit_id, agency_id=agency_id, role=role, title=title,
            valid_from=province.FOUNDED,
            valid_to=inspector_last_day(self.today) if role is Role.INSPECTOR else None,
        )  # fmt: skip
        self.uow.add(row)
        self.uow.flush()
        self.made.posts[key] = row.id
        return row

    def _transfer(self, agency: Agency, agency_id: int) -> None:
        """An official moved in the middle of last month: one post ended, the next began."""
        moved_on = (self.today.replace(day=1) - dt.timedelta(days=1)).replace(day=15)
        person = Person(full_name=next(self._names), email=f"{agency.key}.moved@lamgiang.example")
        self.uow.add(person)
        self.uow.flush()
        self.uow.add(Account(person_id=person.id, username=f"{agency.key}.moved", created_at=self.now))
        for key, part, start, end in (
            ("before", "kt", province.FOUNDED, moved_on - dt.timedelta(days=1)),
            ("moved", "vhxh", moved_on, None),
        ):
            row = self._post(person.id, self.made.parts[agency.key, part], agency_id, Role.DRAFTER, "Chuyên viên",
                             key=(agency.key, key))  # fmt: skip
            row.valid_from, row.valid_to = start, end

    def _person_certificate(self, agency: Agency, person: Person, key: str, title: str) -> None:
        self._number += 1
        days = WHOLE
        if agency.story == "expiring" and key == "chair":
            days = (self.today - province.FOUNDED).days + 7
        self.made.numbers[agency.key, key], self.made.days[agency.key, key] = self._number, days
        identity = authority.person(
            self.issuing, agency, name=person.full_name, title=title, number=self._number, days=days
        )
        if agency.story == "revoked" and key == "deputy1":
            self.made.revoked_serial = identity.serial
        self._enrol(identity, name=person.full_name, title=title, organisation=agency.name, person_id=person.id)

    def _seal_certificate(self, agency: Agency, agency_id: int) -> None:
        self._number += 1
        self.made.numbers[agency.key, "seal"] = self._number
        identity = authority.organisation(self.issuing, agency, number=self._number)
        self._enrol(identity, name=agency.name, title="", organisation="Tỉnh Lam Giang", agency_id=agency_id)

    def _enrol(
        self,
        identity: Identity,
        *,
        name: str,
        title: str,
        organisation: str,
        person_id: int | None = None,
        agency_id: int | None = None,
    ) -> None:
        leaf = identity.certificate
        other = self._second_person()
        enrolled_by = person_id or list(self.made.people.values())[-1]
        row = Certificate(
            person_id=person_id, agency_id=agency_id, sha256=identity.fingerprint, der=identity.der,
            public_key=signing.inspect_certificate(identity.der).public_key, chain=self.issuing.der,
            subject_name=name[:200], organisation=organisation, title=title,
            issuer_name=authority.ISSUER.common_name, serial=f"{identity.serial:x}",
            not_before=leaf.not_valid_before_utc, not_after=leaf.not_valid_after_utc, key_kind="ec 256",
            status="confirmed", enrolled_by_id=enrolled_by, enrolled_at=authority.START, confirmed_by_id=other,
            confirmed_at=authority.START, warnings=[], proof={},
        )  # fmt: skip
        self.uow.add(row)
        self.uow.flush()
        owner = f"person:{person_id}" if person_id else f"agency:{agency_id}"
        stored = self.blobs.put(identity.pkcs12(authority.PASSWORD, name=owner))
        self.keys[owner] = {"password": authority.PASSWORD, "sha256": stored}

    def _second_person(self) -> int:
        """Who confirmed the certificates of the first day: the province's set-up team, which has no post."""
        if not self._confirmer:
            person = Person(full_name="Tổ triển khai tỉnh Lam Giang", email="")
            self.uow.add(person)
            self.uow.flush()
            self._confirmer = person.id
        return self._confirmer

    def _district(self) -> None:
        """The dissolved tier: old communes under their district, succeeded by those of today."""
        key, code, name = province.DISTRICT
        district = self._past(code, name, None)
        for agency in province.agencies():
            if not agency.predecessors:
                continue
            now_id = self.made.agencies[agency.key]
            self._succeeds(district, now_id)
            for serial, old in enumerate(agency.predecessors, 1):
                past = self._past(f"{agency.code}.9{serial}", f"Ủy ban nhân dân {old}", district)
                self._succeeds(past, now_id)
        self.made.agencies[key] = district

    def _past(self, code: str, name: str, parent: int | None) -> int:
        unit = Unit(
            code=code, name=name, abbreviation="UBND", kind="agency", parent_id=parent, place="Đông Sơn",
            valid_from=province.BEFORE, valid_to=province.DISSOLVED, decree=province.DECREE,
        )  # fmt: skip
        self.uow.add(unit)
        self.uow.flush()
        unit.agency_id = unit.id
        return unit.id

    def _succeeds(self, old: int, new: int) -> None:
        self.uow.add(
            UnitSuccession(
                predecessor_id=old, successor_id=new, happened_on=province.FOUNDED, decree=province.DECREE
            )
        )

    def _hostile(self) -> None:
        """People whose names try to break pages, spreadsheets and PDFs, in a quiet unit of the office."""
        for serial, name in enumerate(people.HOSTILE[2:], 1):
            person = Person(full_name=name, email=f"vpub.x{serial}@lamgiang.example")
            self.uow.add(person)
            self.uow.flush()
            self.uow.add(Account(person_id=person.id, username=f"vpub.x{serial}", created_at=self.now))
            self._post(person.id, self.made.parts["vpub", "th"], self.made.agencies["vpub"], Role.DRAFTER,
                       "Chuyên viên", key=("vpub", f"x{serial}"))  # fmt: skip
