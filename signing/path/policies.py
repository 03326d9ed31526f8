"""Certificate policies (RFC 5280, 6.1) in the form that cannot explode (RFC 9618).

The policy *tree* of RFC 5280 can grow exponentially with crafted mappings. Here each level keeps one entry for each
policy: what the next certificate may call it, and from which policies of the root's own language it descends.
That is all the graph of RFC 9618 is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass

from signing.errors import NeedsCare
from signing.path.extensions import ANY_POLICY
from signing.path.model import Certificate

MAX_STEPS = 200_000
"""Steps in one level before a policy set counts as hostile: `NeedsCare("policies_too_many")`."""


@dataclass(slots=True)
class _Entry:
    """`origins` is empty for anyPolicy, whose origin is everything."""

    expected: frozenset[str]
    origins: frozenset[str]


class PolicyGraph:
    """The valid_policy_graph while the chain is walked downwards; `is_null` once nothing is valid any more."""

    __slots__ = ("_before", "_level")

    def __init__(self) -> None:
        self._level: dict[str, _Entry] = {ANY_POLICY: _Entry(frozenset({ANY_POLICY}), frozenset())}
        self._before: dict[str, _Entry] = {}

    @property
    def is_null(self) -> bool:
        return not self._level

    def descend(self, policies: frozenset[str] | None, *, any_counts: bool) -> None:
        """6.1.3 (d) and (e): one certificate further. `any_counts`: its anyPolicy is not inhibited."""
        before, self._before = self._level, self._level
        if policies is None or not before:
            self._level = {}
            return
        offered = _offered(before)
        level: dict[str, _Entry] = {}
        if sum(len(entry.origins) + 1 for parents in offered.values() for _, entry in parents) > MAX_STEPS:
            raise NeedsCare("policies_too_many")
        for policy in policies - {ANY_POLICY}:
            parents = offered.get(policy)
            if parents:
                level[policy] = _child(policy, parents)
            elif ANY_POLICY in before:
                level[policy] = _Entry(frozenset({policy}), frozenset({policy}))
        if any_counts and ANY_POLICY in policies:
            for policy, parents in offered.items():
                if policy not in level:
                    level[policy] = _child(policy, parents)
        self._level = level

    def map(self, mappings: tuple[tuple[str, str], ...], *, allowed: bool) -> None:
        """6.1.4 (b): the issuer's policies get the names that the next certificates use."""
        wanted: dict[str, set[str]] = {}
        for issuer, subject in mappings:
            wanted.setdefault(issuer, set()).add(subject)
        for policy, names in wanted.items():
            if not allowed:
                self._level.pop(policy, None)
            elif policy in self._level:
                self._level[policy].expected = frozenset(names)
            elif ANY_POLICY in self._level and ANY_POLICY in self._before:
                self._level[policy] = _Entry(frozenset(names), frozenset({policy}))

    def accepted(self, wanted: frozenset[str]) -> frozenset[str]:
        """6.1.5 (g): the policies, in the root's language, under which the chain is valid for this user."""
        origins = frozenset(origin for entry in self._level.values() for origin in entry.origins)
        if ANY_POLICY in wanted:
            return origins | ({ANY_POLICY} if ANY_POLICY in self._level else frozenset())
        return wanted if ANY_POLICY in self._level else origins & wanted


def _offered(level: dict[str, _Entry]) -> dict[str, list[tuple[str, _Entry]]]:
    """By the name that the next certificate uses: the entries that stand for it."""
    found: dict[str, list[tuple[str, _Entry]]] = {}
    for policy, entry in level.items():
        for name in entry.expected:
            found.setdefault(name, []).append((policy, entry))
    return found


def _child(policy: str, parents: list[tuple[str, _Entry]]) -> _Entry:
    if policy == ANY_POLICY:
        return _Entry(frozenset({ANY_POLICY}), frozenset())
    origins: set[str] = set()
    for name, entry in parents:
        origins |= {policy} if name == ANY_POLICY else entry.origins
    return _Entry(frozenset({policy}), frozenset(origins))


@dataclass(slots=True)
class PolicyState:
    """The counters of 6.1.2 and the graph, for one chain of `length` certificates below the root."""

    graph: PolicyGraph
    explicit: int
    mapping: int
    inhibit_any: int

    @classmethod
    def start(cls, length: int, *, explicit: bool, inhibit_mapping: bool, inhibit_any: bool) -> PolicyState:
        after = length + 1
        return cls(
            PolicyGraph(),
            0 if explicit else after,
            0 if inhibit_mapping else after,
            0 if inhibit_any else after,
        )

    def check(self, certificate: Certificate, *, is_last: bool) -> bool:
        """6.1.3 (d)–(f): False when a policy is demanded and none is left."""
        any_counts = self.inhibit_any > 0 or (not is_last and certificate.is_self_issued)
        self.graph.descend(certificate.policies, any_counts=any_counts)
        return self.explicit > 0 or not self.graph.is_null

    def prepare_next(self, certificate: Certificate) -> bool:
        """6.1.4 (a), (b), (h)–(j); False when anyPolicy is mapped, which nothing may do."""
        if any(ANY_POLICY in pair for pair in certificate.mappings):
            return False
        if certificate.mappings:
            self.graph.map(certificate.mappings, allowed=self.mapping > 0)
        if not certificate.is_self_issued:
            self._count_down()
        rules = certificate.policy_constraints
        if rules is not None and rules.require_explicit is not None:
            self.explicit = min(self.explicit, rules.require_explicit)
        if rules is not None and rules.inhibit_mapping is not None:
            self.mapping = min(self.mapping, rules.inhibit_mapping)
        if certificate.inhibit_any is not None:
            self.inhibit_any = min(self.inhibit_any, certificate.inhibit_any)
        return True

    def _count_down(self) -> None:
        self.explicit = max(0, self.explicit - 1)
        self.mapping = max(0, self.mapping - 1)
        self.inhibit_any = max(0, self.inhibit_any - 1)

    def wrap_up(self, last: Certificate, wanted: frozenset[str]) -> tuple[bool, frozenset[str]]:
        """6.1.5 (a), (b), (g): (whether the chain's policies satisfy the user, which they are)."""
        self.explicit = max(0, self.explicit - 1)
        rules = last.policy_constraints
        if rules is not None and rules.require_explicit == 0:
            self.explicit = 0
        accepted = self.graph.accepted(wanted)
        return self.explicit > 0 or bool(accepted), accepted
