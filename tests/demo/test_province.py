"""The demo province: made once a run by the real services, and true to its stories."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

import pytest
from sqlalchemy import func, select

import signing
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.demo import authority, province, seed
from workflow.demo.life import revoked_at
from workflow.demo.schedule import Fate, plans
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.journal import GENESIS
from workflow.services.installation import FIRST_TYPES
from workflow.services.journal import OFFICE_ZONE, verify_subject
from workflow.store import migrate
from workflow.store.models import (
    Certificate,
    Crl,
    DocumentType,
    FileVersion,
    History,
    Outgoing,
    Person,
    PostRow,
    RegisterNumber,
    Signature,
    Unit,
    UnitSuccession,
    VerdictRow,
)
from workflow.store.session import UnitOfWork, make_engine

DAY = dt.date(2026, 11, 23)
NOW = dt.datetime.combine(DAY, dt.time(9), tzinfo=OFFICE_ZONE)

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A province of its own, seeded with progress."""
    folder = tmp_path_factory.mktemp("province")
    made = Settings(
        database_url=f"sqlite:///{folder / 'trinhky.db'}",
        blob_url=str(folder / "blobs"),
        secret_key="x" * 40,
        demo=True,
    )
    migrate.upgrade(made.database_url)
    seen: list[tuple[int, int]] = []
    seed.run(made, day=DAY, fresh=True, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1][0] == seen[-1][1] >= 400
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    return made


@pytest.fixture
def uow(settings: Settings) -> Iterator[UnitOfWork]:
    """Reads the province."""
    engine = make_engine(settings.database_url)
    made = UnitOfWork(engine)
    yield made
    made.close()
    engine.dispose()


def _agency(uow: UnitOfWork, key: str) -> int:
    agency = next(found for found in province.agencies() if found.key == key)
    return uow.session.scalars(select(Unit.id).where(Unit.code == agency.code)).one()


def _count(uow: UnitOfWork, *conditions: object) -> int:
    return uow.session.scalar(select(func.count()).select_from(Outgoing).where(*conditions)) or 0  # type: ignore[arg-type]


def test_the_province_has_its_two_tiers_and_its_past(uow: UnitOfWork) -> None:
    """An office, 8 departments, 12 communes; a dissolved district and 2 or 3 old communes behind each new one."""
    today = select(Unit).where(Unit.kind == "agency", Unit.valid_to.is_(None))
    names = [unit.name for unit in uow.session.scalars(today)]
    assert len(names) == 1 + 8 + 12
    assert sum("phường" in name for name in names) == 1
    successors = Counter(uow.session.scalars(select(UnitSuccession.successor_id)))
    assert sorted(set(successors.values())) == [3, 4]  # two or three communes, and the district
    assert (uow.session.scalar(select(func.count()).select_from(Person)) or 0) >= 60


