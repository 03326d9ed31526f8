"""Changed bytes: an answer for every one of them, and never a yes for a file that says something else."""

from __future__ import annotations

import random

import pytest

from signing.pdf import read
from signing.reasons import Conclusion
from tests.signing.verification.office import Office

ROUNDS = 400


def _holes(data: bytes) -> list[range]:
    """Where changes may be harmless: inside /Contents, upper and lower case mean the same."""
    fields = read(data).signature_fields()
    found = [item.value["Contents"] for item in fields if item.value is not None]
    return [range(item.start, item.end) for item in found]


@pytest.mark.parametrize("seed", range(4))
def test_no_changed_byte_passes(office: Office, seed: int) -> None:
    """One byte of the covered range changed: the last signature covers everything but its own hole."""
    data, chooser = office.issued, random.Random(seed)
    last = max(_holes(data), key=lambda hole: hole.start)
    for _ in range(ROUNDS // 4):
        place = chooser.randrange(len(data))
        value = chooser.randrange(256)
        if place in last or value == data[place]:
            continue
        changed = data[:place] + bytes([value]) + data[place + 1 :]
        assert office.judge(changed).verdict is not Conclusion.PASSED, (place, value)


@pytest.mark.parametrize("seed", range(4))
def test_no_damage_raises(office: Office, seed: int) -> None:
    """Cut, doubled, shuffled: always a verdict. What nobody needs, as a root's copy in the last CMS, may suffer."""
    data, chooser = office.issued, random.Random(100 + seed)
    last = max(_holes(data), key=lambda hole: hole.start)
    for _ in range(ROUNDS // 8):
        start, length = chooser.randrange(len(data)), chooser.randrange(1, 3000)
        piece = data[start : start + length]
        for damaged in (
            data[:start],
            data[:start] + data[start + length :],
            data[:start] + piece + piece + data[start + length :],
            data[:start] + piece[::-1] + data[start + length :],
        ):
            verdict = office.judge(damaged)
            is_older_state = data.startswith(damaged)  # also the file itself, where zeros were reversed
            is_beside = len(damaged) == len(data) and start in last and start + length - 1 in last
            assert verdict.verdict is not Conclusion.PASSED or is_older_state or is_beside


def test_changed_contents_never_raise(office: Office) -> None:
    """Any byte of the CMS itself, in the hole that no hash protects."""
    data, chooser = office.signed, random.Random(7)
    hole = _holes(data)[0]
    for _ in range(150):
        place = hole.start + 1 + chooser.randrange(3000)
        digit = chooser.choice(b"0123456789abcdef")
        if data[place] == digit:
            continue
        office.judge(data[:place] + bytes([digit]) + data[place + 1 :])


def test_every_earlier_revision_is_judged_alone(office: Office) -> None:
    """A file cut at a revision is what the signer saw then: it passes with the signatures it has."""
    file = read(office.issued)
    seen = [office.judge(office.issued[: item.end_of_line]) for item in file.revisions]
    assert [len(verdict.signatures) for verdict in seen] == [0, 1, 2, 3]
    assert {verdict.verdict for verdict in seen[1:]} == {Conclusion.PASSED}
