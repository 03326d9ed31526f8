"""Hostile messages: kept ones, cut ones, changed ones, and plain noise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.signing.cms.harness import SEEDS, judged, one, seeds
from tests.support import counts

pytestmark = pytest.mark.soak
KEPT = seeds()
BYTES = st.binary(max_size=400)
TAGS = st.sampled_from(
    [
        b"\x30\x80",
        b"\0\0",
        b"\x24\x80",
        b"\xa0\x80",
        b"\x30\x84\x7f\xff\xff\xff",
        b"\x04\x88",
        b"\x31\x00",
        b"\x06\x01\x80",
    ]
)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_kept_messages_have_an_answer(name: str) -> None:
    """The shapes fuzzing starts from, and what it found."""
    one(KEPT[name])


def test_there_are_seeds() -> None:
    """An empty folder would test nothing."""
    assert len(KEPT) >= 14, SEEDS


@given(st.sampled_from(sorted(KEPT)), st.data())
def test_changed_messages_have_an_answer(name: str, data: st.DataObject) -> None:
    """Some bytes replaced, taken out or put in, by others or by the beginnings of values."""
    message = bytearray(KEPT[name])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(message)))
        gone = data.draw(st.integers(0, 3))
        message[place : place + gone] = data.draw(st.one_of(st.binary(max_size=4), TAGS))
    one(bytes(message))


@given(st.sampled_from(sorted(KEPT)), st.sampled_from(sorted(KEPT)), st.data())
def test_spliced_messages_have_an_answer(first: str, second: str, data: st.DataObject) -> None:
    """The head of one, the tail of another."""
    head, tail = KEPT[first], KEPT[second]
    one(head[: data.draw(st.integers(0, len(head)))] + tail[data.draw(st.integers(0, len(tail))) :])


@given(BYTES)
def test_noise_has_an_answer(noise: bytes) -> None:
    """Also behind the beginning of a message."""
    one(noise)
    one(b"\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80" + noise)


@pytest.mark.parametrize("name", sorted(KEPT))
def test_every_cut_has_an_answer(name: str) -> None:
    """At every so many bytes."""
    step = counts.times(97, soak=1)
    for end in range(0, len(KEPT[name]), step):
        judged(KEPT[name][:end])