def test_every_digital_document_is_really_signed(settings: Settings, uow: UnitOfWork) -> None:
    """A sample of issued files is verified from outside with the root and the lists in the database."""
    issued = uow.session.scalars(
        select(Outgoing).where(Outgoing.state == "issued", Outgoing.medium == "digital")
    ).all()
    assert len(issued) >= 300
    assert all(row.leader_verdict == row.seal_verdict == "passed" for row in issued)
    blobs, trust = open_blobs(settings.blob_url), signing.TrustStore.of(authority.root().der)
    for row in issued[:: len(issued) // 12]:
        assert row.issued_at is not None
        lists = uow.session.scalars(select(Crl.der).where(Crl.this_update <= row.issued_at)).all()
        receipt = signing.Receipt(row.issued_at, signing.TimeSource.RECEIPT)
        verdict = signing.verify(
            blobs.get(str(row.file_sha256)), trust=trust, at=row.issued_at, policy=signing.DAILY,
            evidence=signing.Evidence(crls=tuple(lists), receipt=receipt),
        )  # fmt: skip
        assert [str(found.verdict) for found in verdict.signatures] == ["passed"] * 3, row.symbol


def test_stored_verdicts_agree_with_the_columns_that_are_counted(uow: UnitOfWork) -> None:
    """`leader_verdict` and `seal_verdict` are the conclusions of the stored verdicts of signatures that stand."""
    query = (
        select(
            Outgoing.id, Signature.purpose, VerdictRow.conclusion, Outgoing.leader_verdict, Outgoing.seal_verdict
        )
        .join(Signature, Signature.document_id == Outgoing.id)
        .join(VerdictRow, VerdictRow.signature_id == Signature.id)
        .where(Signature.withdrawn_at.is_(None), Signature.purpose != "number")
    )
    rows = uow.session.execute(query).all()
    assert len(rows) > 600
    for _id, purpose, conclusion, leader, seal in rows:
        assert conclusion == (leader if purpose == "leader" else seal)


def test_numbers_have_no_gaps_and_chains_hold(uow: UnitOfWork) -> None:
    """Every series runs from 1 to its last; every document's journal chain is whole."""
    series: dict[tuple[int, int], list[int]] = {}
    for row in uow.session.scalars(select(RegisterNumber)):
        series.setdefault((row.register_id, row.year), []).append(row.number)
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in series.values())
    for document in uow.session.scalars(select(Outgoing).limit(60)):
        report = verify_subject(uow, f"outgoing:{document.id}")
        assert report.holds
        assert (report.head, report.length) == (document.chain_head, document.chain_length)
        assert report.head != GENESIS


def test_over_half_of_the_documents_are_signed_by_deputies(uow: UnitOfWork) -> None:
    """KT. is the rule in communes, not the exception."""
    assert _count(uow, Outgoing.capacity == "kt") > _count(uow, Outgoing.capacity != "kt")


def test_forty_signatures_in_two_minutes_from_the_clerks_pc(uow: UnitOfWork) -> None:
    """The chairman of Yên Viễn: nearly everything signed, forty at once, from an address that is the clerk's."""
    agency = _agency(uow, "yenvien")
    rows = uow.session.execute(
        select(Signature.received_at, Signature.address)
        .join(Outgoing, Outgoing.id == Signature.document_id)
        .where(Outgoing.agency_id == agency, Signature.purpose == "leader")
        .order_by(Signature.received_at)
    ).all()
    addresses = Counter(
        uow.session.scalars(
            select(Signature.address)
            .join(Outgoing, Outgoing.id == Signature.document_id)
            .where(Outgoing.agency_id == agency, Signature.purpose == "seal")
        )
    )
    (clerk,) = addresses
    burst = [at for at, address in rows if address == clerk]
    assert len(burst) == 40
    assert burst[-1] - burst[0] <= dt.timedelta(minutes=2)


def test_a_leader_who_holds_a_valid_certificate_and_signs_in_ink(uow: UnitOfWork) -> None:
    """Phúc Lâm: about one in eight of the chairman's documents is signed digitally."""
    agency = _agency(uow, "phuclam")
    chair = uow.session.scalars(select(PostRow).where(PostRow.agency_id == agency, PostRow.role == "leader")).one()
    certificate = uow.session.scalars(select(Certificate).where(Certificate.person_id == chair.person_id)).one()
    assert certificate.status == "confirmed"
    assert certificate.not_after > NOW
    own = (Outgoing.signer_id == chair.person_id, Outgoing.state == "issued")
    digital, all_of_them = _count(uow, *own, Outgoing.medium == "digital"), _count(uow, *own)
    assert 0.05 <= digital / all_of_them <= 0.25


