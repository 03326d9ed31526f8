"""A random province in which everything bears the mark of whose it is: three agencies, units below units, people in
random posts, documents, arrivals, signs, figures, inspections, copies and reports of each."""

from __future__ import annotations

import datetime as dt
import hashlib
import itertools
import re
from dataclasses import dataclass, field, replace
from typing import Any

from hypothesis import strategies as st
from sqlalchemy import Engine, select, update

from tests.support import months
from tests.support.inspecting import Teams, inspected
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, SINCE, Office, build
from tests.support.papers import letter
from workflow.adapters.blobs import Blobs
from workflow.domain.people import Actor, Post, Role
from workflow.domain.periods import parse
from workflow.services import reports
from workflow.store.models import (
    Account,
    Blob,
    CertifiedCopy,
    EnteredFigure,
    EnteredIndicator,
    FigureTarget,
    Incoming,
    InspectionSample,
    Person,
    PostRow,
    Register,
    Unit,
)
from workflow.store.session import unit_of_work

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
OCTOBER = NOON - 40 * DAY
PARTS = ("office", "economy", "culture", "service")
AGENCIES = ("commune", "far", "apart")
ROLES = (Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY, Role.ADMIN, Role.INSPECTOR)
_SERIAL = itertools.count(1)

PIECES = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["issued", "issued", "waiting", "arrived", "late", "lying", "entered", "copy"]),
            "where": st.integers(0, 9), "when": st.sampled_from([NOON, OCTOBER]), "secret": st.booleans(),
            "medium": st.sampled_from(["digital", "digital", "ink"]),
            "seal": st.sampled_from(["passed", "failed", "indeterminate", ""]),
        }
    ),
    min_size=5, max_size=9,
)  # fmt: skip
PLANS = st.fixed_dictionaries(
    {
        "below": st.booleans(), "parts": st.lists(st.tuples(st.integers(0, 2), st.integers(0, 9)), max_size=5),
        "posts": st.lists(st.tuples(st.integers(0, 29), st.sampled_from(ROLES)), min_size=3, max_size=6),
        "pieces": PIECES, "more": PIECES, "reader": st.integers(0, 99),
    }
)  # fmt: skip
"""`more`: what others do while the reader looks."""


@dataclass(slots=True)
class Province:
    """Who and what there is; `units_of["far"]`: the short names of an agency's units, itself first."""

    office: Office
    below: bool
    units_of: dict[str, list[str]]
    parents: dict[str, str | None]
    keys: dict[str, dict[str, Any]] = field(default_factory=dict)

    def agency_of(self, unit: str) -> str:
        return next(agency for agency, units in self.units_of.items() if unit in units)

    def foreign(self, reader: str) -> list[str]:
        """Agencies of which this person sees no figure."""
        post = self.office.posts[reader]
        own = self.office.units
        sees = {name for name in AGENCIES if own[name] == post.agency_id}
        if self.below and "commune" in sees and post.role in {Role.ADMIN, Role.INSPECTOR}:
            sees.add("far")
        return [name for name in AGENCIES if name not in sees]

    def shut(self, reader: str, *, arrivals: bool) -> list[str]:
        """Units whose papers this person opens none of, in the agencies whose figures they see."""
        post, foreign = self.office.posts[reader], self.foreign(reader)
        units = [unit for name in AGENCIES if name not in foreign for unit in self.units_of[name]]
        home = next(unit for unit, key in self.office.units.items() if key == post.unit_id)
        if post.role is Role.ADMIN:
            return units
        if post.role is Role.DRAFTER:
            return [unit for unit in units if unit != home]
        if post.role is Role.UNIT_HEAD and not (arrivals and post.in_office):
            return [unit for unit in units if home not in self._up_from(unit)]
        return []

    def _up_from(self, unit: str | None) -> list[str]:
        found = []
        while unit is not None:
            found.append(unit)
            unit = self.parents[unit]
        return found


def mark(agency: str) -> str:
    """What every name, subject and number of an agency bears."""
    return f"Zq{agency}q"


def paper(unit: str, *, arrived: bool = False) -> str:
    """What the subjects of a unit's papers bear besides."""
    return f"{'Wi' if arrived else 'Wx'}{unit.replace('_', '')}w"


def hidden(agency: str) -> str:
    """What copies of an agency's papers bear that became secret since."""
    return f"Vv{agency}kin"


