"""The demo province: made once a run by the real services, and true to its stories."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from itertools import pairwise

import pytest
from sqlalchemy import func, select

import signing
from tests.demo.conftest import DAY, WRITTEN, Province
from workflow.adapters.blobs import open_blobs
from workflow.commands import demo as door
from workflow.config import Settings
from workflow.demo import authority
from workflow.demo.inside import FRESH
from workflow.demo.life import revoked_at
from workflow.demo.province import agencies
from workflow.demo.schedule import Fate, first_day, plans
from workflow.domain import periods
from workflow.domain.calendar_seed import seeded_calendar
from workflow.domain.dispatch import bare, is_file_copy, is_reference
from workflow.domain.journal import GENESIS
from workflow.domain.outgoing import Action, Urgency
from workflow.domain.people import Actor, Role
from workflow.domain.permissions import Scope
from workflow.services import rates, search
from workflow.services.documents.moves import SEARCHED_ALIKE
from workflow.services.installation import FIRST_TYPES
from workflow.services.journal import OFFICE_ZONE, verify_subject
from workflow.store.models import (
    Certificate,
    Crl,
    DocumentType,
    FileVersion,
    History,
    Outbox,
    Outgoing,
    Person,
    PostRow,
    RegisterNumber,
    SearchText,
    Signature,
    Unit,
    UnitCopy,
    UnitSuccession,
    VerdictRow,
)
from workflow.store.session import UnitOfWork

NOW = dt.datetime.combine(DAY, dt.time(9), tzinfo=OFFICE_ZONE)

pytestmark = [pytest.mark.slow, pytest.mark.soak, pytest.mark.timeout(900)]


@pytest.fixture
def settings(province: Province) -> Settings:
    """Where its files lie."""
    return province.settings


def _agency(uow: UnitOfWork, key: str) -> int:
    agency = next(found for found in agencies() if found.key == key)
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
    assert len(issued) >= WRITTEN / 2
    assert (uow.session.scalar(select(func.count(func.distinct(Signature.document_id)))) or 0) >= WRITTEN * 0.6
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
    assert len(rows) > WRITTEN
    for _id, purpose, conclusion, leader, seal in rows:
        assert conclusion == (leader if purpose == "leader" else seal)


def test_numbers_have_no_gaps_and_chains_hold(uow: UnitOfWork) -> None:
    """Every series runs on from where its book stood; every document's journal chain is whole."""
    series: dict[tuple[int, int], list[int]] = {}
    for row in uow.session.scalars(select(RegisterNumber)):
        series.setdefault((row.register_id, row.year), []).append(row.number)
    for numbers in series.values():
        assert sorted(numbers) == list(range(min(numbers), min(numbers) + len(numbers)))
    for document in uow.session.scalars(select(Outgoing).limit(60)):
        report = verify_subject(uow, f"outgoing:{document.id}")
        assert report.holds
        assert (report.head, report.length) == (document.chain_head, document.chain_length)
        assert report.head != GENESIS


NOT_LIVED = {
    Action.CANCEL, Action.FILE, Action.REFUSE_EXEMPTION, Action.REJECT, Action.SKIP_REVIEW, Action.WITHDRAW,
    Action.WITHDRAW_SIGNATURE, Action.CO_SIGN, Action.WITHDRAW_CO_SIGN, Action.DECLINE,
}  # fmt: skip
"""Acts of which the demo has none."""


def test_search_rows_say_what_their_documents_say(uow: UnitOfWork) -> None:
    """Acts that leave what a search goes by write no row, and none is stale for it, whatever road a paper took."""
    columns = (SearchText.document_id, SearchText.day, SearchText.text, SearchText.words, SearchText.tags)
    query = select(*columns).where(SearchText.kind == "out").order_by(SearchText.document_id)
    before = uow.session.execute(query).all()
    acts = set(uow.session.scalars(select(History.action).distinct()))
    assert set(SEARCHED_ALIKE) - acts <= NOT_LIVED
    uow.begin_write()
    for document_id in uow.session.scalars(select(Outgoing.id)).all():
        search.write(uow, "out", document_id)
    uow.flush()
    uow.session.expire_all()
    assert uow.session.execute(query).all() == before
    uow.rollback()


def test_over_half_of_the_documents_are_signed_by_deputies(uow: UnitOfWork) -> None:
    """KT. is the rule, not the exception, wherever the head's own rate is not the story."""
    stories = {_agency(uow, one.key) for one in agencies() if one.story in {"forty", "ink", "overdue"}}
    ordinary = Outgoing.agency_id.not_in(stories)
    assert _count(uow, ordinary, Outgoing.capacity == "kt") > _count(uow, ordinary, Outgoing.capacity != "kt")


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
    assert _rate(uow, agency, _head(uow, agency)) == (49, 50)


def test_a_leader_who_holds_a_valid_certificate_and_signs_in_ink(uow: UnitOfWork) -> None:
    """Phúc Lâm: 12 % of the chairman's documents are signed digitally, and no certificate is missing."""
    agency = _agency(uow, "phuclam")
    chair = _head(uow, agency)
    certificate = uow.session.scalars(select(Certificate).where(Certificate.person_id == chair)).one()
    assert certificate.status == "confirmed"
    assert certificate.not_after > NOW
    assert _rate(uow, agency, chair) == (3, 25)


def _head(uow: UnitOfWork, agency: int) -> int:
    post = select(PostRow.person_id).where(PostRow.agency_id == agency, PostRow.role == "leader")
    return uow.session.scalars(post).one()


