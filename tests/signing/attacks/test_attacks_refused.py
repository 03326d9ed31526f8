"""Every bad file refused, every good twin accepted, by our own verifier."""

from __future__ import annotations

from collections.abc import Mapping

import signing
from signing.testing.attacks import ALL, Case, Kind

Verdicts = Mapping[str, signing.DocumentVerdict | Exception]

NOT_YET_ACCEPTED: frozenset[str] = frozenset()
"""Good files that are still refused. Whoever mends one takes it out of this list."""
NOT_YET_REFUSED: frozenset[str] = frozenset()
"""Bad files that still pass, or end in an exception. Whoever mends one takes it out of this list."""


def _of(kind: Kind) -> list[Case]:
    return [case for case in ALL if case.kind is kind]


def _said(verdicts: Verdicts, case: Case) -> str:
    found = verdicts[case.name]
    return type(found).__name__ if isinstance(found, Exception) else str(found.verdict)


def test_bad_files_are_refused(verdicts: Verdicts) -> None:
    """With the verdict that the index allows: never passed, never an exception."""
    wrong = {case.name for case in _of(Kind.BAD) if _said(verdicts, case) not in case.verdicts}
    assert wrong == NOT_YET_REFUSED


def test_good_files_are_accepted(verdicts: Verdicts) -> None:
    """No false alarm: a verifier that refuses real files is not used."""
    refused = {case.name for case in _of(Kind.GOOD) if _said(verdicts, case) != "passed"}
    assert refused == NOT_YET_ACCEPTED


def test_odd_files_are_answered(verdicts: Verdicts) -> None:
    """Yes and no may both be right; an exception never is."""
    wrong = {case.name for case in _of(Kind.EITHER) if _said(verdicts, case) not in case.verdicts}
    assert wrong == set()


def test_facets_are_as_the_index_says(verdicts: Verdicts) -> None:
    """Wherever a signature was judged: intact and weak are said apart, permission apart from change."""
    wrong = {
        (case.name, facet, str(getattr(signature, facet)))
        for case in ALL
        for field, facets in case.facets.items()
        if isinstance(verdict := verdicts[case.name], signing.DocumentVerdict)
        and (signature := verdict.signature(field)) is not None
        for facet, allowed in facets.items()
        if getattr(signature, facet) not in allowed
    }
    assert wrong == set()


def test_every_refusal_has_a_reason(verdicts: Verdicts) -> None:
    """No file is turned away without a word."""
    silent = {
        name
        for name, verdict in verdicts.items()
        if isinstance(verdict, signing.DocumentVerdict)
        and verdict.verdict not in ("passed", "unsigned")
        and verdict.reason is None
    }
    assert silent == set()
