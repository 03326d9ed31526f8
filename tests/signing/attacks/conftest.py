"""The suite, its verdicts by our own verifier, made once per run."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

import signing
from signing.testing.attacks import ALL, Case, Office, make_all, office
from signing.testing.attacks.suite import lists_of, roots_of


def judge(case: Case, data: bytes, people: Office) -> signing.DocumentVerdict:
    """The verdict as `python -m signing verify --trust … --crl … --at …` gives it."""
    question = case.ask(people)
    trust = signing.TrustStore.of(*roots_of(question, people))
    evidence = signing.Evidence(crls=lists_of(question, people))
    if case.content is None:
        return signing.verify(data, trust=trust, at=question.at, evidence=evidence)
    return signing.verify_detached(data, case.content(people), trust=trust, at=question.at, evidence=evidence)


@pytest.fixture(scope="session")
def suite() -> Mapping[str, bytes]:
    return make_all()


@pytest.fixture(scope="session")
def verdicts(suite: Mapping[str, bytes]) -> Mapping[str, signing.DocumentVerdict | Exception]:
    """Name → verdict, or what escaped."""
    found: dict[str, signing.DocumentVerdict | Exception] = {}
    for case in ALL:
        try:
            found[case.name] = judge(case, suite[case.name], office())
        except Exception as error:
            found[case.name] = error
    return found
