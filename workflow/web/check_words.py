"""The verdict about a file that somebody brought, in words: the file, each signature, the saved states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

import signing
from signing.verification import serial
from workflow.domain.text import from_outside
from workflow.web import format
from workflow.web.i18n import N_, _, ngettext
from workflow.web.verdict_words import (
    FACETS,
    ONLY_REMARKS,
    PURPOSES,
    TIME_SOURCES,
    Explained,
    conclusion_words,
    evidence_of,
    explained,
    reason_words,
)

HEADS = {
    ("signature", "passed"): N_("Valid signature"),
    ("signature", "indeterminate"): N_("Not enough to decide about the signature"),
    ("signature", "failed"): N_("Invalid signature"),
    ("timestamp", "passed"): N_("Valid document timestamp"),
    ("timestamp", "indeterminate"): N_("Not enough to decide about the document timestamp"),
    ("timestamp", "failed"): N_("Invalid document timestamp"),
}
ROLES = {
    "approval": N_("Signature"),
    "certification": N_("Certification, which says what may come later"),
    "timestamp": N_("Document timestamp"),
}
WORDS = {
    "unsigned": (N_("Not signed"), "plain"),
    "malformed": (N_("Cannot be checked"), "bad"),
}
FOR_EVERYBODY = ("integrity", "coverage", "changes_after", "path", "signature_kind")
LATER = {
    "evidence": N_("proofs of certificates"),
    "signing": N_("a further signature"),
    "form_filling": N_("filled-in fields"),
    "annotations": N_("a comment or drawing"),
    "other": N_("another change"),
}
MOST_CARDS = 50
"""Signatures that are shown; a page with a thousand would hold up others while it is made."""
MOST_CHANGES = 12
"""Lines about one saved state; a hostile file has thousands."""


@dataclass(frozen=True, slots=True)
class Card:
    """One signature. `facts` for everybody, `details` for experts; `end`: how many first bytes it is about."""

    number: int
    sentence: str
    word: str
    tone: str
    reasons: tuple[Explained, ...]
    remarks: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    details: tuple[tuple[str, str], ...]
    end: int | None


@dataclass(frozen=True, slots=True)
class SavedState:
    """The file's first `end` bytes: who signed them (name, word, tone) and what came with them, in a few words."""

    number: int
    end: int
    signed: tuple[tuple[str, str, str], ...]
    came: str
    last: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The whole file."""

    word: str
    tone: str
    sentence: str
    reasons: tuple[Explained, ...]
    cards: tuple[Card, ...]
    states: tuple[SavedState, ...]
    details: tuple[tuple[str, str], ...]
    waiting: tuple[str, ...]
    more: str


def told(verdict: signing.DocumentVerdict, *, ours: bool = False) -> Told:
    """The words of a verdict in the reader's language. `ours`: its fields are those of our own plan."""
    word, tone = _word(verdict)
    of_signatures = set(chain.from_iterable(found.reasons for found in verdict.signatures))
    return Told(
        word=word,
        tone=tone,
        sentence=_sentence(verdict),
        reasons=tuple(explained(code) for code in verdict.reasons if code not in of_signatures),
        cards=tuple(
            _card(found, number, ours=ours) for number, found in enumerate(verdict.signatures[:MOST_CARDS], 1)
        ),
        states=_states(verdict),
        details=_file_details(verdict),
        waiting=tuple(_field(name, ours=ours) for name in verdict.unsigned_fields[:MOST_CHANGES]),
        more=_more(len(verdict.signatures) - MOST_CARDS),
    )


def _field(name: str, *, ours: bool) -> str:
    """A field of our own plan by what it is for; any other as the file calls it."""
    return _(PURPOSES[name]) if ours and name in PURPOSES else from_outside(name)


def _more(count: int) -> str:
    if count <= 0:
        return ""
    return ngettext(
        "%(n)s further signature is not shown here; the JSON has it.",
        "%(n)s further signatures are not shown here; the JSON has them all.",
        count,
    )


def _word(verdict: signing.DocumentVerdict) -> tuple[str, str]:
    if verdict.verdict in WORDS:
        word, tone = WORDS[verdict.verdict]
        return _(word), tone
    return conclusion_words(verdict.verdict)


