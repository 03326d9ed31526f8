"""A stored verdict in words: one sentence, then facets, then reasons. Undecided never rounds to yes or no."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from workflow.domain.errors import WorkflowError
from workflow.domain.key_holders import Control
from workflow.domain.text import from_outside, mask_personal
from workflow.web import format
from workflow.web.i18n import N_, _, pgettext
from workflow.web.reasons import MEANINGS, MENDERS, REASONS

CONCLUSIONS = {
    "passed": (N_("Valid"), "good"),
    "indeterminate": (N_("Not enough to decide"), "warn"),
    "failed": (N_("Invalid"), "bad"),
}

HOLDERS = {
    "pkcs12_browser": N_("key file in the browser"),
    "token": N_("USB key"),
    "token_agent": N_("USB key, through the program on the computer"),
    "token_page": N_("USB key, through the browser"),
    "mobile_pki": N_("SIM card (SIM PKI)"),
    "remote_csc": N_("remote signing service"),
    "remote_rest": N_("remote signing service"),
    "uploaded": N_("signed with another program and brought back"),
    "server_seal": N_("key on the server"),
}
"""Where the key lay that made a signature."""

CONTROLS = {
    Control.UNKNOWN: N_("not known"),
    Control.ORGANISATIONAL: N_("of the office"),
    Control.WEAK: N_("weak"),
    Control.MEDIUM: N_("medium"),
    Control.STRONG: N_("strong"),
}
"""How much its owner alone controlled it, as "control of the key: …"."""

OCCASIONS = {
    "signing": N_("At signing"),
    "cosigning": N_("At signing"),
    "numbering": N_("When the number was signed"),
    "sealing": N_("When the seal was set"),
    "intake": N_("On arrival"),
    "recheck": N_("Checked again"),
}
"""When a stored verdict was given."""

CAUSES = {
    "evidence": N_("newer revocation data"),
    "trust": N_("other trusted roots"),
    "policy": N_("another rule for how strictly is judged"),
    "time": N_("time that went by"),
    "file": N_("the file itself"),
    "careful": N_("a more thorough reading of the file"),
}
"""Why a later verdict differs from the one before."""

PURPOSES = {
    "leader": N_("Signature of the signer"),
    "cosigner": N_("Signature beside the signer's"),
    "initials": N_("Initials, signed digitally"),
    "number": N_("Number and date, signed by the agency"),
    "seal": N_("Seal, signed by the agency"),
}

ACT_PURPOSES = {
    **PURPOSES,
    "cosign": N_("Signature beside the signer's, or initials"),
    "copy": N_("Certified copies, sealed by the agency"),
}
"""What an act of signing is for: who signs beside the signer takes either part."""

OWN_KEY = frozenset({"leader", "cosigner", "initials"})
"""Purposes of signatures with a person's own key; the others are the agency's."""

FACETS: tuple[tuple[str, str, dict[str, str]], ...] = (
    (
        "integrity",
        N_("Content"),
        {
            "intact": N_("unchanged since it was signed"),
            "broken": N_("changed since it was signed"),
            "unreadable": N_("could not be checked"),
        },
    ),
    (
        "coverage",
        N_("What it covers"),
        {
            "whole_file": N_("the whole file"),
            "revision": N_("the whole file as it was then"),
            "partial": N_("only a part of the file"),
        },
    ),
    (
        "changes_after",
        N_("Added later"),
        {
            "none": N_("nothing"),
            "evidence": N_("only timestamps and proofs of certificates"),
            "signing": N_("only planned signatures"),
            "form_filling": N_("filled-in fields"),
            "annotations": N_("annotations"),
            "other": N_("other changes"),
        },
    ),
    (
        "path",
        N_("Certificate"),
        {
            "trusted": N_("leads to a listed root"),
            "untrusted": N_("leads to no listed root"),
            "invalid": N_("its chain is broken"),
            "incomplete": N_("its issuer is missing"),
        },
    ),
    (
        "revocation",
        N_("Revoked?"),
        {
            "good": N_("not revoked"),
            "revoked": N_("revoked"),
            "unknown": N_("not known yet"),
            "not_checked": N_("not asked"),
        },
    ),
    (
        "algorithms",
        N_("Algorithms"),
        {"acceptable": N_("acceptable"), "weak": N_("too weak today"), "broken": N_("broken")},
    ),
    (
        "signature_kind",
        N_("Kind of signature"),
        {
            "public_service": N_("dedicated to public service"),
            "public": N_("public"),
            "dedicated": N_("dedicated"),
            "foreign": N_("foreign"),
            "unknown": N_("not known"),
        },
    ),
)

TIME_SOURCES = {
    "timestamp": N_("proven by a timestamp"),
    "anchored_receipt": N_("proven by our timestamped journal"),
    "receipt": N_("from our own journal"),
    "caller": N_("not proven"),
}

ONLY_REMARKS = frozenset({"revocation_within_grace"})


@dataclass(frozen=True, slots=True)
class Explained:
    """A reason for a page: what was found, why, who can mend it and how to go on; empty where we do not know."""

    title: str
    cause: str = ""
    who: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict for a page. `facets`: (title, words, details of the word's tone). `remarks`: reasons that take
    nothing away from a valid signature; a page with several signatures says each of them once."""

    conclusion: str
    word: str
    tone: str
    reasons: tuple[Explained, ...]
    remarks: tuple[str, ...]
    facets: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]


