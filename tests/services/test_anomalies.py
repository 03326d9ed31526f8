"""Signs of irregularity over real rows, on both databases: recorded where they happen, found, commented on."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from tests.support.arrivals import Arrivals
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from tests.support.papers import Papers
from workflow.domain.anomalies import SIGNS, Sign
from workflow.domain.errors import BadInput, Conflict, NotFound, NotPermitted, Refused
from workflow.domain.outgoing import Action
from workflow.domain.people import Actor
from workflow.domain.periods import Period, span
from workflow.services import anomalies, anomaly_remarks, logins, signing
from workflow.services.documents import numbers
from workflow.services.incoming import extending, registering, working
from workflow.services.incoming.deadlines import DueChoice
from workflow.services.journal import verify_subject
from workflow.services.logins import Visitor
from workflow.store.models import (
    Account,
    AnomalyRemark,
    DeviceDay,
    Incoming,
    Journal,
    LoginSession,
    Look,
    Outgoing,
    Setting,
    Signature,
    SigningSession,
)
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
PERIOD = span((NOON - 60 * DAY).date(), (NOON + 20 * DAY).date())
BIG = ("outgoing", "incoming", "signature", "signing_session", "look", "device_day", "incoming_extension")


def log_in(office: Office, who: str, *, mark: str, at: dt.datetime) -> int:
    """Somebody logs in in a browser; the session's key."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account).where(Account.person_id == office.posts[who].person_id)).one()
        opened = logins.open_session(uow, Visitor("10.0.0.9", "Firefox", mark), account, facts={}, now=at)
        uow.commit()
        return opened.session_id


def signed_with(papers: Papers, login: int) -> int:
    """The leader signs in the browser of a login; sealed and issued."""
    document_id = papers.awaiting()
    key = papers.keys.held["leader"]
    token = papers.do(
        signing.open_session, "leader", scoped=False, purpose="leader", login_session_id=login, certificate=key.der
    )
    item = papers.do(
        signing.prepare, "leader", session=token, login_session_id=login, document_id=document_id,
        version=papers.row(document_id, "leader").version, blobs=papers.blobs,
    )  # fmt: skip
    papers.do(
        signing.finish, "leader", session=token, login_session_id=login, document_id=document_id,
        signature=key.sign(item.to_be_signed, raw=True), blobs=papers.blobs,
    )  # fmt: skip
    return document_id


def due_papers(road: Arrivals) -> None:
    """Three closed an hour before they are due, one of them with a day to spare; one extended late; one lying."""
    for gap in (1, 1, 1, 100):
        found = road.paper()
        due = (NOON + 7 * DAY).date()
        row: Incoming = road.do(
            "clerk", registering.register, incoming_id=found.id, version=None, due=DueChoice(day=due)
        )
        assert row.due_at is not None
        before, road.now = road.now, row.due_at - dt.timedelta(hours=gap, minutes=5)
        road.do("clerk", working.close, incoming_id=found.id, version=None, words="Lưu theo dõi")
        road.now = before
    late = road.in_progress(due=DueChoice(day=(NOON + DAY).date()))
    road.now = NOON + 3 * DAY
    until = (NOON + 9 * DAY).date()
    road.do("specialist", extending.ask, incoming_id=late.id, version=None, until=until, remark="Chờ sở")
    road.do("leader", extending.grant, incoming_id=late.id, version=None)
    lying = road.paper()
    road.now += 5 * DAY
    road.do("clerk", registering.register, incoming_id=lying.id, version=None)


def exempt(office: Office) -> None:
    """The commune exempts four of eight, another one nobody."""
    leader = office.posts["leader"].person_id
    rows = [issued_row(office, medium="ink", leader_verdict="", exempt_by_id=leader) for _n in range(4)]
    rows += [issued_row(office) for _n in range(4)] + [issued_row(office, unit="far_office") for _n in range(6)]
    add_issued(office, *rows)


def by_sign(office: Office, who: str = "leader", period: Period = PERIOD) -> dict[Sign, list[anomalies.Finding]]:
    with unit_of_work(office.engine) as uow:
        found, _limits = anomalies.find(uow, office.scope(who), period)
    return {sign: [one for one in found if one.sign is sign] for sign in Sign}


@pytest.fixture
def filled(papers: Papers) -> tuple[Papers, int]:
    """Every sign once, in one office."""
    office = papers.office
    for ago in (5, 4, 3):
        log_in(office, "clerk", mark="clerks-browser", at=NOON - ago * DAY)
    login = log_in(office, "leader", mark="clerks-browser", at=NOON)
    document_id = signed_with(papers, login)
    due_papers(Arrivals(office))
    exempt(office)
    return papers, document_id