def province(engine: Engine, plan: dict[str, Any], blobs: Blobs) -> Province:
    """As planned, a little of everything in each agency, October closed in all."""
    blobs.put(letter())
    office = build(engine)
    made = Province(
        office, plan["below"],
        {"commune": ["commune", *PARTS], "far": ["far", "far_office"], "apart": []},
        dict.fromkeys(PARTS, "commune") | {"far_office": "far"},
    )  # fmt: skip
    made.parents |= dict.fromkeys(AGENCIES)
    _units(made, plan)
    _people(made, plan)
    for agency in AGENCIES:
        _basis(made, agency)
        _inspection(made, agency)
    add(made, AGENCIES, plan["pieces"])
    for agency in AGENCIES:
        months.close(engine, office.units[agency], parse("2026-10"), now=NOON - 10 * DAY)
    with unit_of_work(engine) as uow:
        reports.make_unsigned(uow, period="2026-11-23", cut_off=NOON - 6 * HOUR, now=NOON - 6 * HOUR)
        uow.commit()
    return made


def add(made: Province, agencies: tuple[str, ...] | list[str], pieces: list[dict[str, Any]]) -> None:
    """These pieces of work, in each of some agencies."""
    for agency in agencies:
        units = made.units_of[agency]
        for one in pieces:
            unit = units[one["where"] % len(units)]
            kind = {"issued": _issued, "waiting": _waiting, "entered": _entered, "copy": _copy}.get(one["kind"])
            (kind or _incoming)(made, agency, unit, one)


def _units(made: Province, plan: dict[str, Any]) -> None:
    office = made.office
    with unit_of_work(office.engine) as uow:
        uow.begin_write()

        def found(name: str, parent: str | None, agency: str) -> None:
            row = Unit(
                code=f"Z{next(_SERIAL)}", name=f"{mark(agency)} {name}", abbreviation=name[:20], valid_from=SINCE,
                kind="part" if parent else "agency", parent_id=office.units[parent] if parent else None,
                agency_id=office.units[agency] if parent else None,
            )  # fmt: skip
            uow.add(row)
            uow.flush()
            row.agency_id = row.agency_id or row.id
            office.units[name] = row.id
            made.parents[name] = parent
            made.units_of[agency].append(name)

        found("apart", None, "apart")
        for name, parent, agency in (
            ("apart_office", "apart", "apart"), ("apart_part", "apart", "apart"), ("far_part", "far", "far"),
        ):  # fmt: skip
            found(name, parent, agency)
        for number, (agency, above) in enumerate(plan["parts"]):
            parents = made.units_of[AGENCIES[agency]]
            found(f"{AGENCIES[agency]}_{number}", parents[above % len(parents)], AGENCIES[agency])
        if made.below:
            uow.session.get_one(Unit, office.units["far"]).parent_id = office.units["commune"]
        for agency in ("commune", "far"):
            for name in made.units_of[agency]:
                row = uow.session.get_one(Unit, office.units[name])
                row.name = f"{mark(agency)} {name}"
        for code in ("chung", "den"):
            uow.add(
                Register(agency_id=office.units["apart"], code=code, name="Sổ",
                         direction="in" if code == "den" else "out")
            )  # fmt: skip
        uow.commit()


def _people(made: Province, plan: dict[str, Any]) -> None:
    """The usual ones of the third agency, then the random ones; every name bears its agency's mark."""
    office = made.office
    names = [(f"apart_{role}", "apart_office" if role in {Role.CLERK, Role.DRAFTER} else "apart", role)
             for role in (Role.LEADER, Role.CLERK, Role.ADMIN, Role.DRAFTER)]  # fmt: skip
    everywhere = [unit for agency in AGENCIES for unit in made.units_of[agency]]
    names += [(f"random_{number}", everywhere[where % len(everywhere)], role)
              for number, (where, role) in enumerate(plan["posts"])]  # fmt: skip
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for name, unit, role in names:
            person = Person(full_name=name, email=f"{name}@example.gov.vn")
            uow.add(person)
            uow.flush()
            agency = office.units[made.agency_of(unit)]
            row = PostRow(person_id=person.id, unit_id=office.units[unit], agency_id=agency, role=role,
                          title="Chức vụ", valid_from=SINCE)  # fmt: skip
            uow.add(Account(person_id=person.id, username=name, created_at=NOON), row)
            uow.flush()
            office.posts[name] = Post(row.id, person.id, row.unit_id, agency, role, "Chức vụ", SINCE,
                                      in_office=unit in {"office", "far_office"})  # fmt: skip
        for name, post in office.posts.items():
            agency = next(one for one in AGENCIES if office.units[one] == post.agency_id)
            office.names[name] = f"{mark(agency)} {name}"
            uow.session.execute(
                update(Person).where(Person.id == post.person_id).values(full_name=office.names[name])
            )
        uow.commit()


