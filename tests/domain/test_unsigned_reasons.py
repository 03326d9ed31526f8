"""Why a document waits unsigned: every reason from its fact, and the order where several are true."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from workflow.domain.unsigned_reasons import Attempt, Facts, Reason, Trial, Validity, attempt, reason

CUT_OFF = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
VALID = Validity(CUT_OFF - 100 * DAY, CUT_OFF + 100 * DAY)
PLAIN = Facts(opened=True, certificates=(VALID,))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Reason.OPENED),
        ({"opened": False}, Reason.NOT_OPENED),
        ({"attempt": Attempt.UNDER_WAY}, Reason.OPENED),
        ({"attempt": Attempt.DROPPED}, Reason.ATTEMPT_DROPPED),
        ({"attempt": Attempt.FAILED, "opened": False}, Reason.ATTEMPT_FAILED),
        ({"certificates": (Validity(CUT_OFF - 9 * DAY, CUT_OFF - DAY),)}, Reason.CERTIFICATE_EXPIRED),
        ({"certificates": (Validity(CUT_OFF - 9 * DAY, CUT_OFF - DAY, CUT_OFF - HOUR),)}, Reason.NO_CERTIFICATE),
        (
            {"certificates": (Validity(CUT_OFF - 9 * DAY, CUT_OFF - DAY, CUT_OFF + HOUR),)},
            Reason.CERTIFICATE_EXPIRED,
        ),
        ({"certificates": (Validity(CUT_OFF - 9 * DAY, CUT_OFF - DAY), VALID)}, Reason.OPENED),
        ({"certificates": (replace(VALID, retired=CUT_OFF - HOUR),)}, Reason.NO_CERTIFICATE),
        ({"certificates": (replace(VALID, retired=CUT_OFF + HOUR),)}, Reason.OPENED),
        ({"certificates": (Validity(CUT_OFF + HOUR, CUT_OFF + DAY),)}, Reason.NO_CERTIFICATE),
        ({"certificates": (), "attempt": Attempt.FAILED}, Reason.NO_CERTIFICATE),
        ({"away": True, "certificates": ()}, Reason.SIGNER_AWAY),
        ({"opinions": True, "away": True}, Reason.OPINIONS),
        ({"initials": True, "opinions": True}, Reason.INITIALS),
        ({"attempt": Attempt.PROVISIONAL, "initials": True}, Reason.PROVISIONAL),
        ({"secret": True, "attempt": Attempt.PROVISIONAL}, Reason.ON_PAPER),
    ],
)
def test_the_first_that_is_true_is_said(changes: dict[str, object], expected: Reason) -> None:
    """From the plain case (opened, nothing in the way) each fact alone, and the earlier one of two."""
    assert reason(replace(PLAIN, **changes), cut_off=CUT_OFF) is expected  # type: ignore[arg-type]


def _trial(*, began: int, received: int | None = None, ended: int | None = None) -> Trial:
    def at(hours: int) -> dt.datetime:
        return CUT_OFF + hours * HOUR

    return Trial(
        began=at(began), expires=at(began) + HOUR / 4, received=None if received is None else at(received),
        ended=None if ended is None else at(ended),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("trials", "expected"),
    [
        ([], None),
        ([_trial(began=-9)], None),  # before it came to the signer
        ([_trial(began=1, received=1)], None),  # after the cut-off
        ([_trial(began=-2)], Attempt.DROPPED),
        ([_trial(began=0)], Attempt.UNDER_WAY),
        ([_trial(began=-2, received=-1)], Attempt.PROVISIONAL),
        ([_trial(began=-2, received=-1, ended=1)], Attempt.PROVISIONAL),  # decided after the cut-off
        ([_trial(began=-3, received=-2, ended=-1)], Attempt.FAILED),
        ([_trial(began=-3, received=-3, ended=-3), _trial(began=-2)], Attempt.DROPPED),  # the latest counts
    ],
)
def test_what_a_signing_came_to(trials: list[Trial], expected: Attempt | None) -> None:
    """Only what was known at the cut-off, only since the document waits."""
    assert attempt(trials, since=CUT_OFF - 5 * HOUR, cut_off=CUT_OFF) is expected
