"""pyhanko-certvalidator on the same question: certificates, roots, lists, time and policies of the case."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import x509
from pyhanko_certvalidator import CertificateValidator
from pyhanko_certvalidator.context import ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError, ValidationError
from pyhanko_certvalidator.policy_decl import AcceptAllAlgorithms, PKIXValidationParams

from signing.path.check import PathResult
from signing.path.policy import RFC5280, Policy
from tests.signing.path.world import NOW, Party, World


@dataclass(frozen=True)
class Question:
    leaf: bytes
    pool: tuple[bytes, ...]
    root: bytes
    lists: tuple[bytes, ...]
    at: datetime
    wanted: dict[str, object]
    ours: PathResult


@contextmanager
def overheard(world: type[World]) -> Iterator[list[Question]]:
    """Every question that a case asks while this lasts."""
    asked: list[Question] = []
    check = world.check

    def listen(
        self: World, leaf: Party, *, at: datetime = NOW, policy: Policy = RFC5280, **wanted: object
    ) -> PathResult:
        ours = check(self, leaf, at=at, policy=policy, **wanted)
        asked.append(
            Question(leaf.der, tuple(self.pool), self.root.der, self.evidence().crls, at, dict(wanted), ours)
        )
        return ours

    world.check = listen  # type: ignore[method-assign]
    try:
        yield asked
    finally:
        world.check = check  # type: ignore[method-assign]


def second_opinion(question: Question) -> tuple[bool, str]:
    """(whether it finds the path good, what it says otherwise)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            asyncio.run(_validate(question))
        except (PathBuildingError, PathValidationError, ValidationError, ValueError, TypeError, KeyError) as error:
            return False, f"{type(error).__name__}: {error}"
    return True, ""


async def _validate(question: Question) -> None:
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(question.root)],
        other_certs=[x509.Certificate.load(item) for item in question.pool],
        crls=list(question.lists),
        moment=question.at,
        revocation_mode="require",
        algorithm_usage_policy=AcceptAllAlgorithms(),
    )
    wanted = question.wanted
    policies = frozenset(wanted.get("policies") or ()) or frozenset({"any_policy"})  # type: ignore[call-overload]
    params = PKIXValidationParams(
        user_initial_policy_set=policies,
        initial_explicit_policy=bool(wanted.get("explicit_policy")),
        initial_policy_mapping_inhibit=bool(wanted.get("inhibit_mapping")),
        initial_any_policy_inhibit=bool(wanted.get("inhibit_any_policy")),
    )
    validator = CertificateValidator(
        x509.Certificate.load(question.leaf),
        intermediate_certs=[x509.Certificate.load(item) for item in question.pool],
        validation_context=context,
        pkix_params=params,
    )
    await validator.async_validate_path()
