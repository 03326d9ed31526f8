"""Journal entries, their chains, and what is found when somebody touches them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import unicodedata
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.errors import BadInput
from workflow.domain.journal import GENESIS, Break, Entry, Flaw, canonical, entry_hash, verify_chain

NOON = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)


def chain(count: int, subject: str = "outgoing:17") -> list[tuple[Entry, str]]:
    pairs, head = [], GENESIS
    for place in range(1, count + 1):
        entry = Entry(
            subject, place, "document:state:changed", "person:4", NOON + dt.timedelta(minutes=place), {"n": place}
        )
        head = entry_hash(head, entry)
        pairs.append((entry, head))
    return pairs


def test_the_canonical_form_is_fixed() -> None:
    """These bytes and this hash never change: stored chains depend on them."""
    entry = Entry(
        "outgoing:17",
        1,
        "document:signature:verified",
        "person:4",
        dt.datetime(2026, 11, 22, 16, 59, 49, tzinfo=dt.timezone(dt.timedelta(hours=7))),
        {"signer": "Trần Thị Đào", "boxes": [1, 2], "ink": False, "note": None},
    )
    assert canonical(entry).decode() == (
        '{"actor":"person:4","at":"2026-11-22T09:59:49.000000Z",'
        '"facts":{"boxes":[1,2],"ink":false,"note":null,"signer":"Trần Thị Đào"},'
        '"sequence":1,"subject":"outgoing:17","tag":"document:signature:verified","v":1}'
    )
    assert entry_hash(GENESIS, entry) == "d37da445b81e5e83403e4fd6b2347f821c11e43e3df55b23c9162a5b4f8f7dce"


def test_equal_facts_hash_equally() -> None:
    """Key order, decomposed letters, tuples and string enumerations make no difference."""

    class Colour(StrEnum):
        RED = "red"

    base = Entry("a:1", 1, "a:b:c", "person:1", NOON, {"x": "Đề", "y": ["red"]})
    other = dataclasses.replace(base, facts={"y": (Colour.RED,), "x": unicodedata.normalize("NFD", "Đề")})
    assert canonical(base) == canonical(other)


@pytest.mark.parametrize("value", [1.5, b"x", NOON, {1: "x"}, {"deep": [{"er": 0.1}]}, {1, 2}])
def test_values_that_databases_change_are_refused(value: object) -> None:
    """Floats, bytes, dates and keys that are no text do not survive a round trip through JSON columns."""
    with pytest.raises(BadInput, match="journal_value"):
        canonical(Entry("a:1", 1, "a:b:c", "person:1", NOON, {"value": value}))


def test_bad_entries_are_refused() -> None:
    """A tag has three words, a moment a zone, a sequence starts at 1."""
    with pytest.raises(BadInput, match="journal_tag"):
        Entry("a:1", 1, "signed", "person:1", NOON)
    with pytest.raises(BadInput, match="moment_without_zone"):
        Entry("a:1", 1, "a:b:c", "person:1", NOON.replace(tzinfo=None))
    with pytest.raises(BadInput, match="journal_sequence"):
        Entry("a:1", 0, "a:b:c", "person:1", NOON)


def test_a_whole_chain_holds() -> None:
    """An untouched chain verifies up to the head on record; so does an empty one."""
    pairs = chain(5)
    report = verify_chain(pairs, expected_head=pairs[-1][1], expected_length=5)
    assert report.holds
    assert (report.length, report.head) == (5, pairs[-1][1])
    assert verify_chain([], expected_head=GENESIS, expected_length=0).holds


@given(place=st.integers(0, 4), data=st.data())
def test_any_changed_field_is_named(place: int, data: st.DataObject) -> None:
    """Whichever entry and field is edited, the report points at that entry."""
    pairs = chain(5)
    entry, stored = pairs[place]
    name, value = data.draw(
        st.sampled_from(
            [
                ("tag", "document:state:forged"),
                ("actor", "person:5"),
                ("at", entry.at + dt.timedelta(microseconds=1)),
                ("facts", {"n": 99}),
            ]
        )
    )
    pairs[place] = (dataclasses.replace(entry, **{name: value}), stored)
    report = verify_chain(pairs)
    assert report.broken == Break(place + 1, Flaw.CHANGED)
    assert report.length == place


def test_removed_foreign_and_cut_entries_are_named() -> None:
    """A missing middle, an entry of another document, a missing end, a recomputed end."""
    pairs = chain(5)
    assert verify_chain(pairs[:2] + pairs[3:]).broken == Break(3, Flaw.GAP)
    assert verify_chain(pairs[:2] + chain(3, "outgoing:18")[2:]).broken == Break(3, Flaw.FOREIGN)
    assert verify_chain(pairs[:4], expected_length=5).broken == Break(5, Flaw.CUT)
    assert verify_chain(pairs[:4], expected_head=pairs[-1][1]).broken == Break(5, Flaw.CUT)


def test_a_chain_longer_than_on_record_is_named() -> None:
    """A head in the document's row that is not the last entry's is a break, also when entries were added."""
    pairs = chain(5)
    assert verify_chain(pairs, expected_head=pairs[3][1], expected_length=4).broken == Break(6, Flaw.CUT)
    assert verify_chain(pairs, expected_length=0).broken == Break(6, Flaw.CUT)


def test_an_entry_dated_before_its_predecessor_is_noted() -> None:
    """Back-dating does not break a correctly hashed chain, since acts may race, but it is named."""
    pairs = chain(2)
    late = Entry("outgoing:17", 3, "document:state:changed", "person:4", NOON)
    pairs.append((late, entry_hash(pairs[-1][1], late)))
    report = verify_chain(pairs)
    assert report.holds
    assert report.backdated == (3,)