def _rate(uow: UnitOfWork, agency: int, signer: int) -> tuple[int, int]:
    """Numerator and denominator of a signer over the six months, as the board of rates counts them."""
    period = periods.span(first_day(DAY), DAY)
    inspector = Actor(None, None, Role.INSPECTOR, None, agency)
    board = rates.board(uow, inspector, Scope(agency_ids=(agency,)), period=period, now=NOW)
    line = next(line for line in board.people if line.id == signer)
    return line.rate.numerator, line.rate.denominator


def test_thirty_one_overdue_of_which_twenty_two_were_answered(uow: UnitOfWork) -> None:
    """Sở Xây dựng: 31 are late, 22 of them sealed and never closed, the others unsigned."""
    agency = _agency(uow, "sxd")
    late = (Outgoing.agency_id == agency, Outgoing.closed_at.is_(None), Outgoing.step_due_at < NOW)
    assert _count(uow, *late) == 31
    assert _count(uow, *late, Outgoing.state == "sealed") == 22
    assert _count(uow, *late, Outgoing.state == "awaiting_signature") == 9


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
    ending = select(PostRow).where(PostRow.valid_to.is_not(None), PostRow.role != Role.INSPECTOR)
    ended = uow.session.scalars(ending).one()  # an inspector's post always has a last day
    began = uow.session.scalars(
        select(PostRow).where(PostRow.person_id == ended.person_id, PostRow.valid_to.is_(None))
    ).one()
    assert ended.valid_to == began.valid_from - dt.timedelta(days=1) == dt.date(2026, 10, 14)
    written = select(Outgoing).where(Outgoing.drafter_id == ended.person_id)
    units = {(row.unit_id, _local(row.created_at) <= ended.valid_to) for row in uow.session.scalars(written)}
    assert units == {(ended.unit_id, True), (began.unit_id, False)}


def _local(moment: dt.datetime) -> dt.date:
    return moment.astimezone(OFFICE_ZONE).date()


def test_symbols_and_subjects_look_as_they_do(uow: UnitOfWork) -> None:
    """Four digits where an office writes much, a unit behind letters, a type before others, years of the day."""
    issued = uow.session.scalars(select(Outgoing).where(Outgoing.number.is_not(None), Outgoing.secret.is_(False)))
    rows = issued.all()
    symbols = [row.symbol for row in rows]
    for form in (r"1\d{3}/UBND-KT", r"\d{3,4}/BC-UBND", r"\d{3,4}/GM-UBND", r"\d{3,4}/QĐ-\w+"):
        assert any(re.fullmatch(form, symbol) for symbol in symbols), form
    years = [(row, re.findall(r"năm (\d{4})", row.subject)) for row in rows]
    assert sum(bool(found) for _row, found in years) > WRITTEN / 9
    assert all(set(found) <= {str(_local(row.created_at).year)} for row, found in years)


def test_papers_go_back_and_some_are_urgent(uow: UnitOfWork) -> None:
    """Heads return some with a reason; each urgency has its papers."""
    returned = uow.session.scalars(select(History.remark).where(History.action == "return")).all()
    assert len(returned) >= 5
    assert all(returned)
    assert set(uow.session.scalars(select(Outgoing.urgency))) == set(Urgency)


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


def test_every_paper_names_whom_it_goes_to(uow: UnitOfWork) -> None:
    """Agencies, offices outside or a part of the own agency, never `Như trên` alone; units have opened all but the
    newest, and read the notice of it."""
    named = {
        row.id: [line for line in row.recipients.split("\n")
                 if bare(line) and not is_reference(line) and not is_file_copy(line)]
        for row in uow.session.scalars(select(Outgoing))
    }  # fmt: skip
    assert [key for key, lines in named.items() if not lines] == []
    given = uow.session.scalars(select(UnitCopy).where(UnitCopy.given_at.is_not(None))).all()
    unseen = {one.id: one.given_at for one in given if one.seen_at is None}
    assert 0 < len(unseen) < len(given) / 5
    assert all(at is not None and at.astimezone(OFFICE_ZONE).date() >= DAY - FRESH for at in unseen.values())
    unread = uow.session.scalars(
        select(Outbox.once_key).where(Outbox.once_key.startswith("unit_copy:"), Outbox.read_at.is_(None))
    )
    assert {int(key.split(":")[1]) for key in unread} <= unseen.keys()


DAYS = (DAY, dt.date(2026, 1, 5), dt.date(2026, 2, 20), dt.date(2026, 9, 5), dt.date(2027, 3, 1), door.LATEST)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_mondays_and_the_days_of_reports_are_busy(day: dt.date) -> None:
    """Peaks on Mondays and from the 20th to the 25th, over half KT.; the same day gives the same plans."""
    calendar = seeded_calendar(())
    every = [plan for agency in agencies() for plan in plans(agency, today=day, calendar=calendar)]
    again = [plan for agency in agencies() for plan in plans(agency, today=day, calendar=calendar)]
    assert every == again
    assert len(every) >= 400
    assert all(day - dt.timedelta(days=183) < plan.day < day for plan in every)
    assert sum(plan.signer.startswith("deputy") for plan in every) > len(every) / 2
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
    assert len(documents) == len(lines) >= WRITTEN
    for document in documents:
        own = lines[document.id]
        assert own[-1].to_state == document.state
        assert [line.ordinal for line in own] == list(range(1, len(own) + 1))
        assert all(before.to_state == after.from_state for before, after in pairwise(own))
