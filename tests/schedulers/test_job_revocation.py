"""The job `revocation`: lists and answers come ahead of time, lies are kept out, and each change is told once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import OrderedDict
from collections.abc import Iterator

import pytest
from sqlalchemy import select, update

from schedulers.job import Tools, Turn
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from signing.testing import Authority, Revoked, Subject
from signing.testing.certificates import Links
from tests.schedulers.conftest import Hand
from tests.support import authorities
from tests.support.authorities import Web
from tests.support.keys import FOUNDED, Keys
from tests.support.office import NOON, Office
from tests.support.statements import statements
from workflow.domain.evidence import Came
from workflow.services.revoked_notices import find_revoked
from workflow.services.signing import revoked
from workflow.services.signing.revoked import revoked_since
from workflow.services.trust_evidence import Reach, ageing
from workflow.store import certificates
from workflow.store.models import (
    Certificate,
    Crl,
    EvidencePlace,
    EvidenceWatch,
    JobRun,
    OcspAnswer,
    Outbox,
    TrustRoot,
)
from workflow.store.session import unit_of_work

JOB = job("revocation")
ROOT_LIST, LIST, OCSP = "http://crl.root.vn/root.crl", "http://crl.ca.vn/ca.crl", "http://ocsp.ca.vn/ask"
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def web() -> Iterator[Web]:
    """Everything that is asked, through a proxy of this machine."""
    with authorities.running() as made:
        yield made


@pytest.fixture
def allowed(tools: Tools, web: Web) -> Tools:
    """An installation that may ask these hosts."""
    hosts = "crl.root.vn, crl.ca.vn ocsp.ca.vn other.vn"
    return dataclasses.replace(
        tools, settings=dataclasses.replace(tools.settings, fetch_hosts=hosts, fetch_proxy=web.proxy)
    )


def pki(office: Office, *, lists: str = LIST, ocsp: str = "") -> Keys:
    """A root and an issuing authority that say where their evidence is; the leader's certificate is in use."""
    root = Authority.root(now=FOUNDED, links=Links(crl=ROOT_LIST))
    keys = Keys(office, root, root.subordinate(now=FOUNDED, links=Links(crl=lists, ocsp=ocsp)))
    keys.list_root()
    keys.issue("leader")
    keys.enrol("leader")
    return keys


def run(tools: Tools, clock: Hand, *, after: dt.timedelta = dt.timedelta()) -> dict[str, object]:
    """The next turn, so much later; what the ledger says of it."""
    clock.now += after
    assert set(run_due(tools, JOB).values()) == {Outcome.DONE}
    with unit_of_work(tools.engine) as uow:
        newest = uow.session.scalars(
            select(JobRun).where(JobRun.job == JOB.name).order_by(JobRun.id.desc())
        ).first()
        assert newest is not None
        return {key: value for key, value in newest.result.items() if value}


def told(tools: Tools) -> list[tuple[int | None, str]]:
    """(person, kind) of every message."""
    with unit_of_work(tools.engine) as uow:
        return [(row.person_id, str(row.code)) for row in uow.session.scalars(select(Outbox).order_by(Outbox.id))]


def results(tools: Tools) -> dict[str, str]:
    """Address → what came of asking it."""
    with unit_of_work(tools.engine) as uow:
        return {row.url: row.result for row in uow.session.scalars(select(EvidencePlace))}


def published(tools: Tools) -> set[dt.datetime]:
    """When the lists that are here came out."""
    with unit_of_work(tools.engine) as uow:
        return set(uow.session.scalars(select(Crl.this_update)))


def test_nothing_is_asked_until_a_host_is_listed(tools: Tools, office: Office, clock: Hand, web: Web) -> None:
    """And the ledger says so."""
    pki(office)
    bare = dataclasses.replace(tools, settings=dataclasses.replace(tools.settings, fetch_proxy=web.proxy))
    found = run(bare, clock)
    assert found["unlisted"] == 1
    assert (web.asked, results(tools)) == ([], {ROOT_LIST: "", LIST: ""})