def reason_words(code: str) -> str:
    """The sentence of a reason; the code itself for one we do not know."""
    return _(REASONS[code]) if code in REASONS else code


def explained(code: str) -> Explained:
    """The same at length."""
    meaning = MEANINGS.get(code)
    if meaning is None:
        return Explained(code)
    return Explained(_(meaning.title), _(meaning.cause), _(MENDERS[meaning.who]), _(meaning.step))


def in_words(refused: WorkflowError) -> WorkflowError:
    """The same refusal with a verifier's reason as a sentence instead of a code."""
    details = {
        name: reason_words(value).rstrip(".") if name in {"cause", "reason"} and isinstance(value, str) else value
        for name, value in refused.details.items()
    }
    return type(refused)(refused.code, **details)


def control_word(control: int) -> str:
    """`strong`; a dash for a number that is none of ours."""
    return _(CONTROLS[Control(control)]) if control in set(Control) else "–"


def key_words(holder: str, control: int) -> str:
    """Where the key of a signature lay, and how much its owner alone controlled it."""
    return f"{_(HOLDERS.get(holder, holder))} ({_('control of the key: %(word)s', word=control_word(control))})"


def cause_words(cause: str) -> str:
    """The stored words of a cause as people read them; empty for a first verdict."""
    return ", ".join(_(CAUSES[one]) if one in CAUSES else one for one in cause.split())


def conclusion_words(conclusion: str) -> tuple[str, str]:
    """(word, tone) of a conclusion; a dash where there is none."""
    word, tone = CONCLUSIONS.get(conclusion, ("–", "plain"))
    return (_(word) if conclusion in CONCLUSIONS else word), tone


def told(body: str, *, field: str, conclusion: str, reason: str) -> Told:
    """What a stored verdict says about the signature in one field."""
    found = _signature_in(body, field)
    word, tone = conclusion_words(conclusion)
    quiet = ONLY_REMARKS if conclusion == "passed" else frozenset()
    codes = [str(code) for code in found.get("reasons", ())] or ([reason] if reason else [])
    return Told(
        conclusion=conclusion,
        word=word,
        tone=tone,
        reasons=tuple(explained(code) for code in codes if code not in quiet),
        remarks=tuple(reason_words(code) for code in codes if code in quiet),
        facets=_facets(found),
        evidence=evidence_of(found),
        changes=tuple(_change(change) for change in found.get("changes", ())),
    )


def speaks_of(body: str, *, field: str, conclusion: str) -> bool:
    """Whether a verdict about a whole file says the same of the signature in one field."""
    return str(_signature_in(body, field).get("verdict", "")) == conclusion


def _signature_in(body: str, field: str) -> dict[str, Any]:
    try:
        whole = orjson.loads(body)
    except orjson.JSONDecodeError:
        return {}
    listed = whole.get("signatures", ()) if isinstance(whole, dict) else ()
    return next((entry for entry in listed if entry.get("field") == field), {})


def _facets(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    made = [
        (_(title), _(words[str(found[name])])) for name, title, words in FACETS if str(found.get(name, "")) in words
    ]
    times = found.get("times") or {}
    source = str(times.get("source", ""))
    if source in TIME_SOURCES and times.get("best"):
        when = format.moment(dt.datetime.fromisoformat(times["best"]), zone=True)
        made.append((_("Time"), f"{when}, {_(TIME_SOURCES[source])}"))
    return tuple(made)


def evidence_of(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """Certificate, root, algorithm and ETSI indication of one signature's verdict in plain values."""
    signer = found.get("signer") or {}
    exact = {_("Serial number"), "SHA-256"}  # to be compared digit by digit, and nobody's number
    pairs = (
        (_("Certificate of"), " · ".join(dict.fromkeys(from_outside(str(signer[key]))
                                                      for key in ("name", "title", "organisation")
                                                      if signer.get(key)))),
        (pgettext("certificate", "Issued by"), from_outside(str(signer.get("issuer", "")))),
        (_("Serial number"), str(signer.get("serial", ""))),
        ("SHA-256", str(signer.get("certificate_sha256", ""))),
        (_("Trusted root"), str(found.get("root_label", ""))),
        (_("Algorithm"), str(found.get("algorithm", ""))),
        ("ETSI EN 319 102-1", " / ".join(str(found[k]) for k in ("indication", "sub_indication") if found.get(k))),
    )  # fmt: skip
    return tuple((title, text if title in exact else mask_personal(text)) for title, text in pairs if text)


def _change(change: dict[str, Any]) -> str:
    """A later addition by name: the clerk's number and seal are planned ones."""
    by = from_outside(str(change.get("by") or ""))
    words = dict(FACETS[2][2]).get(str(change.get("kind", "")), N_("other changes"))
    text = _(words)
    if change.get("field") in PURPOSES:
        text = _(PURPOSES[str(change["field"])])
    return f"{text}: {by}" if by else text
