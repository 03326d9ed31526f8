"""`python -m bench seed --documents 5000000 [--database URL]`: a province of 500 units, kept for the next run.

Without an address the data lie in an embedded PostgreSQL of their own in `.setup/bench`, where `bench reports`
looks for them. Broken off it goes on where it was; what is there already is left as it is. It says how far it is,
how long it took and how much room it takes, and fails over 15 minutes or 15 GB at five million documents.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import sys
import time
import zlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, create_engine, insert, inspect, select, text

from bench.corpus import AGENCIES, NOTHING, NOW, PARTS, TABLES, UNIT_MONTH, Agency, Province, batches, key_of
from bench.loading import Load
from tests.support import postgresql
from workflow.domain.indicators import VERSION, Population, tally
from workflow.domain.people import Role
from workflow.domain.periods import Period
from workflow.domain.permissions import Scope
from workflow.services.figures import closing, counting
from workflow.services.installation import seed_reference
from workflow.store import migrate
from workflow.store.models import FrozenMonth, Person, PostRow, Register, Unit
from workflow.store.session import UnitOfWork, make_engine, unit_of_work

KEPT = Path(__file__).resolve().parent.parent / ".setup" / "bench"
BATCH = 25_000
"""Pairs in a transaction."""
COUNTED = 3
"""The latest closed months are closed by the product itself, with lists; older ones have their counts only."""
MINUTES, GIGABYTES = 15, 15
"""The most that five million documents may take."""
MADE = frozenset({Population.ISSUED, Population.UNSIGNED, Population.RECEIVED, Population.CARRIED,
                  Population.FINISHED, Population.OPEN})  # fmt: skip
"""Populations that `bench.corpus` knows the counts of."""
_SINCE = dt.date(1995, 1, 1)


def main(arguments: Sequence[str]) -> int:
    """0; 1 where it took too long or too much room."""
    parser = argparse.ArgumentParser(prog="python -m bench seed")
    parser.add_argument("--documents", type=int, default=5_000_000)
    parser.add_argument("--database", help="URL of an empty database, else an embedded PostgreSQL")
    options = parser.parse_args(arguments)
    if options.documents < 2 * AGENCIES:
        parser.error(f"--documents: {2 * AGENCIES} at least")
    if options.database:
        return _told(options.documents, fill(options.database, options.documents), options.database)
    with kept_server() as server:
        url = server.database(options.documents)
        return _told(options.documents, fill(url, options.documents), url)


def _told(documents: int, seconds: float, url: str) -> int:
    size = _size(url)
    print(f"{documents} documents: {seconds:.0f} s in this run, {size / 1e9:.2f} GB", file=sys.stderr)
    share = max(documents / 5_000_000, 0.1)
    return int(seconds > MINUTES * 60 * share or size > GIGABYTES * 1e9 * share)


def _size(url: str) -> int:
    if url.startswith("sqlite"):
        return Path(url.removeprefix("sqlite:///")).stat().st_size
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0)
    finally:
        engine.dispose()


Count = tuple[int, int | None, str, str, int]
"""(unit, person, population, value, number)."""


class Server:
    """The embedded PostgreSQL that outlives a run."""

    def __init__(self, socket: str) -> None:
        self.socket = socket

    def database(self, documents: int) -> str:
        """URL of the database for so many documents; it is made where there is none."""
        name = f"province_{documents}"
        admin = create_engine(postgresql.url(self.socket), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            if connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name}) is None:
                connection.execute(text(f"CREATE DATABASE {name}"))
        admin.dispose()
        return postgresql.url(self.socket, name)


@contextmanager
def kept_server() -> Iterator[Server]:
    """It runs as long as this does; its data stay."""
    KEPT.mkdir(parents=True, exist_ok=True)
    yield Server(postgresql.start(os.getpid(), kept=KEPT / "postgresql"))


def fill(url: str, documents: int) -> float:
    """Everything that is not there yet; seconds that it took."""
    started = time.monotonic()
    engine = make_engine(url, durable=False)
    load = Load(engine)
    try:
        migrate.upgrade(url)
        if inspect(engine).has_table("bench_done") and load.done("everything"):
            return time.monotonic() - started
        load.begin(TABLES)
        if not load.done("office"):
            _found(engine, load)
        province = Province(documents, _agencies(engine))
        _documents(load, province)
        load.finish(TABLES, _tell)
        _months(engine, load, province)
        load.finish((), _tell)
        load.put("everything", {})
    finally:
        engine.dispose()
    return time.monotonic() - started


def _tell(words: str) -> None:
    print(words[:110], file=sys.stderr, flush=True)


def _documents(load: Load, province: Province) -> None:
    for first, last in batches(province.pairs, BATCH):
        rows = province.rows(first, last)
        if not load.done(f"pairs {first}"):
            load.put(f"pairs {first}", rows)
        _tell(f"{2 * last} of {province.documents} documents")


def _months(engine: Engine, load: Load, province: Province) -> None:
    """Closed months: older ones as counts of what was made, the latest closed by the services."""
    counts: defaultdict[str, defaultdict[int, list[Count]]] = defaultdict(lambda: defaultdict(list))
    for (months, agency, unit, person, population, value), number in province.figures.items():
        counts[key_of(months)][agency].append((unit, person, population, value, number))
    closed = province.closed_months()
    for place, one in enumerate(closed):
        if load.done(f"month {one.key}"):
            continue
        if place >= len(closed) - COUNTED:
            _by_services(engine, load, province, one, counts[one.key])
        with unit_of_work(engine) as uow:
            if place < len(closed) - COUNTED:
                _by_counts(uow, load, province, one, counts[one.key])
            load.note(uow.session.connection(), f"month {one.key}")
            uow.commit()
        _tell(f"closed {one.key}")


def _by_services(
    engine: Engine, load: Load, province: Province, one: Period, counts: dict[int, list[Count]]
) -> None:
    """What the product counts must be what was made, or these rows are not what they are said to be."""
    agencies = tuple(agency.id for agency in province.agencies)
    with unit_of_work(engine) as uow:
        facts = counting.facts(uow, Scope(agency_ids=agencies), one, now=NOW)
    for agency in agencies:
        found = [(*row[:2], str(row[2]), row[3], number) for row, number in tally(facts[agency]).items()
                 if row[2] in MADE]  # fmt: skip
        if sorted(found, key=str) != sorted(counts[agency], key=str):
            raise RuntimeError(f"{one.key} of agency {agency}: other counts than were made")
        if load.done(f"month {one.key} {agency}"):
            continue
        with unit_of_work(engine) as uow:
            closing.close_for_job(uow, agency_id=agency, what=one, facts=facts[agency], now=NOW)
            load.note(uow.session.connection(), f"month {one.key} {agency}")
            uow.commit()


def _by_counts(
    uow: UnitOfWork, load: Load, province: Province, one: Period, counts: dict[int, list[Count]]
) -> None:
    uow.begin_write()
    months = [
        {"agency_id": agency.id, "month": one.key, "cut_off": one.end, "definition": VERSION, "things": 0,
         "body": zlib.compress(b"{}"), "digest": "0" * 64, "reason": ""}
        for agency in province.agencies
    ]  # fmt: skip
    made = uow.session.execute(insert(FrozenMonth).returning(FrozenMonth.agency_id, FrozenMonth.id), months)
    frozen = dict(made.tuples().all())
    lines = []
    for agency in province.agencies:
        key = frozen[agency.id]
        lines += [
            f"{key}\t{unit}\t{NOTHING if person is None else person}\t{population}\t{value}\t{number}"
            for unit, person, population, value, number in counts[agency.id]
        ]
        lines += [f"{key}\t{agency.id}\t{person}\t{Population.LEADERS}\twithout\t1" for _, person in agency.leaders]
    load.add(uow.session.connection(), UNIT_MONTH, lines)


def _found(engine: Engine, load: Load) -> None:
    """Agencies, their parts, posts and registers."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        seed_reference(uow)
        for number in range(AGENCIES):
            _agency(uow, number)
        load.note(uow.session.connection(), "office")
        uow.commit()


