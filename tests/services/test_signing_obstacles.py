"""What stands in the way of a signature: recorded for whose it is, bounded, said the same of a moment for ever."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select

from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from tests.support.papers import Papers
from tests.support.statements import statements
from workflow.domain.backlog import Open
from workflow.domain.cosigning import Part, Wanted
from workflow.domain.outgoing import Action, State
from workflow.domain.unsigned_reasons import Obstacle, Reason
from workflow.services import housekeeping, signing
from workflow.services.documents import cosigning
from workflow.services.report_reasons import reasons
from workflow.services.signing.obstacles import A_DAY, note
from workflow.store import obstacles as store
from workflow.store.models import SigningObstacle
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)
SINCE = NOON - 3 * HOUR
WAITING = {
    "state": "awaiting_signature", "state_since": SINCE, "signed_at": None, "numbered_at": None, "sealed_at": None,
    "issued_at": None, "closed_at": None, "number": None, "year": None, "symbol": "",
}  # fmt: skip


def _waiting(office: Office, *signers: str, **facts: object) -> list[int]:
    rows = [issued_row(office, signer=one, **(WAITING | {"issued_at": SINCE})) | WAITING | facts for one in signers]
    return add_issued(office, *rows)


def _note(
    office: Office, who: str, ids: list[int], kind: Obstacle = Obstacle.PIN_FAILED, *, at: dt.datetime = NOON
) -> int:
    with unit_of_work(office.engine) as uow:
        noted = note(
            uow, office.actor(who), office.scope(who), document_ids=ids, kind=kind, now=at,
            holder="pkcs12_browser", device="phone",
        )  # fmt: skip
        uow.commit()
    return noted


def _rows(office: Office) -> list[SigningObstacle]:
    with unit_of_work(office.engine) as uow:
        return list(uow.session.scalars(select(SigningObstacle).order_by(SigningObstacle.id)))


def _reason(office: Office, document: int, *, at: dt.datetime, only: bool = False) -> Reason:
    one = Open(
        document=document, agency=1, unit=2, state=State.AWAITING_SIGNATURE, drafter=1, due=None, since=SINCE,
        signer=office.posts["leader"].person_id,
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        return reasons(uow, [one], cut_off=at, only=only)[document]


def test_only_what_waits_for_ones_own_signature(office: Office) -> None:
    """Of another signer's, a signed, a foreign, a secret and a missing document nothing is recorded, silently."""
    (mine, others) = _waiting(office, "leader", "deputy")
    (secret,) = _waiting(office, "leader", secret=True)
    (signed,) = add_issued(office, issued_row(office))
    everything = [mine, others, secret, signed, 999_999]
    assert _note(office, "leader", everything) == 1
    assert [_note(office, who, everything) for who in ("drafter", "clerk", "far_leader", "far_clerk", "admin")] == [
        0, 0, 0, 0, 0,
    ]  # fmt: skip
    (row,) = _rows(office)
    assert (row.document_id, row.person_id, row.kind) == (mine, office.posts["leader"].person_id, "pin_failed")
    assert (row.times, row.holder, row.device, row.day) == (1, "pkcs12_browser", "phone", "2026-11-23")


def test_the_clerk_meets_them_at_number_and_seal(office: Office) -> None:
    """A numbered document waits for the clerk of its agency only."""
    (numbered,) = _waiting(
        office, "leader", state="numbered", signed_at=SINCE, number=7, year=2026, numbered_at=SINCE
    )
    assert [_note(office, who, [numbered]) for who in ("clerk", "far_clerk", "leader")] == [1, 0, 0]


def test_of_several_who_sign_each_in_their_turn(papers: Papers) -> None:
    """Whoever signs beside the signer has what they meet recorded, once it is their turn."""
    office, document = papers.office, papers.draft()
    wanted = tuple(
        Wanted(post_id=office.posts[who].id, part=part, turn=turn)
        for who, part, turn in (("head", Part.INITIALS, 1), ("deputy", Part.COSIGNER, 2))
    )
    papers.do(cosigning.choose, "drafter", document_id=document, wanted=wanted, blobs=papers.blobs, version=2)
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    assert _note(office, "head", [document]) == 0
    papers.confirm_format(document)
    assert [_note(office, who, [document]) for who in ("head", "deputy", "drafter", "far_leader")] == [1, 0, 0, 0]
    (row,) = _rows(office)
    assert row.person_id == office.posts["head"].person_id


def test_flooding_counts_and_adds_no_rows(office: Office) -> None:
    """A thousand reports of every kind on one day: a row a kind, a count that ends, the first moment kept."""
    (document,) = _waiting(office, "leader")
    for times in range(3):
        for kind in Obstacle:
            _note(office, "leader", [document] * 50, kind, at=NOON + times * HOUR / 60)
    rows = _rows(office)
    assert len(rows) == len(Obstacle) < A_DAY
    assert {(row.times, row.first_at, row.last_at) for row in rows} == {(3, NOON, NOON + 2 * HOUR / 60)}
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for step in range(A_DAY):
            uow.add(SigningObstacle(
                document_id=document, person_id=rows[0].person_id, post_id=rows[0].post_id, kind="other",
                day=rows[0].day, counted_from=NOON + step * HOUR, first_at=NOON, last_at=NOON, holder="", device="",
                times=store.MOST_TIMES,
            ))  # fmt: skip
        uow.commit()
    _note(office, "leader", [document], Obstacle.OTHER)
    with unit_of_work(office.engine) as uow:  # came to the signer anew on a day that is full
        uow.begin_write()
        uow.session.execute(SigningObstacle.__table__.update().values(counted_from=SINCE - HOUR)
                            .where(SigningObstacle.kind == "pin_failed"))  # fmt: skip
        uow.commit()
    assert _note(office, "leader", [document]) == 0
    assert max(row.times for row in _rows(office)) == store.MOST_TIMES


