"""What is believed, in words: roots, proposed changes, and how far revocation lists reach."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import signing
from workflow.domain.text import from_outside
from workflow.services.signing.roots import Wanted
from workflow.services.trust_evidence import Reach
from workflow.store.models import TrustChange, TrustRoot
from workflow.web import format
from workflow.web.i18n import N_, _

KINDS = {
    "public_service": N_("dedicated to public service"),
    "public": N_("public"),
    "dedicated": N_("dedicated"),
    "foreign": N_("foreign"),
    "unknown": N_("not known"),
    "demo": N_("DEMO"),
}
PURPOSES = {"person": N_("persons"), "seal": N_("seals of agencies"), "tsa": N_("timestamps")}
POLICIES = {
    "daily": N_("Daily: a revocation list of the last day decides. For offices whose lists are renewed every day."),
    "strict": N_("Strict: only a list from after the signature decides; until it comes, a signature waits."),
}
POLICY_NAMES = {"daily": N_("daily"), "strict": N_("strict")}
TITLES = {
    "add": N_("Add the root “%(name)s”"),
    "retire": N_("Retire the root “%(name)s”"),
    "amend": N_("Amend the root “%(name)s”"),
    "policy": N_("Judge signatures by the policy “%(name)s”"),
}
STATES = {
    "counting": (N_("being counted"), "wait"),
    "waiting": (N_("waits for a second administrator"), "warn"),
    "done": (N_("in force"), "good"),
    "refused": (N_("not accepted"), "bad"),
    "withdrawn": (N_("taken back"), "plain"),
}
REACHES = {
    Reach.MISSING: (N_("no list"), "bad"),
    Reach.AGED: (N_("too old"), "bad"),
    Reach.OVERDUE: (N_("next one is overdue"), "warn"),
    Reach.FRESH: (N_("up to date"), "good"),
    Reach.ANSWERED: (N_("answers about each certificate"), "good"),
}


@dataclass(frozen=True, slots=True)
class Certified:
    """What a root's certificate says. `printed`: its fingerprint in groups of four, as paper has it."""

    subject: str
    organisation: str
    not_before: dt.datetime
    not_after: dt.datetime
    key: str
    serial: str
    printed: str

    @classmethod
    def of(cls, der: bytes) -> Certified:
        """From the file."""
        facts = signing.inspect_certificate(der)
        digits = facts.sha256.upper()
        return cls(
            subject=from_outside(facts.common_name or facts.organisation),
            organisation=from_outside(facts.organisation),
            not_before=facts.not_before,
            not_after=facts.not_after,
            key=f"{facts.key_kind} {facts.key_bits}" if facts.key_kind == "RSA" else facts.key_kind,
            serial=facts.serial,
            printed=" ".join(digits[place : place + 4] for place in range(0, len(digits), 4)),
        )


@dataclass(frozen=True, slots=True)
class Root:
    """A root for a page. `hands`: who stands behind it; one alone where the shell listed it."""

    row: TrustRoot
    certified: Certified
    lines: tuple[tuple[str, str], ...]
    hands: str
    waits: int | None
    """The open change that concerns it."""


def root(row: Any, names: Mapping[int, str], waiting: Mapping[str, int]) -> Root:
    """From a row of `listed_roots`."""
    found: TrustRoot = row[0]
    people = ", ".join(name for name in (row.first, row.second) if name)
    return Root(
        row=found,
        certified=Certified.of(found.der),
        lines=wishes(Wanted.of(found), names),
        hands=people if row.second else _alone(people),
        waits=waiting.get(found.sha256) if found.retired_at is None else None,
    )


def _alone(person: str) -> str:
    words = _("listed by the shell, without a second person")
    return f"{person}, {words}" if person else words


def wishes(wanted: Wanted, names: Mapping[int, str]) -> tuple[tuple[str, str], ...]:
    """(title, words) of everything that is believed of a root; the same titles in the same order for all."""
    return (
        (_("Label"), wanted.label),
        (_("Kind"), _(KINDS.get(wanted.kind, KINDS["unknown"]))),
        (_("For"), ", ".join(_(PURPOSES[name]) for name in PURPOSES if name in wanted.purposes)),
        (_("For papers of"), scope(wanted.scope, names)),
        (_("Trusted until"), format.day(wanted.trusted_until) if wanted.trusted_until else _("as long as listed")),
    )


def scope(ids: tuple[int, ...], names: Mapping[int, str]) -> str:
    """Agencies by name; those below them are meant too."""
    if not ids:
        return _("every agency")
    return _("%(names)s and agencies below", names=", ".join(names.get(one, str(one)) for one in ids))


def title(change: TrustChange) -> str:
    """What a change is, in one line."""
    told = change.wanted if change.kind in {"add", "policy"} else change.before
    name = _(POLICY_NAMES[str(told["name"])]) if change.kind == "policy" else str(told["label"])
    return _(TITLES[change.kind], name=name)


def state(change: TrustChange) -> tuple[str, str]:
    """(word, tone)."""
    word, tone = STATES[change.state]
    return _(word), tone


def differences(change: TrustChange, names: Mapping[int, str]) -> tuple[tuple[str, str, str], ...]:
    """(title, before, after) of what a change alters; before is empty for a new root."""
    if change.kind == "policy":
        old, new = (_(POLICY_NAMES[str(told["name"])]) for told in (change.before, change.wanted))
        return ((_("Policy"), old, new),)
    if change.kind == "add":
        return tuple((name, "", words) for name, words in wishes(Wanted.from_json(change.wanted), names))
    before = wishes(Wanted.from_json(change.before), names)
    if change.kind == "retire":
        return tuple((name, "", words) for name, words in before)
    after = wishes(Wanted.from_json(change.wanted), names)
    pairs = zip(before, after, strict=True)
    return tuple((name, old, new) for (name, old), (_same, new) in pairs if old != new)


def scopes_of(*told: Mapping[str, Any]) -> set[int]:
    """The agencies that some wishes name."""
    return {int(one) for wish in told for one in wish.get("scope", ())}