def _agency(uow: UnitOfWork, number: int) -> None:
    top = Unit(code=f"H98.{number:03d}", name=f"Ủy ban nhân dân xã Số {number}", abbreviation="UBND", kind="agency",
               valid_from=_SINCE)  # fmt: skip
    uow.add(top)
    uow.flush()
    top.agency_id = top.id
    parts = [
        Unit(code=f"{top.code}.{place}", name=f"Phòng Số {place}", abbreviation=f"P{place}", kind="part",
             valid_from=_SINCE, parent_id=top.id, agency_id=top.id)
        for place in range(PARTS)
    ]  # fmt: skip
    uow.add(*parts, Register(agency_id=top.id, code="di", name="Sổ văn bản đi"),
            Register(agency_id=top.id, code="den", name="Sổ văn bản đến", direction="in"))  # fmt: skip
    uow.flush()
    roles = [(Role.LEADER, top), (Role.DEPUTY, top), (Role.CLERK, parts[0])]
    for place, (role, unit) in enumerate([*roles, *((Role.DRAFTER, part) for part in parts)]):
        person = Person(full_name=f"Nguyễn Thị Lan Hương {number}.{place}")
        uow.add(person)
        uow.flush()
        uow.add(PostRow(person_id=person.id, unit_id=unit.id, agency_id=top.id, role=role, title="Chức vụ",
                        valid_from=_SINCE))  # fmt: skip


def _agencies(engine: Engine) -> list[Agency]:
    """As `_found` left them, in order of their keys."""
    with unit_of_work(engine) as uow:
        units, posts = uow.session.scalars(select(Unit).order_by(Unit.id)).all(), defaultdict(list)
        for post in uow.session.scalars(select(PostRow).order_by(PostRow.id)):
            posts[post.agency_id].append(post)
        books = {(row.agency_id, row.direction): row.id for row in uow.session.scalars(select(Register))}
        return [
            Agency(
                id=top.id,
                parts=tuple(unit.id for unit in units if unit.agency_id == top.id and unit.kind == "part"),
                leaders=tuple((row.id, row.person_id) for row in posts[top.id][:2]),
                drafter=(posts[top.id][2].id, posts[top.id][2].person_id),
                handlers=tuple(row.person_id for row in posts[top.id][3:]),
                register_out=books[top.id, "out"], register_in=books[top.id, "in"],
            )
            for top in units if top.kind == "agency"
        ]  # fmt: skip
