"""Kinds of certificates, capacities, time to sign, backlog and apologies: counted, closed, counted again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from tests.support import months
from tests.support.issued import add_issued, issued_row
from tests.support.months import DAY, add_received, columns_of, month_of, received_row
from tests.support.office import NOON, Office
from workflow.domain.errors import BadInput, Conflict, NotPermitted, Refused
from workflow.domain.indicators import (
    COUNTS,
    FIRST_VERSION,
    Population,
    counted,
    populations_of,
    tally,
)
from workflow.domain.permissions import Scope, figures_scope
from workflow.domain.signing_times import hours, waited
from workflow.services.figures import backlog, closing, provability
from workflow.store.models import (
    Blob,
    Certificate,
    DocumentProof,
    Explanation,
    FigureDrift,
    History,
    Outgoing,
    Reply,
    Signature,
)
from workflow.store.session import unit_of_work

OCTOBER = "2026-10"
MONDAY = dt.datetime(2026, 10, 5, 1, tzinfo=dt.UTC)
"""08:00 in the office."""
HOUR = dt.timedelta(hours=1)
AFTER = dt.datetime(2026, 11, 10, 2, tzinfo=dt.UTC)


def add(office: Office, *rows: Any) -> None:
    """Rows as services would leave them."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        uow.add(*rows)
        uow.commit()


def holds(office: Office) -> None:
    """October is closed and counted again twice: nothing differs."""
    months.close(office.engine, office.units["commune"], months.parse(OCTOBER), now=AFTER)
    for night in (1, 2):
        (came,) = months.recount(office.engine, now=AFTER + night * DAY).values()
        assert (came.adjustments, came.drifts) == (0, 0)


def test_signed_documents_by_certificate_and_capacity(office: Office) -> None:
    """Per document, the leader's certificate and the agency's; undecided apart; a deputy's are the deputy's."""
    at = {"issued_at": MONDAY}
    state, public = {"leader_kind": "public_service", "seal_kind": "public_service"}, {"leader_kind": "public"}
    add_issued(
        office, *(issued_row(office, **at, **state) for _n in range(3)),
        issued_row(office, **at, **public, seal_kind="public_service", signer="deputy", capacity="kt"),
        issued_row(office, **at, **public, seal_verdict="", signer="deputy", capacity="tuq"),
        issued_row(office, **at, **state, leader_verdict="indeterminate"),
        issued_row(office, **at, leader_kind="unheard_of", seal_verdict="failed"),
        issued_row(office, **at, medium="ink", leader_verdict="", seal_verdict=""),
        issued_row(office, **at, secret=True),
    )  # fmt: skip
    facts = month_of(office, OCTOBER, now=AFTER)
    found = columns_of(facts)
    kinds = {name: number for name, number in found.items() if name.startswith("leader_") and name.count("_") > 1}
    assert kinds == {
        "leader_public_service_full": 3, "leader_public_service_undecided": 1, "leader_public_full": 1,
        "leader_public_alone": 1, "leader_unknown_failed": 1,
    }  # fmt: skip
    assert (found["seal_public_service_full"], found["seal_unknown_failed"]) == (4, 1)
    deputy = office.posts["deputy"].person_id
    assert [len(counted(facts, COUNTS[name], person=deputy)) for name in ("as_kt_signed", "as_tuq_counted")] == [
        1,
        1,
    ]
    assert (found["as_head"], found["as_head_counted"], found["as_head_signed"]) == (7, 6, 4)
    holds(office)


def test_time_to_sign_and_what_waits_too_long(office: Office) -> None:
    """From what the history says; an agency's limit holds from when it is changed, by an administrator, with a
    reason; a month that was over keeps the one it had."""
    keys = add_issued(office, *(issued_row(office, issued_at=AFTER) for _n in range(4)))
    late, fresh = add_issued(office, *(issued_row(office, issued_at=AFTER) for _n in range(2)))
    end = months.parse(OCTOBER).end
    add(office, *_signings(office, keys))
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        for key, since in ((late, end - 3 * DAY), (fresh, end - 5 * HOUR)):
            row = uow.session.get_one(Outgoing, key)
            row.state, row.state_since = "awaiting_signature", since
            row.signed_at = row.numbered_at = row.sealed_at = row.issued_at = row.closed_at = None
            row.number = row.year = row.register_id = None
        uow.commit()
    facts = month_of(office, OCTOBER, now=AFTER)
    deputy = office.posts["deputy"].person_id
    times = waited(tally(facts))
    assert (times.number, times.median, times.p90) == (4, 93, 960)
    assert (hours(93), waited(tally(facts), person=deputy).median) == (Decimal("1.6"), 960)
    assert counted(facts, COUNTS["timed"]) == sorted(keys)
    assert (counted(facts, COUNTS["backlog"]), counted(facts, COUNTS["unsigned"])) == ([late], [late, fresh])
    holds(office)
    scope = figures_scope(office.posts["admin"], agencies_below=())
    given = {"wanted": 400, "seen": 8, "reason": "Quy chế", "now": AFTER + 3 * DAY}
    for who, change, refused in (
        ("leader", {}, NotPermitted), ("admin", {"reason": " "}, BadInput), ("admin", {"wanted": 0}, BadInput),
        ("admin", {"seen": 9}, Conflict), ("admin", {"wanted": 8}, Refused),
    ):  # fmt: skip
        with unit_of_work(office.engine) as uow, pytest.raises(refused):
            backlog.change(uow, office.actor(who), scope, **{**given, **change})
    with unit_of_work(office.engine) as uow:
        backlog.change(uow, office.actor("admin"), scope, **given)
        uow.commit()
    later = AFTER + 4 * DAY
    assert counted(month_of(office, OCTOBER, now=later), COUNTS["backlog"]) == [late]
    assert counted(month_of(office, "2026-11", now=later), COUNTS["backlog"]) == []
    (came,) = months.recount(office.engine, now=later).values()
    assert (came.adjustments, came.drifts) == (0, 0)


