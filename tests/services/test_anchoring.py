"""Anchors of the journal: grown hour by hour they have the root of the whole, and cost what an hour brought."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import Engine, func, select, text

from tests.support import engines
from tests.support.anchored import anchor, write
from tests.support.office import NOON, build
from tests.support.statements import statements
from workflow.domain.audit import Answer, Finding, Flaw
from workflow.domain.errors import Conflict
from workflow.domain.journal import GENESIS
from workflow.domain.merkle import Checkpoint, merkle_root, proves
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services import anchoring, journal
from workflow.services.auditing import examine
from workflow.store import anchors as store
from workflow.store.models import Anchor, AnchorLeaf, AnchorNode, Journal
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)


def rows(engine: Engine) -> dict[str, int]:
    """How many there are of what an anchor writes."""
    with engine.connect() as connection:
        return {
            model.__tablename__: connection.scalar(select(func.count()).select_from(model)) or 0
            for model in (Anchor, AnchorLeaf, AnchorNode)
        }


def test_three_hours_of_a_journal(engine: Engine) -> None:
    """Each anchor's root is that of its list made from scratch, names the one before, and proves every chain."""
    build(engine)
    made = [anchor(engine, "h1")]
    write(engine, "unit:900", "unit:901", "unit:900", now=NOON + HOUR)
    made.append(anchor(engine, "h2", now=NOON + HOUR))
    made.append(anchor(engine, "h3", now=NOON + 2 * HOUR))
    write(engine, *(f"unit:{key}" for key in range(901, 940)), now=NOON + 3 * HOUR)
    made.append(anchor(engine, "h4", now=NOON + 3 * HOUR))
    before = GENESIS
    with unit_of_work(engine) as uow:
        for row in made:
            leaves = list(store.every_leaf(uow.session, until=row.number))
            assert (merkle_root(leaves), len(leaves), before) == (row.root, row.count, row.previous)
            assert row.entries == sum(leaf.length for leaf in leaves)
            assert row.digest == Checkpoint(row.root, row.count, row.previous, row.at).digest()
            before = row.digest
        assert made[1].root == made[2].root != made[3].root
        assert {len({leaf.salt for leaf in leaves}), len({leaf.subject for leaf in leaves})} == {len(leaves)}
        for number, length in ((2, 2), (4, 2)):
            given = anchoring.proof(uow, "unit:900", number=number)
            assert given.leaf.length == length
            told = {"index": given.index, "count": given.anchor.count, "proof": given.path}
            assert proves(given.leaf, root=given.anchor.root, **told)
            assert not proves(given.leaf, root=made[0].root, **told)
        assert anchoring.latest(uow, at=NOON + 90 * HOUR / 60).number == 2
        assert anchoring.latest(uow, at=NOON - HOUR) is None
    assert examine(engine).findings == []


def test_much_at_once_is_taken_in_parts(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the last part is one like any other; a period that is finished is not anchored again."""
    build(engine)
    monkeypatch.setattr("workflow.services.anchoring.MOST", 10)
    monkeypatch.setitem(anchoring.prepare.__kwdefaults__, "most", 10)
    write(engine, *(f"unit:{key % 7}" for key in range(900, 937)))
    last = anchor(engine, "h1")
    with unit_of_work(engine) as uow:
        assert anchoring.finished(uow, "h1")
        assert not anchoring.finished(uow, "h2")
        entries = uow.session.scalar(select(func.count()).select_from(Journal))
    assert (last.entries, last.part) == (entries, last.number - 1)
    assert last.part >= 3
    assert examine(engine).findings == []


def test_of_two_at_once_one_is_kept(engine: Engine) -> None:
    """Both were prepared over the same one: the second is refused, nothing of it is left."""
    build(engine)
    anchor(engine, "h1")
    write(engine, "unit:900")
    with unit_of_work(engine) as one, unit_of_work(engine) as two:
        late = anchoring.prepare(two, now=NOON)
        two.rollback()
        anchoring.keep(one, anchoring.prepare(one, now=NOON), period="h2")
        one.commit()
        with pytest.raises(Conflict, match="anchor_overtaken"):
            anchoring.keep(two, late, period="h2")
    assert rows(engine)["anchor"] == 2


def test_what_is_committed_late_is_taken_in(postgresql_url: str) -> None:
    """Its key is lower than one that an anchor saw: the next reads that stretch again. After hours the pass names
    it, and the anchor that is told of it has it."""
    with engines.lent(postgresql_url) as engine:
        build(engine)
        for first, hours, taken in (("unit:801", 1, True), ("unit:802", 9, False)):
            with unit_of_work(engine) as late:
                late.begin_write()
                journal.record(
                    late,
                    subject=first,
                    tag="unit:tree:moved",
                    facts={},
                    actor=SYSTEM_ACTOR,
                    now=NOON + hours * HOUR,
                )
                for step in range(3):
                    now = NOON + (hours + step * (0 if taken else 2)) * HOUR
                    write(engine, f"unit:9{hours}{step}", now=now)
                    anchor(engine, f"h{hours}{step}", now=now)
                late.commit()
            anchor(engine, f"h{hours}", now=now)
            with unit_of_work(engine) as uow:
                assert (store.place_of(uow.session, first) is not None) is taken
        told = examine(engine)
        assert (told.findings, told.missed) == ([Finding(Flaw.MISSED, "unit:802", "1")], ["unit:802"])
        assert told.answer is Answer.CONSISTENT
        with unit_of_work(engine) as uow:
            anchoring.keep(uow, anchoring.prepare(uow, now=now, also=told.missed), period="night")
            uow.commit()
        assert examine(engine).findings == []


def test_an_hour_costs_what_happened_in_it(engine: Engine) -> None:
    """With 200 chains and with 3,200: the same statements, the same rows."""
    costs = []
    build(engine)
    for many, period, noon in ((200, "a", NOON), (3_200, "b", NOON + 24 * HOUR)):
        with unit_of_work(engine) as uow:
            uow.begin_write()
            filled(uow.session.connection(), many)
            uow.commit()
        anchor(engine, f"{period}1", now=noon + 5 * HOUR)
        anchor(engine, f"{period}2", now=noon + 7 * HOUR)
        before = rows(engine)
        write(engine, *(f"unit:{period}{key}" for key in range(5)), now=noon + 8 * HOUR)
        with statements(engine) as sent:
            anchor(engine, f"{period}3", now=noon + 8 * HOUR)
        after = rows(engine)
        costs.append((len(sent), after["anchor_leaf"] - before["anchor_leaf"]))
        assert after["anchor_node"] - before["anchor_node"] <= 3
    assert costs[0][1] == costs[1][1] == 5
    assert costs[1][0] <= costs[0][0] + 1, "one more level of the tree"
    assert costs[1][0] <= 16


def filled(connection: object, many: int) -> None:
    """Chains of one entry each, which only their ends are looked at here."""
    query = text(
        "INSERT INTO journal (subject, ordinal, at, tag, address, body, previous, digest) "
        "VALUES (:subject, 1, :at, 'unit:tree:moved', '', '{}', :hash, :hash)"
    )
    at = NOON.replace(tzinfo=None)
    connection.execute(  # type: ignore[attr-defined]
        query, [{"subject": f"unit:x{many}-{key}", "at": at, "hash": f"{key:064x}"} for key in range(many)]
    )
