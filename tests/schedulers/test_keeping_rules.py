"""Each class of traces goes on its day by its rule, not a day before, and nothing else goes."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import func, insert, select

from tests.support import tree
from tests.support.issued import add_issued, issued_row
from tests.support.office import NOON, Office
from workflow.domain.bulk import KEPT
from workflow.domain.errors import WorkflowError
from workflow.domain.keeping import RULES, Trace, chosen
from workflow.domain.people import Actor
from workflow.services import keeping
from workflow.services.housekeeping import clear_rows
from workflow.services.journal import verify_subject
from workflow.store.base import Base
from workflow.store.models import (
    Account,
    Asking,
    Blob,
    DeviceDay,
    Invitation,
    LoginDelay,
    LoginSession,
    Look,
    NumberLook,
    Outbox,
)
from workflow.store.session import UnitOfWork, unit_of_work
from workflow.web.access_words import LASTING, TRACES

SECOND, DAY = dt.timedelta(seconds=1), dt.timedelta(days=1)
CLEARED = {
    Trace.LOOKS: Look, Trace.NUMBER_LOOKS: NumberLook, Trace.SESSIONS: LoginSession, Trace.DEVICE_DAYS: DeviceDay,
    Trace.MESSAGES: Outbox, Trace.INVITATIONS: Invitation, Trace.LOGIN_DELAYS: LoginDelay, Trace.ASKINGS: Asking,
    Trace.MARKS: Blob,
}  # fmt: skip


def _lay(uow: UnitOfWork, office: Office, trace: Trace, at: dt.datetime) -> None:
    """One row of a class, of a moment."""
    account = uow.session.scalars(select(Account.id).limit(1)).one()
    person, word = office.posts["clerk"].person_id, str(trace)
    local = at.astimezone(dt.timezone(dt.timedelta(hours=7))).date()
    rows = {
        Trace.LOOKS: lambda: {"document_id": 1, "person_id": person,
                              "day": local.isoformat(), "first_at": at},
        Trace.NUMBER_LOOKS: lambda: {"at": at, "person_id": person, "about_id": person, "kind": "phone",
                                     "purpose": "thử", "address": ""},
        Trace.SESSIONS: lambda: {"id_hash": "a" * 64, "account_id": account, "created_at": at, "seen_at": at,
                                 "ended_because": "", "address": "", "browser": "", "challenge": ""},
        Trace.DEVICE_DAYS: lambda: {"device_hash": "d" * 64, "person_id": person, "day": local},
        Trace.MESSAGES: lambda: {"once_key": word, "channel": "app", "address": "", "subject": "", "body": "",
                                 "link": "", "created_at": at, "next_at": at, "attempts": 0, "state": "sent",
                                 "error": ""},
        Trace.INVITATIONS: lambda: {"token_hash": "t" * 64, "account_id": account, "made_at": at, "expires_at": at},
        Trace.LOGIN_DELAYS: lambda: {"subject": "account:x", "failures": 1, "last_at": at},
        Trace.ASKINGS: lambda: {"subject": "look_up:x", "since": at, "times": 1},
        Trace.MARKS: lambda: {"sha256": "b" * 64, "size": 0, "media_type": "", "created_at": at, "leaving_at": at,
                              "gone_at": at},
        Trace.RUNS: lambda: {"job": "outbox", "period": "x", "state": "done", "attempt": 1, "worker": "",
                             "lease_until": at, "started_at": at, "finished_at": at, "result": {}, "error": ""},
    }  # fmt: skip
    uow.session.execute(insert(CLEARED[trace]).values(**rows[trace]()))


def _counts(uow: UnitOfWork) -> dict[str, int]:
    """How many rows each table has."""
    return {  # what was cleared is noted in a setting
        name: uow.session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in Base.metadata.tables.items()
        if name != "setting"
    }


@pytest.mark.parametrize("trace", CLEARED)
def test_each_class_goes_on_its_day_and_nothing_else_does(office: Office, trace: Trace) -> None:
    """A row of the class beside young ones of all others: the night before leaves all, that of its day takes it."""
    add_issued(office, issued_row(office))
    end = NOON + RULES[trace].days * DAY
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for one in CLEARED:
            _lay(uow, office, one, NOON if one is trace else end)
        uow.commit()
    with unit_of_work(office.engine) as uow:
        before = _counts(uow)
        clear_rows(uow, now=end - SECOND, frequent_jobs=("outbox",))
        assert _counts(uow) == before
        by_day = trace in {Trace.LOOKS, Trace.DEVICE_DAYS}
        clear_rows(uow, now=end + (DAY if by_day else SECOND), frequent_jobs=("outbox",))
        assert _counts(uow) == {**before, CLEARED[trace].__tablename__: 0}


def test_a_rule_changes_within_its_bounds_with_a_reason(office: Office) -> None:
    """At the top agency alone; the next night keeps to it, and the journal says what held before."""
    admin = office.posts["admin"]
    top = Actor.of(admin, name="Vũ Minh Khôi", at_top=True)
    given = {"trace": Trace.NUMBER_LOOKS, "days": 730, "seen": 1830, "reason": "đủ dùng", "now": NOON}
    with unit_of_work(office.engine) as uow:
        for actor, change, code in (
            (office.actor("admin"), {}, "no_permission"), (top, {"days": 729}, "keeping_bounds"),
            (top, {"days": 3661}, "keeping_bounds"), (top, {"reason": " "}, "reason_needed"),
            (top, {"seen": 5}, "keeping_changed"), (top, {"days": 1830}, "keeping_same"),
        ):  # fmt: skip
            with pytest.raises(WorkflowError) as refused:
                keeping.change(uow, actor, **{**given, **change})
            assert refused.value.code == code
        keeping.change(uow, top, **given)
        uow.commit()
        assert chosen(keeping.kept_days(uow), Trace.NUMBER_LOOKS) == 730
        assert verify_subject(uow, keeping.CHAIN).holds
        uow.begin_write()
        _lay(uow, office, Trace.NUMBER_LOOKS, NOON)
        uow.commit()
        assert clear_rows(uow, now=NOON + 731 * DAY, frequent_jobs=())["number_looks"] == 1


def test_what_two_tables_say_is_one_number() -> None:
    """The rule of acts on many is the one by which their files go."""
    assert RULES[Trace.ACTS_ON_MANY].days == KEPT.days
    assert all(rule.least <= rule.days <= rule.most for rule in RULES.values())
    assert chosen({"looks": 5, "number_looks": True}, Trace.LOOKS) == RULES[Trace.LOOKS].days


def test_the_table_in_the_documentation_is_the_one_that_holds() -> None:
    """docs/keeping.md names each rule with its days and bounds, in order, and everything that nothing shortens."""
    told = (tree.ROOT / "docs" / "keeping.md").read_text(encoding="utf-8")
    lines = [line.split(" | ") for line in told.splitlines() if line.startswith("| ")][1:]
    bounds = {True: "fixed", False: "{0.least} to {0.most}"}
    assert [(line[0].removeprefix("| "), line[1], line[2]) for line in lines] == [
        (TRACES[rule.trace][0], str(rule.days), bounds[rule.fixed].format(rule)) for rule in RULES.values()
    ]
    assert all(f"- {words}. {why}" in told for words, why in LASTING.values())