def test_lists_come_before_the_old_ones_are_too_old(allowed: Tools, office: Office, clock: Hand, web: Web) -> None:
    """Each once; asked again with a quarter of a day left; until a newer one is out, hourly; nobody is told."""
    keys = pki(office)
    web.says = {
        ROOT_LIST: keys.root.crl(this_update=NOON - HOUR, next_update=NOON + dt.timedelta(days=90)),
        LIST: keys.issuing.crl(this_update=NOON - HOUR, number=7),
    }
    assert run(allowed, clock) == {"new": 2}
    assert published(allowed) == {NOON - HOUR}
    assert run(allowed, clock, after=15 * HOUR) == {}
    assert sorted(web.asked) == [LIST, ROOT_LIST]
    assert run(allowed, clock, after=3 * HOUR) == {"unchanged": 2}
    assert run(allowed, clock, after=HOUR / 2) == {}
    web.says[LIST] = keys.issuing.crl(this_update=clock.now, number=8)
    assert run(allowed, clock, after=HOUR)["new"] == 1
    with unit_of_work(allowed.engine) as uow:
        assert {one.reach for one in ageing(uow, now=clock.now).authorities} == {Reach.FRESH}
    assert told(allowed) == []


def test_lies_and_failures_are_kept_out_and_hold_up_nobody(
    allowed: Tools, office: Office, clock: Hand, web: Web
) -> None:
    """Eight hosts that lie or fail beside one that does not: each is named, and nothing of theirs is stored."""
    keys = pki(office)
    stranger = Authority.root(Subject(common_name="Ai đó", organisation="Ai đó"), now=FOUNDED)
    impostor = dataclasses.replace(
        keys.issuing, identity=dataclasses.replace(keys.issuing.identity, key=stranger.identity.key)
    )
    good = keys.issuing.crl(this_update=NOON - HOUR, number=7)
    lies: dict[str, tuple[authorities.Says | None, str]] = {
        "impostor": (impostor.crl(this_update=NOON), Came.WRONG_ISSUER),
        "stranger": (stranger.crl(this_update=NOON), Came.WRONG_ISSUER),
        "older": (keys.issuing.crl(this_update=NOON - 9 * HOUR), Came.OLDER),
        "future": (keys.issuing.crl(this_update=NOON + HOUR), Came.FUTURE),
        "redirect": (authorities.elsewhere, "redirect_refused"),
        "long": (authorities.too_long, "too_large"),
        "dead": (None, "answer_malformed"),
        "page": (b"<html>maintenance</html>", "content_unreadable"),
    }
    hosts = " ".join(f"{name}.vn" for name in lies)
    allowed = dataclasses.replace(
        allowed, settings=dataclasses.replace(allowed.settings, fetch_hosts=f"crl.ca.vn {hosts}")
    )
    web.says = {LIST: good}
    assert run(allowed, clock)["new"] == 1
    people = ("drafter", "head", "chief", "clerk", "deputy", "admin", "inspector", "specialist")
    for name, who in zip(lies, people, strict=True):
        keys.issuing = dataclasses.replace(keys.issuing, links=Links(crl=f"http://{name}.vn/ca.crl"))
        keys.issue(who)
        keys.enrol(who)
    web.says |= {f"http://{name}.vn/ca.crl": said for name, (said, _came) in lies.items() if said is not None}
    before = published(allowed)
    assert run(allowed, clock, after=HOUR / 4)["failed"] == len(lies)
    found = results(allowed)
    assert {name: found[f"http://{name}.vn/ca.crl"] for name in lies} == {
        name: came for name, (_said, came) in lies.items()
    }
    assert published(allowed) == before == {NOON - HOUR}
    asked = len(web.asked)
    run(allowed, clock, after=HOUR / 4)  # a first failure is tried again after 15 minutes
    assert len(web.asked) == asked + len(lies)
    run(allowed, clock, after=HOUR / 4)  # a second one after 30
    assert len(web.asked) == asked + len(lies)


def test_an_expired_list_is_kept_where_it_is_newer_and_is_no_success(
    allowed: Tools, office: Office, clock: Hand, web: Web
) -> None:
    """It may tell of revocations; it decides no signature of now."""
    keys = pki(office)
    late = keys.issuing.crl(this_update=NOON - 72 * HOUR, next_update=NOON - HOUR)
    web.says = {LIST: late, ROOT_LIST: keys.root.crl(this_update=NOON - HOUR)}
    assert run(allowed, clock)["failed"] == 1
    assert results(allowed)[LIST] == Came.OVERDUE
    assert published(allowed) == {NOON - 72 * HOUR, NOON - HOUR}
    assert told(allowed) == [(office.posts["admin"].person_id, "evidence_stopped")]


