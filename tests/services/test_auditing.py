"""Whoever owns the database changes the journal: what was done is named, with the outside root also who hid it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json

import pytest
from sqlalchemy import Connection, Engine, text

from tests.support import stamping
from tests.support.anchored import anchor, owner, write
from tests.support.office import NOON
from tests.support.papers import Papers
from workflow.domain.audit import Answer, Audited, Flaw, Outside, read_outside, write_outside
from workflow.domain.errors import BadInput
from workflow.domain.journal import GENESIS, canonical_json
from workflow.services import anchoring
from workflow.services.auditing import examine
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)
CHAIN = "unit:900"


@pytest.fixture
def signed(papers: Papers) -> int:
    """A document signed by its leader, and two anchors over it and a chain of three."""
    number = papers.signed()
    engine = papers.office.engine
    for step in range(3):
        write(engine, CHAIN, "unit:901", now=NOON + step * HOUR)
    anchor(engine, "h1", now=NOON + 3 * HOUR)
    anchor(engine, "h2", now=NOON + 4 * HOUR)
    return number


def kept(engine: Engine, **named: bool) -> Outside:
    """The newest root as a file that lies elsewhere, and back."""
    with unit_of_work(engine) as uow:
        return read_outside(write_outside(anchoring.outside(uow, **named)), name="goc.json")


def found(audited: Audited) -> set[tuple[Flaw, str]]:
    return {(one.flaw, one.what) for one in audited.findings}


def test_untouched_it_is_consistent_and_with_a_root_proven(papers: Papers, signed: int) -> None:
    """Never proven without a root; what came after the last anchor is told as not anchored yet."""
    engine = papers.office.engine
    assert (examine(engine).answer, examine(engine).open_entries) == (Answer.CONSISTENT, 0)
    root = kept(engine)
    write(engine, CHAIN, "unit:999", now=NOON + 5 * HOUR)
    told = examine(engine, outside=[root])
    assert (told.answer, told.findings, told.open_entries) == (Answer.PROVEN, [], 2)
    assert sorted(told.open_chains) == [CHAIN, "unit:999"]
    assert told.proven_to is not None
    assert told.proven_to.number == told.last_number == 2


EDITS: dict[str, tuple[str, Flaw, str]] = {
    "a text": (f"UPDATE journal SET body = replace(body, 'ghi', 'xoá') WHERE subject = '{CHAIN}' AND ordinal = 2",
               Flaw.ENTRY_CHANGED, CHAIN),
    "no text any more": (f"UPDATE journal SET body = '?' WHERE subject = '{CHAIN}' AND ordinal = 2",
                         Flaw.ENTRY_CHANGED, CHAIN),
    "who did it": (f"UPDATE journal SET person_id = 1 WHERE subject = '{CHAIN}' AND ordinal = 3",
                   Flaw.ENTRY_CHANGED, CHAIN),
    "a row between": (f"DELETE FROM journal WHERE subject = '{CHAIN}' AND ordinal = 2", Flaw.ENTRY_MISSING, CHAIN),
    "the last row": (f"DELETE FROM journal WHERE subject = '{CHAIN}' AND ordinal = 3", Flaw.CHAIN_CUT, CHAIN),
    "the order": (f"UPDATE journal SET ordinal = CASE ordinal WHEN 2 THEN 13 ELSE 2 END "
                  f"WHERE subject = '{CHAIN}' AND ordinal > 1", Flaw.ENTRY_CHANGED, CHAIN),
    "a whole chain": (f"DELETE FROM journal WHERE subject = '{CHAIN}'", Flaw.CHAIN_GONE, CHAIN),
    "a document": ("DELETE FROM outgoing WHERE id = :document", Flaw.DOCUMENT_GONE, "outgoing"),
    "a document's head": ("UPDATE outgoing SET chain_length = chain_length - 1 WHERE id = :document",
                          Flaw.HEAD_DIFFERS, "outgoing"),
    "a verdict's text": ("UPDATE verdict SET body = replace(body, 'passed', 'no') WHERE document_id = :document",
                         Flaw.VERDICT_CHANGED, "outgoing"),
    "a verdict's conclusion": ("UPDATE verdict SET conclusion = 'failed' WHERE document_id = :document",
                               Flaw.VERDICT_CHANGED, "outgoing"),
    "a verdict": ("DELETE FROM verdict WHERE document_id = :document", Flaw.VERDICT_CHANGED, "outgoing"),
    "a revocation list withheld": ("DELETE FROM crl", Flaw.EVIDENCE_GONE, "crl"),
    "another revocation list": ("UPDATE crl SET der = (SELECT der FROM trust_root LIMIT 1)", Flaw.EVIDENCE_GONE,
                                "crl"),
    "a root": (f"UPDATE anchor SET root = '{'ab' * 32}' WHERE number = 1", Flaw.ROOT_DIFFERS, "1"),
    "an anchor's time": ("UPDATE anchor SET period = 'x', at = '2026-11-23 01:00:00.000000' WHERE number = 1",
                         Flaw.ANCHOR_CHANGED, "1"),
    "an anchor": ("DELETE FROM anchor WHERE number = 1", Flaw.ANCHOR_MISSING, "1"),
    "a leaf": ("DELETE FROM anchor_leaf WHERE place = 0", Flaw.ROOT_DIFFERS, "1"),
}  # fmt: skip


@pytest.mark.parametrize("edit", EDITS)
def test_who_edits_rows_is_found_without_a_root(papers: Papers, signed: int, edit: str) -> None:
    """The kind, and the first thing of it by name."""
    engine, (sql, flaw, what) = papers.office.engine, EDITS[edit]
    with owner(engine) as connection:
        named = {"document": signed} if ":document" in sql else {}
        assert connection.execute(text(sql), named).rowcount
    told = examine(engine)
    assert told.answer is Answer.BROKEN
    if what == "crl":
        assert any(one is flaw and name.startswith("crl:") for one, name in found(told)), found(told)
    else:
        assert (flaw, f"outgoing:{signed}" if what == "outgoing" else what) in found(told), found(told)


def test_a_root_of_trust_that_is_gone_is_named(engine: Engine) -> None:
    """Nothing of what verdicts rest on may go, retired or not."""
    stamping.listed(engine)
    assert found(examine(engine)) == set()
    with owner(engine) as connection:
        sha256 = connection.scalar(text("SELECT sha256 FROM trust_root"))
        connection.execute(text("DELETE FROM trust_root"))
    assert [(one.flaw, one.what, one.detail) for one in examine(engine).findings] == [
        (Flaw.EVIDENCE_GONE, "trust:roots", sha256)
    ]


def remake(connection: Connection, subject: str) -> None:
    """Change the second entry and compute everything behind it anew, as somebody who knows the program would."""
    head = GENESIS
    for row in connection.execute(
        text("SELECT id, ordinal, body, digest FROM journal WHERE subject = :subject ORDER BY ordinal"),
        {"subject": subject},
    ).all():
        told = json.loads(row.body)
        if row.ordinal == 2:
            told["facts"]["note"] = "khác"
        body = canonical_json(told).decode()
        digest = hashlib.sha256(bytes.fromhex(head) + body.encode()).hexdigest()
        connection.execute(
            text("UPDATE journal SET body = :body, previous = :head, digest = :digest WHERE id = :id"),
            {"body": body, "head": head, "digest": digest, "id": row.id},
        )
        head = digest


def forget_anchors(connection: Connection) -> None:
    for table in ("anchor_leaf", "anchor_place", "anchor_node", "anchor_token", "anchor"):
        connection.execute(text(f"DELETE FROM {table}"))


def test_who_makes_chains_anew_is_found_by_the_anchors(papers: Papers, signed: int) -> None:
    """The chain holds in itself; the leaf that an anchor took of it does not agree."""
    engine, root = papers.office.engine, kept(papers.office.engine)
    with owner(engine) as connection:
        remake(connection, CHAIN)
    assert found(examine(engine)) == {(Flaw.CHAIN_REMADE, CHAIN)}
    assert found(examine(engine, outside=[root])) == {(Flaw.CHAIN_REMADE, CHAIN)}


@pytest.mark.parametrize("act", ["remade", "dropped"])
def test_who_makes_everything_anew_is_found_by_the_root_outside(papers: Papers, signed: int, act: str) -> None:
    """Chains, leaves and anchors fit together again: consistent is all that can be said without the root. With it
    the anchor is named; with the list kept beside it the chain too, even one of which nothing is left."""
    engine = papers.office.engine
    root, listed = kept(engine), kept(engine, listed=True)
    with owner(engine) as connection:
        if act == "remade":
            remake(connection, CHAIN)
        else:
            connection.execute(text("DELETE FROM journal WHERE subject = :of"), {"of": CHAIN})
        forget_anchors(connection)
    with unit_of_work(engine) as uow:
        made = anchoring.prepare(uow, now=NOON + 3 * HOUR, salt=lambda: "00" * 16)
        anchoring.keep(uow, made, period="h1")
        uow.commit()
    anchor(engine, "h2", now=NOON + 4 * HOUR)
    assert (examine(engine).answer, examine(engine).findings) == (Answer.CONSISTENT, [])
    told = examine(engine, outside=[root])
    assert (told.answer, found(told)) == (Answer.BROKEN, {(Flaw.OUTSIDE_DIFFERS, "goc.json")})
    assert found(examine(engine, outside=[listed])) == {
        (Flaw.OUTSIDE_DIFFERS, "goc.json"), (Flaw.LEAF_DIFFERS, CHAIN),
    }  # fmt: skip


def test_who_cuts_the_anchors_is_found_by_the_root_outside(papers: Papers, signed: int) -> None:
    """The database does not know the newest one any more."""
    engine, root = papers.office.engine, kept(papers.office.engine)
    with owner(engine) as connection:
        connection.execute(text("DELETE FROM anchor WHERE number = 2"))
    assert examine(engine).answer is Answer.CONSISTENT
    assert found(examine(engine, outside=[root])) == {(Flaw.OUTSIDE_UNKNOWN, "goc.json")}


def test_kept_nodes_are_not_believed(papers: Papers, signed: int) -> None:
    """A wrong one is named before and after it made a root wrong; worked out anew they make the next one right."""
    engine = papers.office.engine
    write(engine, *(f"unit:{key}" for key in range(800, 840)), now=NOON + 5 * HOUR)
    anchor(engine, "h3", now=NOON + 5 * HOUR)
    with owner(engine) as connection:
        connection.execute(
            text("UPDATE anchor_node SET digest = :wrong WHERE level = 1 AND place = 1"), {"wrong": bytes(32)}
        )
    assert (examine(engine).answer, found(examine(engine))) == (Answer.CONSISTENT, {(Flaw.NODE_DIFFERS, "1 1")})
    write(engine, CHAIN, now=NOON + 6 * HOUR)
    anchor(engine, "h4", now=NOON + 6 * HOUR)
    assert (Flaw.ROOT_DIFFERS, "4") in found(examine(engine))
    with unit_of_work(engine) as uow:
        assert anchoring.work_out_nodes(uow) > 40
        uow.commit()
    write(engine, CHAIN, now=NOON + 7 * HOUR)
    anchor(engine, "h5", now=NOON + 7 * HOUR)
    assert found(examine(engine)) == {(Flaw.ROOT_DIFFERS, "4")}


@pytest.mark.parametrize("told", ["", "[]", "{}", "null", '{"format": "trinhky-anchor-1", "anchor": 1}'])
def test_a_file_that_is_no_root_is_refused(told: str) -> None:
    """In one sentence, whatever it is."""
    with pytest.raises(BadInput, match="root_file_unreadable"):
        read_outside(told, name="x")


def test_a_root_file_that_was_edited_is_refused(papers: Papers, signed: int) -> None:
    """A digit of its root, or a leaf of its list."""
    with unit_of_work(papers.office.engine) as uow:
        told = write_outside(anchoring.outside(uow, listed=True))
    for old, new in (('"count": ', '"count": 1'), (CHAIN, "unit:8")):
        with pytest.raises(BadInput, match="root_file_unreadable"):
            read_outside(told.replace(old, new, 1), name="x")
