"""What a notice tells: a kind of a closed list and named facts, so that it is said in the reader's language.

The words of each kind stand in `services.notice_words` and the `.po` files. Of a secret paper a notice holds no
subject and nobody's words about it: it goes to the app, by mail and into backups, where nobody asks again who may
read the paper (Decree 30/2020, 15.2 and 22). `tests/fences/test_notices.py` compares list, words and uses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Task(StrEnum):
    """What waits for somebody, in the order of a digest where nothing is more urgent."""

    SIGN = "sign"
    EXEMPTION = "exemption"
    EXTENSION = "extension"
    EXTENSION_REQUEST = "extension_request"
    """Of another agency, about what this one issued."""
    DIRECT = "direct"
    PROPOSE = "propose"
    REVIEW = "review"
    ASSIGN = "assign"
    HANDLE = "handle"
    COORDINATE = "coordinate"
    EXPLAIN = "explain"
    DECIDE_EXPLANATION = "decide_explanation"
    INITIALS = "initials"
    OPINION = "opinion"
    RETURNED = "returned"
    CHECK_FORMAT = "check_format"
    NUMBER = "number"
    SEAL = "seal"
    ISSUE = "issue"
    REGISTER = "register"
    SUBMIT = "submit"
    ANOMALY = "anomaly"
    HELD_NUMBER = "held_number"
    CORRECT = "correct"
    """What an inspection found at one's unit."""
    REVIEW_ACCESS = "review_access"
    """Who could see and sign what at an agency, not gone through in time."""
    INSPECTOR_ENDS = "inspector_ends"
    """An inspector's post that is over soon: renewed, or left to end."""
    LOOKED_AFTER = "looked_after"
    """What waits at the desk of somebody absent, as one line."""
    DRAFT = "draft"
    """A draft whose day has come: only where somebody gave it one."""