def test_thirty_one_overdue_of_which_twenty_two_were_answered(uow: UnitOfWork) -> None:
    """Sở Xây dựng: 22 sealed and never closed among 31 that are late (and what waits for today)."""
    agency = _agency(uow, "sxd")
    late = (Outgoing.agency_id == agency, Outgoing.closed_at.is_(None), Outgoing.step_due_at < NOW)
    assert _count(uow, *late, Outgoing.state == "sealed") == 22
    assert _count(uow, *late) in {31, 32}


def test_certificates_tell_their_stories(uow: UnitOfWork) -> None:
    """One revoked five weeks ago, one that expires within the week."""
    newest = uow.session.scalars(select(Crl).order_by(Crl.this_update.desc(), Crl.entries.desc()).limit(1)).one()
    assert newest.entries == 1
    assert revoked_at(DAY) < NOW
    ending = select(Certificate).where(Certificate.not_after <= NOW + dt.timedelta(days=8))
    (expiring,) = uow.session.scalars(ending).all()
    assert expiring.not_after > NOW


def test_an_official_was_transferred_in_the_middle_of_last_month(uow: UnitOfWork) -> None:
    """One post ended on the 14th, the next began on the 15th."""
    ended = uow.session.scalars(select(PostRow).where(PostRow.valid_to.is_not(None))).one()
    began = uow.session.scalars(
        select(PostRow).where(PostRow.person_id == ended.person_id, PostRow.valid_to.is_(None))
    ).one()
    assert ended.valid_to == began.valid_from - dt.timedelta(days=1) == dt.date(2026, 10, 14)


def test_work_waits_on_every_desk_of_the_tour(uow: UnitOfWork) -> None:
    """Whoever a newcomer comes in as finds something to do."""
    agency = _agency(uow, "dongtam")
    states = Counter(uow.session.scalars(select(Outgoing.state).where(Outgoing.agency_id == agency)))
    for state in ("draft", "in_review", "format_check", "awaiting_signature", "signed", "numbered"):
        assert states[state] >= 1, state


def test_scans_drafts_and_types(uow: UnitOfWork) -> None:
    """Paper has its scans; the ten types an office uses most stand first."""
    ink = _count(uow, Outgoing.medium == "ink", Outgoing.state == "issued", Outgoing.secret.is_(False))
    scans = select(func.count(func.distinct(FileVersion.document_id))).where(FileVersion.kind == "scan")
    assert uow.session.scalar(scans) == ink > 20
    first = uow.session.scalars(select(DocumentType.code).order_by(DocumentType.position).limit(10)).all()
    assert tuple(first) == FIRST_TYPES


def test_mondays_and_the_days_of_reports_are_busy() -> None:
    """Peaks on Mondays and from the 20th to the 25th; the same day gives the same plans."""
    calendar = seeded_calendar(())
    every = [plan for agency in province.agencies() for plan in plans(agency, today=DAY, calendar=calendar)]
    again = [plan for agency in province.agencies() for plan in plans(agency, today=DAY, calendar=calendar)]
    assert every == again
    ordinary = [plan.day for plan in every if not plan.burst and plan.fate in {Fate.DIGITAL, Fate.INK}]
    weekdays = Counter(day.weekday() for day in ordinary)
    assert weekdays[0] == max(weekdays.values())
    busy = sum(20 <= day.day <= 25 for day in ordinary) / len(ordinary)
    assert busy > 6 / 31


def test_the_stored_state_is_the_last_line_of_history(uow: UnitOfWork) -> None:
    """For every document of the province: history and state agree, and ordinals have no gaps."""
    lines: dict[int, list[History]] = {}
    for line in uow.session.scalars(select(History).order_by(History.document_id, History.ordinal)):
        lines.setdefault(line.document_id, []).append(line)
    documents = uow.session.scalars(select(Outgoing)).all()
    assert len(documents) == len(lines) >= 400
    for document in documents:
        own = lines[document.id]
        assert own[-1].to_state == document.state
        assert [line.ordinal for line in own] == list(range(1, len(own) + 1))
        assert all(before.to_state == after.from_state for before, after in pairwise(own))
