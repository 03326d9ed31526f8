"""A stored verdict in words: one sentence, then facets, then reasons. Undecided never rounds to yes or no."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import orjson

from workflow.domain.errors import WorkflowError
from workflow.domain.text import mask_personal
from workflow.web import format
from workflow.web.i18n import N_, _, pgettext

CONCLUSIONS = {
    "passed": (N_("Valid"), "good"),
    "indeterminate": (N_("Not enough to decide"), "warn"),
    "failed": (N_("Invalid"), "bad"),
}

PURPOSES = {
    "leader": N_("Signature of the signer"),
    "number": N_("Number and date, signed by the agency"),
    "seal": N_("Seal, signed by the agency"),
}

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
            "evidence": N_("only proofs of certificates"),
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

REASONS = {
    "file_unreadable": N_("The file cannot be read."),
    "empty": N_("The file is empty."),
    "not_a_pdf": N_("The file is not a PDF."),
    "truncated": N_("The file breaks off."),
    "garbage_after_eof": N_("There is something behind the end of the file."),
    "resource_limit": N_("The check took more than it may."),
    "needs_careful_check": N_("The file needs a more careful check."),
    "signature_without_field": N_("A signature stands in no field."),
    "signature_shared": N_("Two fields share one signature."),
    "byte_range_malformed": N_("The signed range cannot be read."),
    "contents_malformed": N_("The signature's own bytes cannot be read."),
    "byte_range_gap": N_("The signed range leaves out more than the signature."),
    "byte_range_end": N_("The signed range does not reach the end of its revision."),
    "cms_unreadable": N_("The signature's structure cannot be read."),
    "padding_not_zero": N_("Something is hidden behind the signature."),
    "several_signers": N_("The signature names several signers."),
    "content_attached": N_("The signature carries content of its own."),
    "signed_attributes_missing": N_("The signature lacks its signed attributes."),
    "attribute_doubled": N_("An attribute stands twice."),
    "content_type_wrong": N_("The signature is for another kind of content."),
    "digest_missing": N_("The signature lacks the digest of the content."),
    "digest_mismatch": N_("The content was changed after it was signed."),
    "algorithms_disagree": N_("The algorithms named do not agree."),
    "certificate_not_found": N_("The signer's certificate is missing."),
    "signing_certificate_missing": N_("The signature does not say which certificate made it."),
    "signing_certificate_mismatch": N_("The signature names another certificate."),
    "signature_wrong": N_("The signature was not made by this key."),
    "algorithm_weak": N_("The algorithm is too weak to prove anything."),
    "changed_after_signing": N_("The document was changed after the signature."),
    "appearance_changed": N_("What the signature shows was changed later."),
    "unexplained_change": N_("A later change cannot be explained."),
    "field_moved": N_("The signature does not stand in its planned place."),
    "field_doubled": N_("A planned place holds more than one signature."),
    "wrong_owner": N_("The signature was made by somebody the place was not meant for."),
    "appearance_not_plain": N_("What the signature shows is not built plainly."),
    "covers_earlier_signature": N_("The signature covers an earlier one on the page."),
    "field_too_large": N_("The signature's field covers too much of the page."),
    "timestamp_invalid": N_("The timestamp is not valid."),
    "timestamp_not_proven": N_("The timestamp proves nothing yet."),
    "certificate_unreadable": N_("The certificate cannot be read."),
    "no_trust_given": N_("No trusted root is entered."),
    "issuer_not_found": N_("The issuer's certificate is missing."),
    "root_not_trusted": N_("The certificate leads to a root that is not listed."),
    "root_not_for_purpose": N_("The root is not listed for this purpose."),
    "root_retired": N_("The root is no longer listed."),
    "issuer_not_authority": N_("The issuer may not issue certificates."),
    "path_too_long": N_("The chain is longer than the authority allows."),
    "path_constraint": N_("The chain breaks a rule of the authority."),
    "unknown_critical_extension": N_("The certificate holds a mandatory rule that is not known."),
    "chain_algorithm_weak": N_("A certificate of the chain uses a weak algorithm."),
    "key_usage_wrong": N_("The certificate is not for signing."),
    "extended_key_usage_wrong": N_("The certificate is for another use."),
    "not_yet_valid": N_("The certificate was not valid yet."),
    "expired": N_("The certificate had expired."),
    "expired_no_proof": N_("The certificate has expired, and nothing proves that the signature is older."),
    "revoked": N_("The certificate was revoked."),
    "revoked_no_proof": N_("The certificate is revoked, and nothing proves that the signature is older."),
    "authority_revoked": N_("An authority of the chain is revoked."),
    "revocation_unknown": N_("Whether the certificate is revoked is not known yet."),
    "revocation_not_fresh": N_("The revocation list is older than the signature; a newer one will settle it."),
    "certificate_signature_wrong": N_("A certificate of the chain is not signed by the issuer that it names."),
    "chain_algorithm_unknown": N_("A certificate of the chain uses an algorithm that cannot be checked here."),
    "name_not_permitted": N_("The certificate carries a name that its authority may not vouch for."),
    "policy_not_met": N_("The chain does not follow a certificate policy that is demanded."),
    "chain_revoked": N_("An authority of the chain was revoked before."),
    "revocation_within_grace": N_(
        "The revocation list is slightly older than the signature, within what is allowed."
    ),
    "revoked_later": N_("The certificate was revoked later; this signature is older."),
    "later_visible_signature": N_("Another signature was added visibly later."),
    "unplanned_field": N_("A field was added that was not planned here."),
    "evidence_unreadable": N_("Some evidence could not be read."),
}


ONLY_REMARKS = frozenset({"revocation_within_grace"})


@dataclass(frozen=True, slots=True)
class Told:
    """A verdict for a page. `facets`: (title, words, details of the word's tone). `remarks`: reasons that take
    nothing away from a valid signature; a page with several signatures says each of them once."""

    conclusion: str
    word: str
    tone: str
    reasons: tuple[str, ...]
    remarks: tuple[str, ...]
    facets: tuple[tuple[str, str], ...]
    evidence: tuple[tuple[str, str], ...]
    changes: tuple[str, ...]


def reason_words(code: str) -> str:
    """The sentence of a reason; the code itself for one we do not know."""
    return _(REASONS[code]) if code in REASONS else code


def in_words(refused: WorkflowError) -> WorkflowError:
    """The same refusal with a verifier's reason as a sentence instead of a code."""
    details = {
        name: reason_words(value).rstrip(".") if name in {"cause", "reason"} and isinstance(value, str) else value
        for name, value in refused.details.items()
    }
    return type(refused)(refused.code, **details)


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
        reasons=tuple(reason_words(code) for code in codes if code not in quiet),
        remarks=tuple(reason_words(code) for code in codes if code in quiet),
        facets=_facets(found),
        evidence=_evidence(found),
        changes=tuple(_change(change) for change in found.get("changes", ())),
    )


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


def _evidence(found: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    signer = found.get("signer") or {}
    pairs = (
        (_("Certificate of"), " · ".join(str(signer.get(key, "")) for key in ("name", "title", "organisation")
                                        if signer.get(key))),
        (pgettext("certificate", "Issued by"), str(signer.get("issuer", ""))),
        (_("Serial number"), str(signer.get("serial", ""))),
        ("SHA-256", str(signer.get("certificate_sha256", ""))),
        (_("Trusted root"), str(found.get("root_label", ""))),
        (_("Algorithm"), str(found.get("algorithm", ""))),
        ("ETSI EN 319 102-1", " / ".join(str(found[k]) for k in ("indication", "sub_indication") if found.get(k))),
    )  # fmt: skip
    return tuple((title, mask_personal(text)) for title, text in pairs if text)


def _change(change: dict[str, Any]) -> str:
    """A later addition by name: the clerk's number and seal are planned ones."""
    by = mask_personal(str(change.get("by") or ""))
    words = dict(FACETS[2][2]).get(str(change.get("kind", "")), N_("other changes"))
    text = _(words)
    if change.get("field") in PURPOSES:
        text = _(PURPOSES[str(change["field"])])
    return f"{text}: {by}" if by else text