class Kind(StrEnum):
    """What happened."""

    HANDOVER_TAKEN = "handover_taken"
    HANDOVER_BACK = "handover_back"
    ABSENCE_DEPUTY = "absence_deputy"
    EXTENSION_GRANTED = "extension_granted"
    EXTENSION_REFUSED = "extension_refused"
    EXTENSION_ASKED = "extension_asked"
    EXTENSION_WITHDRAWN = "extension_withdrawn"
    EXTENSION_LAPSED = "extension_lapsed"
    EXTENSION_ANSWERED = "extension_answered"
    EXTENSION_DENIED = "extension_denied"
    EXPLANATION_DEMANDED = "explanation_demanded"
    EXPLANATION_GIVEN = "explanation_given"
    EXPLANATION_ACCEPTED = "explanation_accepted"
    EXPLANATION_ACCEPTED_APOLOGY = "explanation_accepted_apology"
    """The lateness was the office's own fault: a letter of apology is due."""
    EXPLANATION_SENT_BACK = "explanation_sent_back"
    URGED = "urged"
    NUMBER_HELD = "number_held"
    DELIVERY_DECLINED = "delivery_declined"
    RECALL_AGREED = "recall_agreed"
    RECALL_REFUSED = "recall_refused"
    SENDER_RECALLED = "sender_recalled"
    SENDER_ASKS_RECALL = "sender_asks_recall"
    CORRECTED = "corrected"
    AMENDED = "amended"
    REPLACED = "replaced"
    UNIT_CORRECTED = "unit_corrected"
    UNIT_AMENDED = "unit_amended"
    UNIT_REPLACED = "unit_replaced"
    UNIT_RECALLED = "unit_recalled"
    UNIT_COPY = "unit_copy"
    ARRIVED = "arrived"
    UNSIGNED_REPORT = "unsigned_report"
    REVIEWER_AWAY = "reviewer_away"
    EXEMPTION_AWAY = "exemption_away"
    EXEMPTION_ASKED = "exemption_asked"
    EXEMPTION_APPROVED = "exemption_approved"
    EXEMPTION_REFUSED = "exemption_refused"
    SIGNER_AWAY = "signer_away"
    COSIGNER_AWAY = "cosigner_away"
    """It waits for somebody who signs before the signer and is away; told to who drafted it and who signs it."""
    HANDED_TO_SIGN = "handed_to_sign"
    """The head left one document to a deputy."""
    DRAFT_COMMENTED = "draft_commented"
    OPINION_ASKED = "opinion_asked"
    OPINION_WITHDRAWN = "opinion_withdrawn"
    OPINION_GIVEN = "opinion_given"
    INITIALS_ASKED = "initials_asked"
    INITIALS_WITHDRAWN = "initials_withdrawn"
    INITIALS_GIVEN = "initials_given"
    INITIALS_VOID = "initials_void"
    URGENT_OUTGOING = "urgent_outgoing"
    URGENT_INCOMING = "urgent_incoming"
    TIMESTAMPS_FAIL = "timestamps_fail"
    TIMESTAMPS_BACK = "timestamps_back"
    DIGEST = "digest"
    JOURNAL_ROOT = "journal_root"
    JOURNAL_ALARM = "journal_alarm"
    ESCALATED = "escalated"
    EXPLANATION_CHASED = "explanation_chased"
    EVIDENCE_ENDS = "evidence_ends"
    """Revocation evidence of an authority will soon decide nothing more, and no newer one could be fetched."""
    EVIDENCE_STOPPED = "evidence_stopped"
    EVIDENCE_BACK = "evidence_back"
    CERTIFICATE_REVOKED = "certificate_revoked"
    CERTIFICATE_ENDS = "certificate_ends"
    CERTIFICATE_NONE = "certificate_none"
    CERTIFICATES_TODAY = "certificates_today"
    CERTIFICATE_CONFIRMED = "certificate_confirmed"
    """Told to whose it is, and of an agency's to its head: from now on it signs in their name."""
    CERTIFICATE_REFUSED = "certificate_refused"
    """Told to who enrolled it."""
    CERTIFICATE_STOPPED = "certificate_stopped"
    """By somebody else than its owner, or because the key is in doubt."""
    REMOTE_SIGNED = "remote_signed"
    """A request to a remote signing service was finished while its page was closed."""
    REMOTE_ENDED = "remote_ended"
    """It ended without the signatures that were asked for."""
    REMOTE_KEY_PROVEN = "remote_key_proven"
    REMOTE_KEY_UNPROVEN = "remote_key_unproven"
    BUNDLE_READY = "bundle_ready"
    """A proof bundle that took longer than somebody sits before its page."""
    BUNDLE_REFUSED = "bundle_refused"
    FIGURES_DRIFT = "figures_drift"
    """Closed figures do not come out again, and no act says why."""
    ALGORITHM_ENDS = "algorithm_ends"
    COPY_ASKED = "copy_asked"
    """A certified copy waits for its signer."""
    COPY_APPROVED = "copy_approved"
    COPY_DECLINED = "copy_declined"


REMOTE = (Kind.REMOTE_SIGNED, Kind.REMOTE_ENDED, Kind.REMOTE_KEY_PROVEN, Kind.REMOTE_KEY_UNPROVEN)
"""Ends of remote requests: until they are read, the desk says them too."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The parameters of a kind: what it always has, and what may be missing."""

    needs: frozenset[str]
    may: frozenset[str] = frozenset()

    @property
    def names(self) -> frozenset[str]:
        """All of them."""
        return self.needs | self.may


def _facts(needs: str = "", may: str = "") -> Facts:
    return Facts(frozenset(needs.split()), frozenset(may.split()))


_PAPER = "subject secret"
"""Which paper it is about; the one or the other (`paper`)."""
_ARRIVED = f"{_PAPER} symbol issued"