def test_every_sign_is_found_where_it_happened(filled: tuple[Papers, int]) -> None:
    """Devices are recorded at login and at signing; a withdrawn leader's signature under a seal shows; ranges of
    indexes only; as many queries as signs."""
    papers, document_id = filled
    office = papers.office
    with unit_of_work(office.engine) as uow:
        hashes = set(uow.session.scalars(select(LoginSession.device_hash)))
        assert (
            hashes == set(uow.session.scalars(select(DeviceDay.device_hash))) == {logins.digest("clerks-browser")}
        )
        acts = select(SigningSession.device_hash).where(SigningSession.purpose == "leader")
        assert set(uow.session.scalars(acts)) == hashes
    found = by_sign(office)
    assert [one.document for one in found[Sign.FOREIGN_DEVICE]] == [document_id]
    assert found[Sign.FOREIGN_DEVICE][0].facts["other"] == office.posts["clerk"].person_id
    assert len(found[Sign.CLOSED_BEFORE_DUE]) == 3
    assert found[Sign.CLOSED_BEFORE_DUE][0].people == (office.posts["clerk"].person_id,)
    assert [one.facts["asked_late"] for one in found[Sign.EXTENDED_AFTER_DUE]] == [True]
    assert len(found[Sign.REGISTERED_LATE]) == 1
    assert len(found[Sign.EXEMPTIONS]) == 4
    assert found[Sign.SEAL_WITHOUT_LEADER] == found[Sign.TOO_FAST] == []
    _issue_without_leader(papers, document_id)
    assert [one.facts["why"] for one in by_sign(office)[Sign.SEAL_WITHOUT_LEADER]] == ["missing"]
    assert by_sign(office, "far_leader") == {sign: [] for sign in Sign}, "another agency's are not theirs"
    _looks_and_bursts(papers, document_id)
    _few_and_by_index(office)


def _issue_without_leader(papers: Papers, document_id: int) -> None:
    """Sealed and issued; then somebody with the database in hand takes the leader's signature away."""
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], document_id)
    papers.seal(document_id)
    papers.act("clerk", document_id, Action.ISSUE)
    with papers.office.engine.begin() as connection:
        gone = update(Signature).where(Signature.document_id == document_id, Signature.purpose == "leader")
        connection.execute(gone.values(withdrawn_at=NOON))


def _looks_and_bursts(papers: Papers, document_id: int) -> None:
    """Signatures of one minute: papers that the signer opened are left out."""
    office, rows = papers.office, []
    keys = add_issued(office, *(issued_row(office) for _n in range(7)))
    with office.engine.begin() as connection:
        like = connection.execute(select(Signature).where(Signature.document_id == document_id)).mappings().first()
        assert like is not None
        for place, key in enumerate(keys):
            at = NOON + dt.timedelta(seconds=place)
            rows.append({**like, "document_id": key, "received_at": at, "field": "leader", "purpose": "leader",
                         "person_id": office.posts["leader"].person_id, "withdrawn_at": None})  # fmt: skip
            del rows[-1]["id"]
        act = connection.scalar(select(SigningSession.id).where(SigningSession.purpose == "leader"))
        connection.execute(Signature.__table__.insert(), [{**row, "act_id": act} for row in rows])
        look = {"document_id": keys[0], "person_id": office.posts["leader"].person_id, "day": "2026-11-20",
                "first_at": NOON - 3 * DAY}  # fmt: skip
        connection.execute(Look.__table__.insert(), [look])
    fast = by_sign(office)[Sign.TOO_FAST]
    assert sorted(one.document for one in fast) == sorted(keys[1:])
    assert {one.facts["opened"] for one in fast} == {1}