def _of(agency: str, who: str) -> str:
    return who if agency == "commune" else f"{agency}_{who}"


def _basis(made: Province, agency: str) -> None:
    """An indicator of the agency's own, a target; and the keys that addresses may name."""
    office, words = made.office, mark(agency)
    person = office.posts[_of(agency, "admin")].person_id
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        row = EnteredIndicator(
            agency_id=office.units[agency], name=f"{words} chỉ tiêu", about=words, shape="share", made_by_id=person,
            made_at=NOON - 60 * DAY,
        )  # fmt: skip
        uow.add(row)
        uow.add(
            FigureTarget(
                agency_id=office.units[agency], unit_id=office.units[agency], indicator="sign_rate_docs", goal="97",
                first_month="2026-01", last_month="", reason=words, set_by_id=person, set_at=NOON - 60 * DAY,
            )
        )  # fmt: skip
        uow.flush()
        made.keys[agency] = {
            "agency": office.units[agency], "unit": office.units[made.units_of[agency][2]], "indicator": row.id,
            "person": office.posts[_of(agency, "leader")].person_id,
        }  # fmt: skip
        uow.commit()
    seed = {"where": 2, "when": OCTOBER, "secret": False, "medium": "digital", "seal": "passed"}
    unit = made.units_of[agency][2]
    made.keys[agency]["document"] = _issued(made, agency, unit, seed)
    made.keys[agency]["line"] = _entered(made, agency, unit, seed)
    made.keys[agency]["copy"] = _copy(made, agency, unit, seed)
    _incoming(made, agency, unit, seed | {"kind": "lying", "when": NOON})
    _incoming(made, agency, unit, seed | {"kind": "late"})
    _waiting(made, agency, unit, seed)


class _Heads(Teams):
    """Every agency's administrator founds inspections, as if each stood at its own top."""

    def actor(self, name: str) -> Actor:
        return replace(self.office.actor(name), at_top=name.endswith("admin"))


def _inspection(made: Province, agency: str) -> None:
    """Of a part of the agency by its own clerk, with everything that an inspection holds."""
    unit = made.units_of[agency][2]
    there = inspected(
        made.office, words=mark(agency), unit=unit, head=_of(agency, "chief" if agency == "commune" else "clerk"),
        by=_of(agency, "admin"), teams=_Heads(made.office),
        rows=[_row(made, agency, unit, {"when": NOON, "medium": "digital", "secret": False, "seal": "passed"})],
    )  # fmt: skip
    with unit_of_work(made.office.engine) as uow:
        sample = uow.session.scalars(
            select(InspectionSample.id).where(InspectionSample.inspection_id == there["inspection"])
        ).first()
    made.keys[agency] |= {"inspection": there["inspection"], "sample": sample}


def _row(made: Province, agency: str, unit: str, one: dict[str, Any]) -> dict[str, Any]:
    office, words = made.office, f"{mark(agency)} {paper(unit)}"
    signer, drafter = (office.posts[_of(agency, who)] for who in ("leader", "drafter"))
    row = issued_row(
        office, issued_at=one["when"], medium=one["medium"], secret=one["secret"], seal_verdict=one["seal"],
        leader_verdict="passed" if one["medium"] == "digital" else "", subject=words, subject_folded=words.lower(),
    )  # fmt: skip
    return row | {
        "agency_id": office.units[agency], "unit_id": office.units[unit], "signer_id": signer.person_id,
        "signer_post_id": signer.id, "drafter_id": drafter.person_id, "drafter_post_id": drafter.id,
        "symbol": f"{row['number']:02d}/{mark(agency)}",
    }  # fmt: skip


def _issued(made: Province, agency: str, unit: str, one: dict[str, Any]) -> int:
    return add_issued(made.office, _row(made, agency, unit, one))[0]


