"""Requests to remote signing services in words: where one stands, why, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.errors import BadInput
from workflow.domain.remote_signing import PIN_LOCKED, WRONG_PIN, ItemStanding, Standing
from workflow.web.errors import TABLE, explain
from workflow.web.i18n import N_, _
from workflow.web.verdict_words import reason_words


@dataclass(frozen=True, slots=True)
class Words:
    """`title`: the state in a few words; `sentence`: what it means; `next`: what to do."""

    title: str
    tone: str
    sentence: str
    next: str = ""


UNSIGNED = N_("Nothing was signed by this request.")
ANEW = N_("Begin anew when you are ready.")

STATES: dict[str, Words] = {
    Standing.QUEUED: Words(
        N_("waits for the part before"), "plain", N_("It is sent when the part before is done.")
    ),
    Standing.READY: Words(
        N_("about to be sent"), "warn", N_("The request is sent within a minute, even if this page is closed.")
    ),
    Standing.ASKING: Words(N_("being sent"), "warn", N_("The service is being asked.")),
    Standing.WAITING: Words(
        N_("waits for your approval"),
        "warn",
        N_("The service has the request and waits for you on the telephone."),
        N_("Check that the code on the telephone is the code on this page, then approve."),
    ),
    Standing.APPROVED: Words(
        N_("approved on the telephone"), "warn", N_("The signatures came; each is checked and put into its file.")
    ),
    Standing.DONE: Words(N_("finished"), "good", N_("Every file has its result.")),
    Standing.REFUSED: Words(N_("refused on the telephone"), "bad", UNSIGNED, ANEW),
    Standing.EXPIRED: Words(N_("not approved in time"), "bad", UNSIGNED, ANEW),
    Standing.CANCELLED: Words(
        N_("taken back"),
        "bad",
        N_("Nothing is signed any more, even if it is approved on the telephone now."),
        ANEW,
    ),
    Standing.UNREACHABLE: Words(
        N_("service not reached"),
        "bad",
        UNSIGNED,
        N_("Try again in a few minutes; if it goes on, sign in another way or tell your administrator."),
    ),
    Standing.FAILED: Words(
        N_("no valid answer"),
        "bad",
        N_("The service answered with something that cannot be used; nothing of it was taken."),
        N_("Try once more; if it happens again, tell your administrator."),
    ),
}

MET: dict[str, str] = {
    WRONG_PIN: N_("The PIN or code given on the telephone was wrong."),
    PIN_LOCKED: N_(
        "The PIN of the key is locked. Ask the service to unlock it, and sign in another way until then."
    ),
}
"""What a service says of the key where the person refused nothing."""

ITEMS: dict[str, tuple[str, str]] = {
    ItemStanding.WAITING: (N_("without signature so far"), "plain"),
    ItemStanding.DONE: (N_("signed"), "good"),
    ItemStanding.UNDECIDED: (N_("kept, decided later by itself"), "warn"),
    ItemStanding.FAILED: (N_("left unsigned"), "bad"),
}


def why(code: str, *, undecided: bool = False) -> str:
    """The sentence of a code, where it has one; what a service said itself is no sentence of ours."""
    if not code:
        return ""
    if undecided:
        return reason_words(code)
    if code in MET:
        return _(MET[code])
    return explain(BadInput(code)).title if code in TABLE else ""


def trouble(code: str) -> str:
    """What the last look met, with what becomes of it."""
    return " ".join(part for part in (why(code), _("It is asked again by itself.")) if part) if code else ""
