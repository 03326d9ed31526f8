"""The job `housekeeping`: what has run out goes, everything else stays."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, insert, select

from schedulers.job import Tools
from schedulers.jobs.housekeeping import clear_portions
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from schedulers.watch import Watch
from tests.support.issued import add_issued, add_signed, issued_row
from tests.support.office import NOON, Office
from workflow.adapters.blobs import open_blobs
from workflow.domain.bulk import KEPT, Act
from workflow.domain.keeping import RULES, Trace
from workflow.services.bulk import running
from workflow.services.bulk.acts import Tools as ActTools
from workflow.services.bulk.running import Order
from workflow.services.journal import local_day, verify_subject
from workflow.services.keeping import whole_since
from workflow.store import clock as ledger
from workflow.store.models import (
    Account,
    Asking,
    Blob,
    BulkItem,
    BulkRun,
    Certificate,
    DeviceDay,
    Invitation,
    JobRun,
    Journal,
    LoginDelay,
    LoginSession,
    Look,
    Outbox,
    Outgoing,
    RemoteRequest,
    SigningItem,
    SigningSession,
    SigningTicket,
)
from workflow.store.portions import PORTION
from workflow.store.session import unit_of_work

DAY = dt.timedelta(days=1)
OLD, YOUNG = NOON - 500 * DAY, NOON - DAY


def _both(uow, table, **columns):  # type: ignore[no-untyped-def]
    """One old row and one young row, which differ in the columns given as a function of the moment."""
    for name, moment in (("old", OLD), ("young", YOUNG)):
        values = {key: value(name, moment) if callable(value) else value for key, value in columns.items()}
        uow.session.execute(insert(table).values(**values))


def _fill(office: Office) -> None:
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account.id).limit(1)).one()
        moment = lambda _name, at: at  # noqa: E731
        _both(
            uow, LoginSession, id_hash=lambda name, _at: name.ljust(64, "0"), account_id=account, created_at=moment,
            seen_at=moment, ended_because="", address="", browser="", challenge="",
        )  # fmt: skip
        _both(
            uow, Invitation, token_hash=lambda name, _at: name.ljust(64, "0"), account_id=account, made_at=moment,
            expires_at=moment,
        )  # fmt: skip
        _both(uow, LoginDelay, subject=lambda name, _at: f"account:{name}", failures=3, last_at=moment)
        _both(
            uow, DeviceDay, device_hash=lambda name, _at: name.ljust(64, "0"), day=lambda _name, at: at.date(),
            person_id=office.posts["clerk"].person_id,
        )  # fmt: skip
        _both(uow, Asking, subject=lambda name, _at: f"look_up:{name}", since=moment, times=3)
        _both(
            uow, Blob, sha256=lambda name, _at: name.ljust(64, "0"), size=0, media_type="", created_at=moment,
            leaving_at=moment, gone_at=lambda name, at: at if name == "old" else NOON,
        )  # fmt: skip
        _both(
            uow, JobRun, job="outbox", period=lambda name, _at: name, state="done", attempt=1, worker="",
            lease_until=moment, started_at=moment, finished_at=lambda _name, at: at, result={}, error="",
        )  # fmt: skip
        _both(
            uow, JobRun, job="outbox", period=lambda name, _at: f"{name}er", state="missed", attempt=0, worker="",
            lease_until=moment, started_at=moment, finished_at=lambda _name, at: at - 150 * DAY, result={},
            error="",
        )  # fmt: skip
        _both(
            uow, Outbox, once_key=lambda name, _at: name, channel="app", address="", subject="", body="", link="",
            created_at=moment, next_at=moment, attempts=0, state="sent", error="",
        )  # fmt: skip
        uow.commit()


def _left(office: Office, column) -> list[str]:  # type: ignore[no-untyped-def]
    with unit_of_work(office.engine) as uow:
        return [str(found).rstrip("0") for found in uow.session.scalars(select(column))]


def test_old_rows_go_and_young_ones_stay(tools: Tools, office: Office) -> None:
    """Sessions, links, delays, ledger lines, delivered messages."""
    _fill(office)
    assert set(run_due(tools, job("housekeeping")).values()) == {Outcome.DONE}
    assert _left(office, LoginSession.id_hash) == ["young"]
    assert _left(office, Invitation.token_hash) == ["young"]
    assert _left(office, LoginDelay.subject) == ["account:young"]
    assert _left(office, Outbox.once_key) == ["young"]
    assert _left(office, Asking.subject) == ["look_up:young"]
    assert _left(office, Blob.sha256) == ["young"]
    assert _left(office, DeviceDay.device_hash) == ["young"]
    with unit_of_work(tools.engine) as uow:
        line = ledger.run_of(uow.session, "housekeeping", "2026-11-23")
        assert ledger.run_of(uow.session, "outbox", "young") is not None
        assert ledger.run_of(uow.session, "outbox", "younger") is not None
        assert ledger.run_of(uow.session, "outbox", "old") is None
        assert ledger.run_of(uow.session, "outbox", "older") is None
    assert line is not None
    assert line.result == {
        "files": 0, "acts": 0, "prepared": 0, "devices": 0, "remote_requests": 0, "tickets": 0,
        "sessions": 1, "invitations": 1, "login_delays": 1,
        "askings": 1, "marks": 1, "runs": 2, "dry_lists": 0, "bulk_runs": 0, "obstacles": 0,
        "device_days": 1, "messages": 1, "looks": 0, "number_looks": 0, "bundles": 0,
    }  # fmt: skip


def test_old_runs_over_many_documents_go(tools: Tools, office: Office) -> None:
    """After 180 days with their lines, one that nobody ended too; a later one that tried it again stays and names
    it no more; the documents and their journal stay whole."""
    clerk, keys = office.actor("clerk"), add_signed(office, 2)
    runs = []
    with unit_of_work(office.engine) as uow:
        for name, age, again in (("old", KEPT + DAY, None), ("open", KEPT + DAY, None), ("young", KEPT - DAY, 0)):
            order = Order(
                act=Act.NUMBER, picked=tuple((key, 5) for key in keys), form=name,
                again_of=None if again is None else runs[again],
            )  # fmt: skip
            runs.append(running.order(uow, clerk, office.scope("clerk"), given=order, now=NOON - age))
            uow.commit()
        tools_of_acts = ActTools(blobs=open_blobs(tools.settings.blob_url), base_url="")
        running.do_one(uow, clerk, office.scope("clerk"), run_id=runs[0], place=1, tools=tools_of_acts, now=NOON)
        uow.commit()
        before = uow.session.scalars(select(Journal.digest).order_by(Journal.id)).all()
    assert set(run_due(tools, job("housekeeping")).values()) == {Outcome.DONE}
    with unit_of_work(office.engine) as uow:
        left = uow.session.execute(select(BulkRun.once_key, BulkRun.again_of_id)).all()
        assert [tuple(row) for row in left] == [("young", None)]
        assert set(uow.session.scalars(select(BulkItem.bulk_id))) == {runs[2]}
        after = uow.session.scalars(select(Journal.digest).order_by(Journal.id)).all()
        assert after[: len(before)] == before
        assert verify_subject(uow, f"outgoing:{keys[0]}").holds
        assert uow.session.get_one(Outgoing, keys[0]).number == 1


def test_files_without_a_row_go_after_two_days(tools: Tools, office: Office, tmp_path: Path) -> None:
    """A young one may still get its row; a named one stays for ever."""
    blobs = open_blobs(tools.settings.blob_url)
    named, orphan, young = (blobs.put(content) for content in (b"named", b"orphan", b"young"))
    for sha256, moment in ((named, OLD), (orphan, OLD), (young, NOON)):
        (path,) = (tmp_path / "blobs").rglob(sha256)
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    with unit_of_work(tools.engine) as uow:
        uow.begin_write()
        uow.add(Blob(sha256=named, size=5, media_type="application/pdf", created_at=OLD))
        uow.commit()
    run_due(tools, job("housekeeping"))
    assert [blobs.exists(sha256) for sha256 in (named, orphan, young)] == [True, False, True]


def test_a_prepared_signature_nobody_finished_frees_its_document(tools: Tools, office: Office) -> None:
    """The signing session ran out: the item is superseded, a pending one (signature received) is not touched."""
    items = _prepared(office)
    run_due(tools, job("housekeeping"))
    with unit_of_work(tools.engine) as uow:
        states = {row.id: row.status for row in uow.session.scalars(select(SigningItem))}
    assert states == {items["over"]: "superseded", items["live"]: "prepared", items["pending"]: "pending"}


def _prepared(office: Office) -> dict[str, int]:

    keys = add_issued(office, *(issued_row(office) for _document in range(3)))
    leader = office.posts["leader"]
    found = {}
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.add(Blob(sha256="a" * 64, size=1, media_type="application/pdf", created_at=OLD))
        certificate = Certificate(
            person_id=leader.person_id, sha256="c" * 64, der=b"", subject_name="", issuer_name="", serial="1",
            not_before=OLD, not_after=NOON, key_kind="rsa2048", enrolled_by_id=leader.person_id, enrolled_at=OLD,
        )  # fmt: skip
        uow.add(certificate)
        uow.flush()
        for name, key, expires, status in (
            ("over", keys[0], YOUNG, "prepared"),
            ("live", keys[1], NOON + DAY, "prepared"),
            ("pending", keys[2], YOUNG, "pending"),
        ):
            session = SigningSession(
                id_hash=name.ljust(64, "0"), person_id=leader.person_id, post_id=leader.id,
                certificate_id=certificate.id, purpose="leader", created_at=YOUNG, expires_at=expires,
            )  # fmt: skip
            uow.add(session)
            uow.flush()
            item = SigningItem(
                session_id=session.id, document_id=key, document_version=1, field="leader", base_sha256="a" * 64,
                prepared_sha256="a" * 64, to_be_signed=b"", status=status, claimed_at=YOUNG,
            )  # fmt: skip
            uow.add(item)
            uow.flush()
            found[name] = item.id
        uow.commit()
    return found


def test_what_went_to_other_signers_is_forgotten(tools: Tools, office: Office) -> None:
    """Account, login and raw signatures of a request that ended long ago, so that its login goes, too; tickets of
    yesterday. An open request, and one of last week, keep what they need; that all were asked for stays."""
    leader = office.posts["leader"]
    kept = {"item": 1, "document": 1, "attachment": None, "state": "failed", "code": "x"}
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        account = uow.session.scalars(select(Account.id).limit(1)).one()
        for name, ended in (("old", OLD), ("week", NOON - 7 * DAY), ("open", None)):
            login = LoginSession(
                id_hash=name.ljust(64, "0"), account_id=account, created_at=OLD, seen_at=OLD, ended_because="",
                address="", browser="", challenge="",
            )  # fmt: skip
            uow.add(login)
            uow.flush()
            uow.add(
                RemoteRequest(
                    kind="enrol", person_id=leader.person_id, post_id=leader.id, login_session_id=login.id,
                    address="10.0.0.7", provider="smartca", account="0912345678", credential="1", name=name,
                    code="AAAAAAAAAA", state="failed" if ended else "approved", ended_at=ended, created_at=OLD,
                    items=[kept | {"signature": "00ff"}], about={"nonce": "n", "signature": "00ff"}, expires_at=OLD,
                )
            )  # fmt: skip
        uow.commit()
    _tickets(office, _prepared(office)["live"])
    assert set(run_due(tools, job("housekeeping")).values()) == {Outcome.DONE}
    with unit_of_work(tools.engine) as uow:
        rows = {row.name: row for row in uow.session.scalars(select(RemoteRequest))}
        assert {name for name, row in rows.items() if row.account and row.login_session_id} == {"week", "open"}
        old = rows["old"]
        assert (old.account, old.login_session_id, old.address, old.items) == ("", None, "", [kept])
        assert old.about == {"nonce": "n"}
        assert rows["open"].items == [kept | {"signature": "00ff"}]
        assert [one.strip("0") for one in uow.session.scalars(select(SigningTicket.ticket_hash))] == ["live"]
    assert sorted(_left(office, LoginSession.id_hash)) == ["open", "week"]


def _tickets(office: Office, item_id: int) -> None:
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        item = uow.session.get_one(SigningItem, item_id)
        for name, expires in (("over", NOON - 2 * DAY), ("live", NOON + DAY)):
            uow.add(
                SigningTicket(
                    ticket_hash=name.ljust(64, "0"), session_id=item.session_id, document_id=item.document_id,
                    field="leader", way="fetch", most=1, created_at=OLD, expires_at=expires,
                )
            )  # fmt: skip
        uow.commit()


def _many(office: Office, count: int) -> None:
    """So many old looks, failed logins and messages."""
    person = office.posts["clerk"].person_id
    (paper,) = add_issued(office, issued_row(office))
    old = NOON - 4000 * DAY
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.session.execute(insert(Look), [
            {"document_id": paper, "person_id": person, "day": (old - n * DAY).date().isoformat(), "first_at": old}
            for n in range(count)
        ])  # fmt: skip
        uow.session.execute(insert(LoginDelay), [
            {"subject": f"account:{n}", "failures": 1, "last_at": old} for n in range(count)
        ])  # fmt: skip
        uow.session.execute(insert(Outbox), [
            {"once_key": f"k{n}", "channel": "app", "address": "", "subject": "", "body": "", "link": "",
             "created_at": old, "next_at": old, "attempts": 0, "state": "sent", "error": ""} for n in range(count)
        ])  # fmt: skip
        uow.commit()


def _deleted(engine: Engine) -> tuple[list[int], Callable[[], None]]:
    """Rows that each transaction takes from looks, as they are committed."""
    sizes: list[int] = []
    at_once = [0]

    def ran(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.lower().startswith("delete from look "):
            at_once[0] += len(parameters) - 1  # the keys, and the day before which

    def committed(_c: Any) -> None:
        if at_once[0]:
            sizes.append(at_once[0])
        at_once[0] = 0

    event.listen(engine, "after_cursor_execute", ran)
    event.listen(engine, "commit", committed)

    def stop() -> None:
        event.remove(engine, "after_cursor_execute", ran)
        event.remove(engine, "commit", committed)

    return sizes, stop


def test_a_large_class_goes_in_portions_each_durable_by_itself(tools: Tools, office: Office) -> None:
    """1,201 rows of three classes: three transactions for each, all counted in the result; what is cleared is
    noted."""
    _many(office, 2 * PORTION + 201)
    sizes, stop = _deleted(tools.engine)
    assert set(run_due(tools, job("housekeeping")).values()) == {Outcome.DONE}
    stop()
    assert len(sizes) == 3
    assert max(sizes) <= PORTION
    with unit_of_work(tools.engine) as uow:
        line = ledger.run_of(uow.session, "housekeeping", "2026-11-23")
        assert line is not None
        wanted = 2 * PORTION + 201
        assert [line.result[name] for name in ("looks", "login_delays", "messages")] == [wanted] * 3
        day = local_day(NOON) - RULES[Trace.LOOKS].days * DAY
        assert whole_since(uow, Trace.LOOKS) == day
        assert whole_since(uow, Trace.DEVICE_DAYS) is None
    assert _left(office, Look.id) == []


def test_a_night_that_is_broken_off_is_taken_up_by_the_next(tools: Tools, office: Office) -> None:
    """Told to stop after the first portion: it is gone and counted, the rest is there; then that goes too."""
    _many(office, PORTION + 7)

    class Impatient(Watch):
        """Asks to stop once something was cleared."""

        def tell(self, doing: str, done: int, of: int | None) -> None:
            self.asked = self.asked or done >= PORTION

        def stop_asked(self) -> bool:
            return self.asked

    first = clear_portions(tools, now=NOON, watch=Impatient())
    assert sum(first.values()) == PORTION
    left = {table: len(_left(office, column)) for table, column in (
        ("login_delays", LoginDelay.subject), ("messages", Outbox.once_key), ("looks", Look.id))}  # fmt: skip
    assert sum(left.values()) == 3 * (PORTION + 7) - PORTION
    second = clear_portions(tools, now=NOON + DAY)
    assert sum(second[name] for name in left) == sum(left.values())
    assert clear_portions(tools, now=NOON + DAY)["looks"] == 0