def _waiting(made: Province, agency: str, unit: str, one: dict[str, Any]) -> int:
    blank = dict.fromkeys(("signed_at", "numbered_at", "sealed_at", "issued_at", "closed_at", "number", "year"))
    row = _row(made, agency, unit, one | {"secret": False}) | blank
    more = {"state": "awaiting_signature", "symbol": "", "leader_verdict": "", "seal_verdict": "", "version": 4,
            "medium": "digital", "due_at": NOON - HOUR}  # fmt: skip
    return add_issued(made.office, row | more)[0]


def _incoming(made: Province, agency: str, unit: str, one: dict[str, Any]) -> int:
    """Under work, overdue, or one that lay for a week before somebody gave it a number."""
    office, words = made.office, f"{mark(agency)} {paper(unit, arrived=True)}"
    at, person = one["when"] - 2 * DAY, office.posts[_of(agency, "drafter")].person_id
    row = months.received_row(office, at, secret=one["secret"] and one["kind"] == "arrived") | {
        "agency_id": office.units[agency], "lead_unit_id": office.units[unit], "handler_id": person,
        "holder_id": person, "subject": words, "subject_folded": words.lower(), "issuer": mark(agency),
        "symbol": f"{next(_SERIAL)}/{mark(agency)}", "number": 5000 + next(_SERIAL),
        "due_at": at + (DAY if one["kind"] == "late" else 30 * DAY),
        "arrived_at": at - (7 * DAY if one["kind"] == "lying" else HOUR),
    }  # fmt: skip
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        book = select(Register.id).where(Register.code == "den", Register.agency_id == office.units[agency])
        made_row = Incoming(**row | {"register_id": uow.session.scalars(book).one()})
        uow.add(made_row)
        uow.commit()
        return int(made_row.id)


def _entered(made: Province, agency: str, unit: str, one: dict[str, Any]) -> int:
    office, number = made.office, next(_SERIAL)
    month, ends = (
        ("2026-10", dt.date(2026, 10, 31)) if one["when"] == OCTOBER else ("2026-11", dt.date(2026, 11, 30))
    )
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        there = select(EnteredFigure.id).where(
            EnteredFigure.indicator_id == made.keys[agency]["indicator"], EnteredFigure.period == month,
            EnteredFigure.unit_id == office.units[unit],
        )  # fmt: skip
        if (known := uow.session.scalars(there).first()) is not None:
            return int(known)
        row = EnteredFigure(
            agency_id=office.units[agency], indicator_id=made.keys[agency]["indicator"], unit_id=office.units[unit],
            period=month, ends=ends, figure=f"{number % 90}/90", source=mark(agency), link="", by_file=False,
            entered_by_id=office.posts[_of(agency, "admin")].person_id, entered_at=one["when"],
        )  # fmt: skip
        uow.add(row)
        uow.flush()
        uow.commit()
        return int(row.id)


def _copy(made: Province, agency: str, unit: str, one: dict[str, Any]) -> int:
    office, words = made.office, f"{mark(agency)} {hidden(agency)}" if one["secret"] else mark(agency)
    source = _issued(made, agency, unit, one)
    leader, clerk = (office.posts[_of(agency, who)] for who in ("leader", "clerk"))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        file = hashlib.sha256(letter()).hexdigest()
        if uow.session.get(Blob, file) is None:
            uow.add(Blob(sha256=file, size=len(letter()), media_type="application/pdf", created_at=NOON))
            uow.flush()
        row = CertifiedCopy(
            agency_id=office.units[agency], form="true_copy", source_medium="paper", medium="paper",
            outgoing_id=source, source_issuer=words, source_symbol=words, source_subject=f"{words} {paper(unit)}",
            source_folded=words.lower(), source_sha256=file, pages=1, sha256=file, recipients=words,
            signer_id=leader.person_id, signer_post_id=leader.id, capacity="head", asked_by_id=clerk.person_id,
            asked_at=NOON,
        )  # fmt: skip
        uow.add(row)
        uow.commit()
        return int(row.id)


def found_in(text: str, words: list[str]) -> list[str]:
    """Which of these marks stand somewhere, in whatever case."""
    low = text.lower()
    return [one for one in words if re.search(re.escape(one.lower()), low)]