def _few_and_by_index(office: Office) -> None:
    """As many queries as signs; each reads the big tables along an index, on both databases."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        sent.append((statement, parameters))

    event.listen(office.engine, "before_cursor_execute", note)
    by_sign(office)
    event.remove(office.engine, "before_cursor_execute", note)
    ours = [one for one in sent if any(f" {table}" in one[0] for table in BIG)]
    assert 5 < len(ours) <= len(SIGNS)
    sqlite = office.engine.dialect.name == "sqlite"
    with office.engine.connect() as connection:
        if not sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        for statement, parameters in ours:
            explain = "EXPLAIN QUERY PLAN" if sqlite else "EXPLAIN"
            plan = connection.exec_driver_sql(f"{explain} {statement}", parameters).all()
            lines = [str(row[3] if sqlite else row[0]) for row in plan]
            whole = re.findall(r"SCAN (\w+)" if sqlite else r"Seq Scan on (\w+)", "\n".join(lines))
            assert not set(whole) & set(BIG), lines


def test_what_is_said_stays_beside_the_sign(filled: tuple[Papers, int]) -> None:
    """Reviewed by somebody whom it does not name, commented by whom it names, both in the journal; still found."""
    papers, document_id = filled
    office = papers.office
    sign = by_sign(office)[Sign.FOREIGN_DEVICE][0]
    agency = office.units["commune"]
    given = {"sign": sign.sign, "key": sign.key, "period": PERIOD}
    with pytest.raises(NotPermitted, match="own_sign"):
        papers.do(anomaly_remarks.review, "leader", agency_id=agency, words="Xong", **given)
    with pytest.raises(BadInput, match="reason_needed"):
        papers.do(anomaly_remarks.review, "deputy", agency_id=agency, words="  ", **given)
    papers.do(anomaly_remarks.review, "deputy", agency_id=agency, words="Máy chủ tịch hỏng", **given)
    papers.do(anomaly_remarks.comment, "leader", scoped=False, words="Tôi mượn máy văn thư", **given)
    with pytest.raises(NotPermitted, match="own_sign"):  # whose browser it was
        papers.do(anomaly_remarks.review, "clerk", agency_id=agency, words="Có lý do", **given)
    papers.do(anomaly_remarks.comment, "clerk", scoped=False, words="Tôi cho mượn máy", **given)
    for who, kind in (("far_leader", NotFound), ("drafter", NotFound)):
        with pytest.raises(kind):
            papers.do(anomaly_remarks.comment, who, scoped=False, words="Không phải tôi", **given)
    with pytest.raises(NotFound):
        papers.do(anomaly_remarks.review, "far_leader", agency_id=agency, words="Tò mò", **given)
    with unit_of_work(office.engine) as uow:
        assert [row.kind for row in uow.session.scalars(select(AnomalyRemark).order_by(AnomalyRemark.id))] == [
            "reviewed", "comment", "comment",
        ]  # fmt: skip
        told = select(Journal.tag).where(Journal.subject == f"signs:{agency}").order_by(Journal.id)
        assert list(uow.session.scalars(told)) == ["signs:item:reviewed", *["signs:item:commented"] * 2]
        assert verify_subject(uow, f"signs:{agency}").holds
        board = anomalies.board(uow, office.actor("leader"), office.scope("leader"), period=PERIOD)
        assert board.offices[0].reviewed == 1
        assert set(board.offices[0].out) == {Sign.FOREIGN_DEVICE, Sign.CLOSED_BEFORE_DUE, Sign.EXEMPTIONS}
        mine = anomalies.about_me(uow, office.actor("leader"), office.scope("leader"), period=PERIOD)
        assert [one.kind for item in mine if item.finding.key == sign.key for one in item.said] == [
            "reviewed", "comment", "comment",
        ]  # fmt: skip
        assert uow.session.get_one(Outgoing, document_id).state == "signed"


def test_secret_arrivals_have_no_signs(filled: tuple[Papers, int]) -> None:
    """Whatever the sign: its list is read by people who need not know that the paper exists."""
    office = filled[0].office
    of_arrivals = [sign for sign in Sign if SIGNS[sign].incoming]
    assert all(by_sign(office)[sign] for sign in of_arrivals)
    with office.engine.begin() as connection:
        connection.execute(update(Incoming).values(secret=True))
    found = by_sign(office)
    assert [found[sign] for sign in of_arrivals] == [[], [], []]


def test_thresholds_are_the_provinces(filled: tuple[Papers, int]) -> None:
    """Changed at the top with a reason, against what was seen, in the journal; findings follow."""
    papers, _document_id = filled
    usual = {"hours": 8, "least": 3}
    given: dict[str, Any] = {"sign": Sign.CLOSED_BEFORE_DUE, "seen": usual, "reason": "Thống nhất toàn tỉnh"}
    admin = papers.office.actor("admin")
    top = replace(admin, at_top=True)

    def change(actor: Actor, **values: int) -> None:
        with unit_of_work(papers.office.engine) as uow:
            anomaly_remarks.change(uow, actor, values=values, now=NOON, **given)
            uow.commit()

    for actor, values, refused in (
        (admin, {"hours": 1, "least": 1}, NotPermitted), (top, {"hours": 0, "least": 3}, BadInput),
        (top, usual, Refused),
    ):  # fmt: skip
        with pytest.raises(refused):
            change(actor, **values)
    change(top, hours=40, least=4)
    with pytest.raises(Conflict):
        change(top, **usual)
    assert len(by_sign(papers.office)[Sign.CLOSED_BEFORE_DUE]) == 4
    with papers.office.engine.connect() as connection:
        assert connection.scalar(select(Setting.value).where(Setting.name == "anomalies")) == {
            "closed_before_due": {"hours": 40, "least": 4}
        }
        told = connection.scalar(text("SELECT body FROM journal WHERE tag = 'signs:thresholds:changed'"))
        assert "Thống nhất toàn tỉnh" in str(told)