def _sentence(verdict: signing.DocumentVerdict) -> str:
    why = reason_words(verdict.reason) if verdict.reason else ""
    match verdict.verdict:
        case "passed":
            return _valid(verdict)
        case "unsigned":
            return _("This file carries no digital signature.")
        case "malformed":
            return _("This file cannot be checked. %(why)s", why=why)
        case "failed":
            return _("Do not rely on this file. %(why)s", why=why)
    return _("It cannot be decided yet whether this file can be relied on. %(why)s", why=why)


def _valid(verdict: signing.DocumentVerdict) -> str:
    count = len(verdict.signatures)
    valid = _("The signature of this file is valid.")
    if count > 1:
        valid = _("All %(n)s signatures of this file are valid.", n=count)
    if any(found.coverage == "whole_file" for found in verdict.signatures) or not verdict.revisions:
        return " ".join((valid, _("Nothing was changed after the last one.")))
    return " ".join((valid, _("What was added later is allowed.")))


def _card(found: signing.SignatureVerdict, number: int, *, ours: bool) -> Card:
    word, tone = conclusion_words(found.verdict)
    kind = "timestamp" if found.kind == "timestamp" else "signature"
    head = _(HEADS.get((kind, str(found.verdict)), ROLES["approval"]))
    return Card(
        number=number,
        sentence=f"{head}: {who(found)}, {when(found)}",
        word=word,
        tone=tone,
        reasons=tuple(explained(code) for code in found.reasons if code not in ONLY_REMARKS),
        remarks=tuple(reason_words(code) for code in found.reasons if code in ONLY_REMARKS),
        facts=_facts(found, ours=ours),
        details=_details(found),
        end=found.signed_bytes,
    )


def who(found: signing.SignatureVerdict) -> str:
    """The signer's name as the certificate has it, numbers masked."""
    name = found.signer.name or found.signer.organisation if found.signer is not None else ""
    return from_outside(name) or _("unknown signer")


def when(found: signing.SignatureVerdict) -> str:
    """`14:03 22/11/2026, proven by a timestamp`: a proven time, else what the signer claims, called so."""
    times = found.times
    if times.source != "caller":
        return f"{format.moment(times.best)}, {_(TIME_SOURCES[times.source])}"
    if times.claimed is None:
        return _("at a time that nothing tells")
    return _("%(moment)s by the signer's own clock, not proven", moment=format.moment(times.claimed))


def _facts(found: signing.SignatureVerdict, *, ours: bool) -> tuple[tuple[str, str], ...]:
    signer = found.signer
    parts = (signer.name, signer.title, signer.organisation) if signer is not None else ()
    kind = PURPOSES.get(found.field) if ours else None
    made = [(_("Kind"), _(kind or ROLES.get(found.kind, ROLES["approval"])))]
    if any(parts):
        made.append((_("Certificate of"), " · ".join(from_outside(part) for part in dict.fromkeys(parts) if part)))
    words = dict(_facet_words(found))
    if found.changes and "changes_after" in words:
        title, summary = words["changes_after"]
        listed = "; ".join(_lines(found.changes))
        words["changes_after"] = title, listed if found.changes_after == "signing" else f"{summary} ({listed})"
    made += [words[name] for name in FOR_EVERYBODY if name in words]
    if found.root_label:
        made.append((_("Trusted root"), from_outside(found.root_label)))
    return tuple(made)


def _facet_words(found: signing.SignatureVerdict) -> list[tuple[str, tuple[str, str]]]:
    made = []
    for name, title, words in FACETS:
        value = str(getattr(found, name))
        if name == "changes_after" and value == "signing":
            made.append((name, (_(title), _("only further signatures"))))
        elif value in words:
            made.append((name, (_(title), _(words[value]))))
    return made