def test_a_silent_authority_is_told_of_once_for_each_change(
    allowed: Tools, office: Office, clock: Hand, web: Web
) -> None:
    """Ahead, when it comes to that, and when it is over; not each time in between."""
    keys = pki(office)
    root = keys.root.crl(this_update=NOON - HOUR, next_update=NOON + dt.timedelta(days=90))
    web.says = {ROOT_LIST: root, LIST: keys.issuing.crl(this_update=NOON - HOUR)}
    run(allowed, clock)
    del web.says[LIST]
    for hours in (17, 1, 1, 1, 1, 1, 1, 1, 1):
        run(allowed, clock, after=hours * HOUR)
    admin = office.posts["admin"].person_id
    assert told(allowed) == [(admin, "evidence_ends"), (admin, "evidence_stopped")]
    web.says[LIST] = keys.issuing.crl(this_update=clock.now)
    run(allowed, clock, after=4 * HOUR)
    assert told(allowed)[2:] == [(admin, "evidence_back")]
    with unit_of_work(allowed.engine) as uow:  # nobody's certificate depends on either any more
        uow.begin_write()
        uow.session.execute(update(Certificate).values(status="retired"))
        uow.commit()
    run(allowed, clock, after=HOUR)
    assert results(allowed) == {}
    with unit_of_work(allowed.engine) as uow:
        assert uow.session.scalars(select(EvidenceWatch)).all() == []


def test_answers_stand_in_where_an_authority_publishes_no_list(
    allowed: Tools, office: Office, clock: Hand, web: Web
) -> None:
    """The responder decides; what it revokes is told to the holder, the head and the administrator, once."""
    keys = pki(office, lists="", ocsp=OCSP)
    held = keys.held["leader"]
    own = keys.issuing.ocsp(held.certificate, this_update=NOON - HOUR, next_update=NOON + 23 * HOUR)
    web.says = {ROOT_LIST: keys.root.crl(this_update=NOON - HOUR), OCSP: own}
    assert run(allowed, clock)["new"] == 2
    with unit_of_work(allowed.engine) as uow:
        found = {one.name: one for one in ageing(uow, now=clock.now).authorities}
    assert {one.reach for one in found.values()} == {Reach.ANSWERED, Reach.FRESH}
    assert told(allowed) == []
    gone = Revoked(held.certificate.serial_number, NOON + HOUR, "keyCompromise")
    web.says[OCSP] = keys.issuing.ocsp(held.certificate, this_update=NOON + 18 * HOUR, revoked=gone)
    assert run(allowed, clock, after=19 * HOUR)["revoked"] == 1
    run(allowed, clock, after=HOUR)
    people = sorted((office.posts["leader"].person_id, office.posts["admin"].person_id))
    assert told(allowed) == [(person, "certificate_revoked") for person in people]
    with unit_of_work(allowed.engine) as uow:
        rows = certificates.of_person(uow.session, office.posts["leader"].person_id)
        agency = office.units["commune"]
        assert set(revoked_since(uow, rows, agency_id=agency, now=clock.now).values()) == {NOON + HOUR}


def test_what_is_given_while_the_turn_goes_on_is_of_then(
    allowed: Tools, office: Office, clock: Hand, web: Web
) -> None:
    """A responder that takes six minutes dates its answer after the turn's beginning: it is neither one from the
    future nor overlooked, so nobody hears of evidence that stopped; and it is asked again by the turn's clock."""
    keys = pki(office, lists="", ocsp=OCSP)

    def slow(_question: bytes) -> bytes:
        clock.now += 6 * MINUTE
        answer = keys.issuing.ocsp(
            keys.held["leader"].certificate, this_update=clock.now, next_update=clock.now + 23 * HOUR
        )
        return authorities.plain(answer)

    web.says = {ROOT_LIST: keys.root.crl(this_update=NOON - HOUR), OCSP: slow}
    assert run(allowed, clock) == {"new": 2}
    assert (results(allowed)[OCSP], told(allowed)) == (Came.NEW, [])
    with unit_of_work(allowed.engine) as uow:
        row = next(one for one in uow.session.scalars(select(EvidencePlace)) if one.url == OCSP)
        assert row.tried_at == clock.now == NOON + 6 * MINUTE
    del web.says[ROOT_LIST]

    def astray(question: bytes) -> bytes:
        clock.now += MINUTE
        return authorities.elsewhere(question)

    web.says[OCSP] = astray
    with unit_of_work(allowed.engine) as uow:
        uow.begin_write()
        uow.session.execute(update(EvidencePlace).values(next_at=NOON))
        uow.commit()
    clock.now = NOON + HOUR
    assert run(allowed, clock)["failed"] == 2
    with unit_of_work(allowed.engine) as uow:
        again = set(uow.session.scalars(select(EvidencePlace.next_at)))
    assert again == {NOON + HOUR + 15 * MINUTE}