def _signings(office: Office, keys: list[int]) -> Iterator[History]:
    """Signed after 30, 93, 240 and 960 working minutes; the second one twice, the last time counts."""
    given = [(0, 30, "leader"), (1, 500, "leader"), (1, 93, "leader"), (2, 240, "leader"), (3, 960, "deputy")]
    for place, (key, minutes, who) in enumerate(given):
        yield History(
            document_id=keys[key], ordinal=place + 1, at=MONDAY + place * DAY, action="sign", to_state="signed",
            from_state="awaiting_signature", person_id=office.posts[who].person_id, post_id=office.posts[who].id,
            held_minutes=minutes,
        )  # fmt: skip


def test_apologies_of_those_owed(office: Office) -> None:
    """Three documents of citizens late by our own fault: one letter issued in October, one in November, one never;
    an agency is owed none, nor a lateness that was nobody's fault."""
    late = {"due_at": MONDAY, "issuer_kind": "citizen"}
    keys = add_received(
        office, *(received_row(office, MONDAY - 5 * DAY, **late) for _n in range(4)),
        received_row(office, MONDAY - 5 * DAY, due_at=MONDAY),
    )  # fmt: skip
    letters = add_issued(
        office, issued_row(office, issued_at=MONDAY + 10 * DAY), issued_row(office, issued_at=AFTER - DAY)
    )
    holder = office.posts["specialist"].person_id
    add(
        office,
        *(
            Explanation(
                incoming_id=key, lateness="x", missed_at=MONDAY, person_id=holder, unit_id=office.units["economy"],
                held_by="handler", state="accepted", demanded_at=MONDAY, due_at=MONDAY + DAY, words="Chậm",
                cause="objective" if place == 3 else "subjective", given_at=MONDAY + DAY,
                decided_at=MONDAY + 2 * DAY,
            )
            for place, key in enumerate(keys)
        ),
        *(
            Reply(incoming_id=keys[place], outgoing_id=letter, kind="apology", closes=False, linked_at=MONDAY)
            for place, letter in enumerate(letters)
        ),
    )  # fmt: skip
    facts = month_of(office, OCTOBER, now=AFTER)
    found = columns_of(facts)
    assert (found["apologies"], found["apologised"], found["unapologised"]) == (3, 1, 2)
    assert counted(facts, COUNTS["unapologised"], unit=office.units["economy"]) == keys[1:3]
    assert columns_of(month_of(office, "2026-11", now=AFTER))["unapologised"] == 1
    holds(office)


def test_a_month_closed_by_an_older_definition_stays_what_it_was(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it did not count is no drift and no adjustment."""
    add_issued(office, issued_row(office, issued_at=MONDAY))
    then = populations_of(FIRST_VERSION)
    assert Population.SIGNED_AS not in then
    monkeypatch.setattr(closing, "VERSION", FIRST_VERSION)
    facts = {key: place for key, place in month_of(office, OCTOBER, now=AFTER).items() if key[0] in then}
    with unit_of_work(office.engine) as uow:
        what = months.parse(OCTOBER)
        closing.close_for_job(uow, agency_id=office.units["commune"], what=what, facts=facts, now=AFTER)
        uow.commit()
    (came,) = months.recount(office.engine, now=NOON).values()
    assert (came.adjustments, came.drifts) == (0, 0)
    with unit_of_work(office.engine) as uow:
        assert list(uow.session.scalars(select(FigureDrift))) == []


def test_provable_today_beside_at_signing(office: Office) -> None:
    """A timestamp that holds; one that ended; none, with certificates that hold; none, and one ended."""
    keys = add_issued(office, *(issued_row(office, issued_at=MONDAY) for _n in range(5)))
    clerk = office.posts["clerk"].person_id
    ends = (AFTER + 300 * DAY, AFTER - DAY)
    add(
        office,
        *(
            Certificate(
                id=place + 1, agency_id=office.units["commune"], sha256=str(place) * 64, der=b"",
                subject_name="UBND",
                serial="1", issuer_name="CA", not_before=MONDAY - 300 * DAY, not_after=end, key_kind="rsa",
                status="retired", enrolled_by_id=clerk, enrolled_at=MONDAY - 200 * DAY,
            )
            for place, end in enumerate(ends)
        ),
        *(
            DocumentProof(document_id=keys[place], state="stamped", since=MONDAY, stamped_at=MONDAY, until=until)
            for place, until in enumerate(ends)
        ),
        Blob(sha256="b" * 64, size=1, media_type="application/pdf", created_at=MONDAY),
    )  # fmt: skip
    add(
        office,
        *(
            Signature(
                document_id=keys[place], field=purpose, purpose=purpose, person_id=clerk,
                certificate_id=certificate,
                post_id=office.posts["clerk"].id, key_holder="pkcs12_browser", claimed_at=MONDAY,
                received_at=MONDAY, file_sha256="b" * 64,
            )
            for place, purpose, certificate in ((2, "leader", 1), (2, "seal", 1), (3, "leader", 1), (3, "seal", 2))
        ),
    )  # fmt: skip
    with unit_of_work(office.engine) as uow:
        scope = Scope(agency_ids=(office.units["commune"],))
        found = provability.of_month(uow, scope, months.parse(OCTOBER), now=AFTER)
    assert (sorted(found.at_signing), sorted(found.today)) == (keys, [keys[0], keys[2]])
    assert found.lost == [keys[1], keys[3], keys[4]]