KINDS: Mapping[Kind, Facts] = {
    Kind.HANDOVER_TAKEN: _facts("reason"),
    Kind.HANDOVER_BACK: _facts("reason"),
    Kind.ABSENCE_DEPUTY: _facts("first last post"),
    Kind.EXTENSION_GRANTED: _facts("issuer day", f"{_ARRIVED} words"),
    Kind.EXTENSION_REFUSED: _facts("issuer", f"{_ARRIVED} words"),
    Kind.EXTENSION_ASKED: _facts("symbol office day", f"{_PAPER} reason"),
    Kind.EXTENSION_WITHDRAWN: _facts("symbol office day", f"{_PAPER} reason"),
    Kind.EXTENSION_LAPSED: _facts("symbol office day", f"{_PAPER} reason"),
    Kind.EXTENSION_ANSWERED: _facts("symbol office day", f"{_PAPER} words"),
    Kind.EXTENSION_DENIED: _facts("symbol office", f"{_PAPER} words"),
    Kind.EXPLANATION_DEMANDED: _facts("issuer missed until", _ARRIVED),
    Kind.EXPLANATION_GIVEN: _facts("issuer who", f"{_ARRIVED} words"),
    Kind.EXPLANATION_ACCEPTED: _facts("issuer", _ARRIVED),
    Kind.EXPLANATION_ACCEPTED_APOLOGY: _facts("issuer", _ARRIVED),
    Kind.EXPLANATION_SENT_BACK: _facts("issuer", f"{_ARRIVED} words"),
    Kind.URGED: _facts("issuer who", f"{_ARRIVED} words"),
    Kind.NUMBER_HELD: _facts("number register day reason"),
    Kind.DELIVERY_DECLINED: _facts("symbol office", f"{_PAPER} reason"),
    Kind.RECALL_AGREED: _facts("symbol office", f"{_PAPER} reason"),
    Kind.RECALL_REFUSED: _facts("symbol office", f"{_PAPER} reason"),
    Kind.SENDER_RECALLED: _facts("symbol office", f"{_PAPER} reason"),
    Kind.SENDER_ASKS_RECALL: _facts("symbol office", f"{_PAPER} reason"),
    Kind.CORRECTED: _facts("symbol office type_vi type_en by", f"{_PAPER} by_day reason"),
    Kind.AMENDED: _facts("symbol office type_vi type_en by", f"{_PAPER} by_day reason"),
    Kind.REPLACED: _facts("symbol office type_vi type_en by", f"{_PAPER} by_day reason"),
    Kind.UNIT_CORRECTED: _facts("symbol by", "reason"),
    Kind.UNIT_AMENDED: _facts("symbol by", "reason"),
    Kind.UNIT_REPLACED: _facts("symbol by", "reason"),
    Kind.UNIT_RECALLED: _facts("symbol", "reason"),
    Kind.UNIT_COPY: _facts("symbol urgency", _PAPER),
    Kind.ARRIVED: _facts("symbol issuer urgency", _PAPER),
    Kind.UNSIGNED_REPORT: _facts(
        "unit cut_off day unsigned overdue old", "soon arrivals parts owed anchor rooted root"
    ),
    Kind.REVIEWER_AWAY: _facts("", _PAPER),
    Kind.EXEMPTION_AWAY: _facts("", _PAPER),
    Kind.EXEMPTION_ASKED: _facts("", _PAPER),
    Kind.EXEMPTION_APPROVED: _facts("", f"{_PAPER} symbol reason"),
    Kind.EXEMPTION_REFUSED: _facts("", f"{_PAPER} symbol reason"),
    Kind.SIGNER_AWAY: _facts("", _PAPER),
    Kind.COSIGNER_AWAY: _facts("who", _PAPER),
    Kind.HANDED_TO_SIGN: _facts("who", f"words {_PAPER}"),
    Kind.DRAFT_COMMENTED: _facts("who remarks", _PAPER),
    Kind.OPINION_ASKED: _facts("", f"{_PAPER} day words"),
    Kind.OPINION_WITHDRAWN: _facts("", f"{_PAPER} words"),
    Kind.OPINION_GIVEN: _facts("who verdict", f"{_PAPER} words"),
    Kind.INITIALS_ASKED: _facts("", f"{_PAPER} day words"),
    Kind.INITIALS_WITHDRAWN: _facts("", f"{_PAPER} words"),
    Kind.INITIALS_GIVEN: _facts("who initials", f"{_PAPER} words"),
    Kind.INITIALS_VOID: _facts("urgency", _PAPER),
    Kind.URGENT_OUTGOING: _facts("urgency task", f"{_PAPER} due"),
    Kind.URGENT_INCOMING: _facts("urgency task issuer", f"{_ARRIVED} due"),
    Kind.TIMESTAMPS_FAIL: _facts("since host"),
    Kind.TIMESTAMPS_BACK: _facts("since"),
    Kind.DIGEST: _facts("day count lines", "late more"),
    Kind.JOURNAL_ROOT: _facts("anchor rooted root", "entries chains"),
    Kind.JOURNAL_ALARM: _facts("found broken"),
    Kind.ESCALATED: _facts("count lines", "more"),
    Kind.EXPLANATION_CHASED: _facts("count lines", "more"),
    Kind.EVIDENCE_ENDS: _facts("authority until", "stamps"),
    Kind.EVIDENCE_STOPPED: _facts("authority count", "stamps"),
    Kind.EVIDENCE_BACK: _facts("authority"),
    Kind.CERTIFICATE_REVOKED: _facts("name since"),
    Kind.CERTIFICATE_ENDS: _facts("name day"),
    Kind.CERTIFICATE_NONE: _facts("post"),
    Kind.CERTIFICATE_CONFIRMED: _facts("name serial who day"),
    Kind.CERTIFICATE_REFUSED: _facts("name serial who"),
    Kind.CERTIFICATE_STOPPED: _facts("name serial who why"),
    Kind.CERTIFICATES_TODAY: _facts("day ending without revoked"),
    Kind.REMOTE_SIGNED: _facts("service done count", "left undecided"),
    Kind.REMOTE_ENDED: _facts("service how count", "done"),
    Kind.REMOTE_KEY_PROVEN: _facts("service"),
    Kind.REMOTE_KEY_UNPROVEN: _facts("service how"),
    Kind.BUNDLE_READY: _facts("file until"),
    Kind.BUNDLE_REFUSED: _facts("file"),
    Kind.FIGURES_DRIFT: _facts("month count"),
    Kind.ALGORITHM_ENDS: _facts("algorithm day count"),
    Kind.COPY_ASKED: _facts("who form", "symbol subject"),
    Kind.COPY_APPROVED: _facts("who form", "symbol subject"),
    Kind.COPY_DECLINED: _facts("who form", "symbol subject reason"),
}
"""Kind → its parameters. Days and moments are ISO texts, the rest words, codes and counts; `remarks` and `lines`
are lists of such."""


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that happened, as it is kept. `of` makes one, `read` reads a row's."""

    kind: Kind
    params: Mapping[str, Any]

    @classmethod
    def of(cls, kind: Kind, /, **params: Any) -> Told:
        """From facts as services have them; what is None or empty and may be missing is left out.

        A parameter that the kind does not have, or one of its own that is missing, is a mistake of the caller.
        """
        facts = KINDS[kind]
        kept = {name: _plain(value) for name, value in params.items() if name in facts.needs or value}
        if unknown := kept.keys() - facts.names:
            raise ValueError(f"{kind} has no {', '.join(sorted(unknown))}")
        if missing := facts.needs - kept.keys():
            raise ValueError(f"{kind} lacks {', '.join(sorted(missing))}")
        if kept.get("secret") and kept.keys() & {"subject", "words", "reason"}:
            raise ValueError("a notice says nothing of what a secret paper is about")
        return cls(kind, kept)

    @classmethod
    def read(cls, code: str | None, params: Mapping[str, Any] | None) -> Told | None:
        """What a row holds; None of one that was written before kinds were kept, or by a newer version."""
        if code not in _CODES or params is None:
            return None
        kind = Kind(code)
        return cls(kind, params) if KINDS[kind].needs <= params.keys() else None


_CODES = frozenset(str(kind) for kind in Kind)


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value) if isinstance(value, StrEnum) else value


def paper(subject: str, *, secret: bool) -> dict[str, Any]:
    """How a notice names a paper: by its subject, a secret one only as one."""
    return {"secret": True} if secret else {"subject": subject}
