"""Words that changed between two texts, and the bounds of comparing."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.domain.differences import Change, Run, differences, hunks

KEPT, INSERTED, REMOVED = Change.KEPT, Change.INSERTED, Change.REMOVED


@pytest.mark.parametrize(
    ("before", "after", "runs"),
    [
        ("", "", ()),
        ("một hai", "một hai", ((KEPT, "một hai"),)),
        ("một\nhai ba", "một hai\nba", ((KEPT, "một hai ba"),)),
        ("một ba", "một hai ba", ((KEPT, "một"), (INSERTED, "hai"), (KEPT, "ba"))),
        ("một hai ba", "một ba", ((KEPT, "một"), (REMOVED, "hai"), (KEPT, "ba"))),
        ("ngày 20", "ngày 25", ((KEPT, "ngày"), (REMOVED, "20"), (INSERTED, "25"))),
        ("", "mới", ((INSERTED, "mới"),)),
    ],
)
def test_words(before: str, after: str, runs: tuple[tuple[Change, str], ...]) -> None:
    """Inserted, removed, kept; where a line breaks is no change."""
    assert tuple((one.change, one.text) for one in differences(before, after)) == runs


WORDS = st.lists(st.sampled_from(["a", "b", "của", "và", "\n"]), max_size=40).map(" ".join)


@given(WORDS, WORDS)
def test_both_texts_can_be_read_from_the_runs(before: str, after: str) -> None:
    """Nothing is lost or invented, and neighbours are of different kinds."""
    runs = differences(before, after)
    old = [word for run in runs if run.change is not INSERTED for word in run.words]
    new = [word for run in runs if run.change is not REMOVED for word in run.words]
    assert (old, new) == (before.split(), after.split())
    assert all(one.change is not next_one.change for one, next_one in pairwise(runs))


@given(WORDS, WORDS, st.integers(0, 3))
def test_every_change_stands_in_one_place(before: str, after: str, around: int) -> None:
    """Places hold every change in order; what lies between is counted or shown."""
    runs = differences(before, after)
    shown = [run for hunk in hunks(runs, around=around) for run in hunk.runs]
    assert [one for one in shown if one.change is not KEPT] == [one for one in runs if one.change is not KEPT]


def test_few_words_around_a_change() -> None:
    """The rest is counted."""
    runs = differences(" ".join("abcdefghij"), " ".join("abcdefghiX"))
    assert [(one.skipped, [(run.change, run.text) for run in one.runs]) for one in hunks(runs, around=2)] == [
        (7, [(KEPT, "h i"), (REMOVED, "j"), (INSERTED, "X")])
    ]
    assert hunks((Run(KEPT, ("a", "b")),)) == ()


def test_long_texts_that_repeat_a_few_words_end_soon() -> None:
    """A hostile pair, 60,000 words each: bounded, and said as replaced whole where it is too much."""
    before, after = (" ".join(f"{word}{n % 7}" for n in range(60_000)) for word in ("a", "b"))
    begun = time.process_time()
    assert [one.change for one in differences(before, after)] == [REMOVED, INSERTED]
    assert time.process_time() - begun < 5


@pytest.mark.parametrize("gap", ["\n", " "])
def test_what_repeats_itself_ends_soon(gap: str) -> None:
    """Thousands of equal lines or words, each second one with a stranger between: minutes, if one compared them."""
    before = gap.join(["0"] * 5000)
    after = gap.join(f"0{gap}b{n}" for n in range(3000))
    begun = time.process_time()
    changes = {one.change for one in differences(before, after)}
    assert time.process_time() - begun < 5
    assert {REMOVED, INSERTED} <= changes
    assert differences(before, before) == (Run(KEPT, ("0",) * 5000),)
    long = differences(before, before + gap + "thêm")
    assert [(one.change, len(one.words)) for one in long][-1:] == [(INSERTED, 1)] or gap == " "