def test_an_answer_about_somebody_else_is_refused(allowed: Tools, office: Office, clock: Hand, web: Web) -> None:
    """Nor one that another authority signed."""
    keys = pki(office, lists="", ocsp=OCSP)
    other = keys.issuing.issue(Subject(common_name="Người khác", organisation="X"), now=FOUNDED)
    web.says = {OCSP: keys.issuing.ocsp(other.certificate, this_update=NOON - HOUR)}
    run(allowed, clock)
    assert results(allowed)[OCSP] == Came.WRONG_SUBJECT
    forged = keys.issuing.ocsp(keys.held["leader"].certificate, this_update=NOON, responder=other)
    web.says = {OCSP: forged}
    run(allowed, clock, after=HOUR)
    assert results(allowed)[OCSP] == Came.WRONG_ISSUER
    with unit_of_work(allowed.engine) as uow:
        assert uow.session.scalars(select(OcspAnswer)).all() == []


@pytest.mark.parametrize("scoped", [False, True])
def test_more_agencies_cost_no_more_questions(
    tools: Tools, office: Office, monkeypatch: pytest.MonkeyPatch, *, scoped: bool
) -> None:
    """What verification rests on is read once, for the agencies that a root is believed for too; each agency's
    certificates are judged by what that one believes."""
    monkeypatch.setattr(revoked, "_kept", OrderedDict())  # other tests asked about the same certificates
    keys = pki(office)
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        scope = [office.units["commune"]] if scoped else []
        uow.session.execute(update(TrustRoot).values(scope=scope))
        uow.commit()
    keys.issue("far_leader")
    gone = tuple(Revoked(keys.held[name].certificate.serial_number, NOON) for name in ("leader", "far_leader"))
    keys.publish(at=NOON + HOUR, revoked=gone)

    def found(days: int) -> tuple[list[tuple[int | None, int | None]], int]:
        """(person, agency) of those revoked, on a day on which nobody has asked yet; and the statements it took."""
        with statements(tools.engine) as sent, unit_of_work(tools.engine) as uow:
            rows = find_revoked(uow, now=NOON + dt.timedelta(days=days))
        return [(person, agency) for _key, person, agency, _name, _since in rows], len(sent)

    own, far = ((office.posts[name].person_id, office.posts[name].agency_id) for name in ("leader", "far_leader"))
    one, few = found(days=1)
    keys.enrol("far_leader")
    both, many = found(days=2)
    assert (one, both) == ([own], [own] if scoped else [own, far])
    assert many == few


def test_who_takes_over_asks_and_tells_nothing_twice(allowed: Tools, office: Office, clock: Hand, web: Web) -> None:
    """The first process dies after everything but its last commit: what it stored stays, what it would have told is
    told by the second, once."""
    keys = pki(office)
    gone = Revoked(keys.held["leader"].certificate.serial_number, NOON - 2 * HOUR)
    web.says = {
        ROOT_LIST: keys.root.crl(this_update=NOON - HOUR),
        LIST: keys.issuing.crl(this_update=NOON - HOUR, revoked=[gone]),
    }
    with unit_of_work(allowed.engine) as uow:
        turn = Turn(uow=uow, tools=allowed, period="2026-11-23T12:00", cut_off=NOON, now=NOON)
        assert JOB.run(turn)["revoked"] == 1
    assert told(allowed) == []
    assert run(allowed, clock)["revoked"] == 1
    assert len(web.asked) == 2
    assert [kind for _person, kind in told(allowed)] == ["certificate_revoked"] * 2