def _details(found: signing.SignatureVerdict) -> tuple[tuple[str, str], ...]:
    plain: Mapping[str, Any] = serial.plain(found)
    words = dict(_facet_words(found))
    made = [words[name] for name in ("revocation", "algorithms") if name in words]
    made += evidence_of(dict(plain))
    signer, times = found.signer, found.times
    rows = (
        (_("Signature field"), from_outside(found.field)),
        (_("Form of the signature"), from_outside(found.subfilter)),
        (_("Certificate valid"), _span(found) if signer is not None else ""),
        (_("Certificates up to the root (SHA-256)"), _some(found.chain)),
        (_("Revocation told by"), f"{found.revocation_source} {found.revocation_answer}".strip()),
        (_("Revocation told at"), format.moment(found.revocation_time, zone=True) if found.revocation_time else ""),
        (_("Revoked at"), format.moment(found.revoked_at, zone=True) if found.revoked_at else ""),
        (_("Time that the signer claims"), format.moment(times.claimed, zone=True) if times.claimed else ""),
        *((_("Timestamp"), _stamp(stamp)) for stamp in times.timestamps),
        (_("Page"), str(found.page) if found.page else ""),
        (_("Bytes covered"), format.number(found.signed_bytes) if found.signed_bytes is not None else ""),
        (_("Reason codes"), " ".join(found.reasons)),
        (_("Proofs (SHA-256)"), _some(found.evidence)),
    )  # fmt: skip
    return (*made, *((title, text) for title, text in rows if text))


def _some(digests: tuple[str, ...]) -> str:
    """The first of many; the JSON has them all."""
    more = len(digests) - MOST_CHANGES
    return " ".join((*digests[:MOST_CHANGES], *((f"+ {more}",) if more > 0 else ())))


def _span(found: signing.SignatureVerdict) -> str:
    signer = found.signer
    return f"{format.moment(signer.not_before)} – {format.moment(signer.not_after)}" if signer is not None else ""


def _stamp(stamp: Any) -> str:
    moment = format.moment(stamp.time, zone=True) if stamp.time else ""
    parts = (moment, from_outside(stamp.authority), str(stamp.verdict), " ".join(stamp.reasons))
    return ", ".join(part for part in parts if part)


def _lines(changes: Any) -> list[str]:
    """Each change once, and how many more there are."""
    found = list(dict.fromkeys(_change(change) for change in changes))
    more = len(found) - MOST_CHANGES
    if more <= 0:
        return found
    return [*found[:MOST_CHANGES], ngettext("and %(n)s more", "and %(n)s more", more)]


def _change(change: Any) -> str:
    text = _(LATER.get(change.kind, LATER["other"]))
    if change.by:
        return f"{text}: {from_outside(change.by)}"
    return f"{text} ({from_outside(change.field)})" if change.field else text


def _states(verdict: signing.DocumentVerdict) -> tuple[SavedState, ...]:
    """The file's revisions. What came with each, the signatures before it tell."""
    made = []
    for index, revision in enumerate(verdict.revisions):
        signed = tuple(
            (who(found), *conclusion_words(found.verdict))
            for found in verdict.signatures
            if found.revision == revision.number
        )
        changes = [
            change
            for found in verdict.signatures
            for change in found.changes
            if change.revision == revision.number and not (signed and change.kind == "signing")
        ]
        last = index == len(verdict.revisions) - 1
        came = "; ".join(_lines(changes)) or _nothing_more(first=not index, signed=bool(signed))
        made.append(SavedState(index + 1, revision.end, signed, came, last))
    return tuple(made)


def _nothing_more(*, first: bool, signed: bool) -> str:
    if first:
        return _("the document")
    return _("only the signature") if signed else _("nothing that can be seen")


def _file_details(verdict: signing.DocumentVerdict) -> tuple[tuple[str, str], ...]:
    rows = (
        (_("Checked"), format.moment(verdict.at, zone=True)),
        (_("File size"), _("%(n)s bytes", n=format.number(verdict.size))),
        (_("SHA-256 of the file"), verdict.sha256),
        (_("Trust list (digest)"), verdict.trust_digest),
        (_("Policy"), f"{verdict.policy} {verdict.policy_digest}"),
        (_("Decided by"), verdict.basis),
        (_("Leniencies"), " ".join(verdict.leniencies[:MOST_CHANGES])),
        (_("Proofs given (SHA-256)"), _some(verdict.evidence)),
        (_("Reason codes"), " ".join(verdict.reasons)),
        (_("Found besides"), from_outside(verdict.detail)),
    )
    return tuple((title, text) for title, text in rows if text)
