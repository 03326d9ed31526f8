"""The vocabulary of verdicts: every reason weighed, documented, and never rounded up."""

from __future__ import annotations

import re
from pathlib import Path

from signing.reasons import WEIGHTS, Conclusion, Reason, conclude, worst

PAGE = Path(__file__).parents[3] / "docs" / "verification.md"
LETTERS = {"F": Conclusion.FAILED, "I": Conclusion.INDETERMINATE, "R": Conclusion.PASSED, "M": Conclusion.MALFORMED}


def test_every_reason_has_a_weight() -> None:
    """None is forgotten, and what is bad or open says so in ETSI's words."""
    assert set(WEIGHTS) == set(Reason)
    silent = {reason for reason, (weight, said) in WEIGHTS.items() if weight is not Conclusion.PASSED and not said}
    assert silent == {Reason.FILE_UNREADABLE}


def test_the_page_tells_every_reason_with_its_weight() -> None:
    """docs/verification.md is what people look codes up in."""
    rows = re.findall(r"^\| ([FIRM]) \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    told = {code: LETTERS[letter] for letter, codes in rows for code in re.findall(r"`(\w+)`", codes)}
    assert told == {str(reason): WEIGHTS[reason][0] for reason in Reason}


def test_the_worst_decides_and_all_are_kept() -> None:
    """One open question is enough to leave the whole open."""
    verdict, reasons = conclude([Reason.REVOKED_LATER, Reason.REVOCATION_UNKNOWN, Reason.REVOKED_LATER])
    assert verdict is Conclusion.INDETERMINATE
    assert reasons == (Reason.REVOCATION_UNKNOWN, Reason.REVOKED_LATER)
    assert conclude([]) == (Conclusion.PASSED, ())
    assert worst([Conclusion.PASSED, Conclusion.INDETERMINATE]) is Conclusion.INDETERMINATE
