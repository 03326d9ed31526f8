"""Why a document waits unsigned: every reason from its fact, and the order where several are true."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pytest

from workflow.domain.obstacle_codes import NOT_OBSTACLES, OBSTACLE_OF, reported
from workflow.domain.unsigned_reasons import (
    Attempt,
    Facts,
    Met,
    Obstacle,
    Reason,
    Trial,
    Validity,
    attempt,
    obstacle,
    reason,
)

CUT_OFF = dt.datetime(2026, 11, 23, tzinfo=dt.UTC)
HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
VALID = Validity(CUT_OFF - 100 * DAY, CUT_OFF + 100 * DAY)
PLAIN = Facts(opened=True, certificates=(VALID,))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Reason.OPENED),
        ({"opened": False}, Reason.NOT_OPENED),
        ({"opened": False, "looks_cleared": True}, Reason.LOOKS_CLEARED),
        ({"looks_cleared": True}, Reason.OPENED),
        ({"opened": False, "looks_cleared": True, "attempt": Attempt.DROPPED}, Reason.ATTEMPT_DROPPED),
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
        ({"obstacle": Obstacle.PIN_FAILED, "opened": False}, Reason.PIN_FAILED),
        ({"obstacle": Obstacle.AGENT_MISSING, "attempt": Attempt.DROPPED}, Reason.AGENT_MISSING),
        ({"obstacle": Obstacle.CERTIFICATE_EXPIRED}, Reason.EXPIRED_CHOSEN),
        ({"obstacle": Obstacle.CERTIFICATE_EXPIRED, "certificates": ()}, Reason.NO_CERTIFICATE),
        ({"obstacle": Obstacle.REVOCATION_UNREACHABLE, "attempt": Attempt.PROVISIONAL}, Reason.PROVISIONAL),
        ({"obstacle": Obstacle.PIN_FAILED, "opinions": True}, Reason.OPINIONS),
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


def _met(kind: Obstacle, hours: int) -> Met:
    return Met(kind, CUT_OFF + hours * HOUR)


@pytest.mark.parametrize(
    ("met", "trials", "expected"),
    [
        ([], [], None),
        ([_met(Obstacle.PIN_FAILED, -9)], [], None),  # before it came to the signer
        ([_met(Obstacle.PIN_FAILED, 1)], [], None),  # after the cut-off
        ([_met(Obstacle.PIN_FAILED, -3)], [], Obstacle.PIN_FAILED),
        ([_met(Obstacle.PIN_FAILED, -3), _met(Obstacle.KEY_LOCKED, -2)], [], Obstacle.KEY_LOCKED),
        ([_met(Obstacle.PIN_FAILED, -3), _met(Obstacle.CANCELLED, -2)], [], Obstacle.PIN_FAILED),
        ([_met(Obstacle.CANCELLED, -2)], [], Obstacle.CANCELLED),
        ([_met(Obstacle.PIN_FAILED, -3)], [_trial(began=-2)], None),  # the key opened after that
        ([_met(Obstacle.NETWORK_LOST, -1)], [_trial(began=-2)], Obstacle.NETWORK_LOST),
        ([_met(Obstacle.PIN_FAILED, -3)], [_trial(began=1)], Obstacle.PIN_FAILED),  # that came later
        ([_met(Obstacle.REVOCATION_UNREACHABLE, -2)], [_trial(began=-2, received=-2, ended=-1)], None),  # judged
        ([_met(Obstacle.TIMED_OUT, -2)], [_trial(began=-3, ended=-1)], Obstacle.TIMED_OUT),  # set aside by night
    ],
)
def test_what_stood_in_the_way_last(met: list[Met], trials: list[Trial], expected: Obstacle | None) -> None:
    """Since it waits and since the last step that went well, as known at the cut-off."""
    assert obstacle(met, trials, since=CUT_OFF - 5 * HOUR, cut_off=CUT_OFF) is expected


def test_each_code_is_one_obstacle_or_none() -> None:
    """The one place of codes: kinds name themselves, what is no obstacle stands apart, the unknown is `other`."""
    assert set(OBSTACLE_OF.values()) == set(Obstacle)
    assert not NOT_OBSTACLES & OBSTACLE_OF.keys()
    codes = ("wrong_password", "certificate_revoked", "no_file", "x" * 500)
    expected = [Obstacle.PIN_FAILED, Obstacle.CERTIFICATE_REVOKED, None, Obstacle.OTHER]
    assert [reported(code) for code in codes] == expected


def test_every_code_of_our_scripts_is_known() -> None:
    """What the signer's scripts and the page of the signing program name is never `other` by neglect."""
    signer = Path(__file__).parents[2] / "workflow" / "web" / "static" / "signer"
    listed = (signer / "errors.js").read_text("utf-8").split("CODES = Object.freeze({")[1].split("});")[0]
    codes = set(re.findall(r"^  (\w+): '", listed, re.MULTILINE))
    stops = (signer / "agent" / "page.js").read_text("utf-8").split("STOPS = new Set([")[1].split("])")[0]
    states = set(re.findall(r"'(\w+)'", stops))
    assert {"wrong_password", "token_no_extension", "network", "nothing_chosen"} < codes
    assert {"missing", "wrong_pin", "locked"} < states
    known = NOT_OBSTACLES | OBSTACLE_OF.keys()
    assert codes - known == {f"agent_{one}" for one in states} - known == set()