def test_queries_do_not_grow(office: Office) -> None:
    """As many statements for one document as for thirty, noting and reading."""
    asked = []
    for ids in (_waiting(office, "leader"), _waiting(office, *["leader"] * 30)):
        with statements(office.engine) as said:
            assert _note(office, "leader", ids) == len(ids)
            _reason(office, ids[0], at=NOON)
        asked.append(len(said))
    assert asked[0] == asked[1]


def test_the_reason_at_a_moment_stays_what_it_was(office: Office) -> None:
    """What is recorded later, again or of another kind, changes no answer about an earlier moment."""
    (document,) = _waiting(office, "leader")
    before = _reason(office, document, at=NOON - HOUR)
    _note(office, "leader", [document], Obstacle.CANCELLED, at=NOON)
    _note(office, "leader", [document], Obstacle.AGENT_MISSING, at=NOON + HOUR)
    _note(office, "leader", [document], Obstacle.CANCELLED, at=NOON + 2 * HOUR)
    said = {hours: _reason(office, document, at=NOON + hours * HOUR) for hours in (-1, 0, 1, 2)}
    assert said == {-1: before, 0: Reason.NO_CERTIFICATE, 1: Reason.NO_CERTIFICATE, 2: Reason.NO_CERTIFICATE}


def test_with_a_key_that_holds_the_obstacle_is_the_reason(papers: Papers) -> None:
    """Recorded, overtaken by a file prepared for the key, met again after that; the whole and the narrow reading
    agree; a cut-off before each step says what was true then."""
    office = papers.office
    document = papers.awaiting()
    since = papers.row(document).state_since
    key = papers.keys.held["leader"]

    def said(at: dt.datetime) -> Reason:
        one = Open(document=document, agency=1, unit=2, state=State.AWAITING_SIGNATURE, drafter=1, due=None,
                   since=since, signer=office.posts["leader"].person_id)  # fmt: skip
        with unit_of_work(office.engine) as uow:
            narrow = reasons(uow, [one], cut_off=at, only=True)[document]
            assert reasons(uow, [one], cut_off=at)[document] is narrow
        return narrow

    minute = HOUR / 60
    _note(office, "leader", [document], at=NOON + minute)
    papers.now = NOON + 2 * minute
    token = papers.do(signing.open_session, "leader", scoped=False, purpose="leader", login_session_id=None,
                      certificate=key.der)  # fmt: skip
    papers.do(signing.prepare, "leader", session=token, login_session_id=None, document_id=document,
              version=papers.row(document).version, blobs=papers.blobs)  # fmt: skip
    _note(office, "leader", [document], at=NOON + 3 * minute)
    _note(office, "leader", [document], Obstacle.NETWORK_LOST, at=NOON + 4 * minute)
    steps = {at: said(NOON + at * minute) for at in (0, 1, 2, 3, 4)}
    assert steps == {
        0: Reason.NOT_OPENED, 1: Reason.PIN_FAILED, 2: Reason.NOT_OPENED, 3: Reason.PIN_FAILED,
        4: Reason.NETWORK_LOST,
    }  # fmt: skip
    assert [row.times for row in _rows(office)] == [1, 1, 1]


def test_others_reach_it_with_the_document_only(office: Office) -> None:
    """Of one document: whoever reaches it. Of a person: what is theirs, by pages, the newest first."""
    (document,) = _waiting(office, "leader")
    for kind in (Obstacle.PIN_FAILED, Obstacle.CANCELLED):
        _note(office, "leader", [document], kind)
    with unit_of_work(office.engine) as uow:
        found = {
            who: len(store.of_documents(office.scope(who), uow.session, [document]))
            for who in ("leader", "clerk", "drafter", "far_leader", "far_clerk", "admin")
        }
        mine = store.of_person(uow.session, office.posts["leader"].person_id, limit=1)
        rest = store.of_person(uow.session, office.posts["leader"].person_id, before=mine[0].id)
        assert store.of_person(uow.session, office.posts["deputy"].person_id) == []
    assert found == {"leader": 2, "clerk": 2, "drafter": 2, "far_leader": 0, "far_clerk": 0, "admin": 0}
    assert [row.kind for row in (*mine, *rest)] == ["cancelled", "pin_failed"]


@pytest.mark.parametrize(("days", "kept"), [(399, ("pkcs12_browser", "phone")), (401, ("", ""))])
def test_with_what_and_on_what_is_forgotten(office: Office, days: int, kept: tuple[str, str]) -> None:
    """After a year and a month the night forgets key and device; what reports rest on stays."""
    (document,) = _waiting(office, "leader")
    _note(office, "leader", [document])
    with unit_of_work(office.engine) as uow:
        housekeeping.clear_rows(uow, now=NOON + dt.timedelta(days=days), frequent_jobs=())
        uow.commit()
    (row,) = _rows(office)
    assert (row.holder, row.device) == kept
    assert (row.kind, row.first_at, row.times) == ("pin_failed", NOON, 1)
