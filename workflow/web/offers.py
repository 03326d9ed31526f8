"""What each action looks like on the page of a document: its button, what will happen, what is said when done.

Rules are elsewhere: the state table says who may do what. Here is only how it is offered.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.domain import outgoing
from workflow.domain.outgoing import Action, State
from workflow.web.i18n import N_


class Kind(StrEnum):
    """How an action is taken."""

    BUTTON = "button"
    """One press."""
    REMARK = "remark"
    """A press with words, required where the state table says so."""
    PAGE = "page"
    """A page of its own."""
    FILE = "file"
    """A file is chosen in place."""
    MACHINE = "machine"
    """Never offered: the machine does it."""


@dataclass(frozen=True, slots=True)
class Offer:
    """`button`: its words. `will`: what happens. `done`: the sentence afterwards. `tone`: how it is drawn."""

    kind: Kind
    button: str
    will: str
    done: str
    tone: str = "outline-primary"


OFFERS: dict[Action, Offer] = {
    Action.CREATE: Offer(Kind.PAGE, N_("New draft"), N_("Opens a draft in your unit."), N_("The draft was saved.")),
    Action.REVISE: Offer(
        Kind.PAGE,
        N_("Edit"),
        N_("Change what the draft says, its file and its signer."),
        N_("The draft was saved."),
    ),
    Action.SUBMIT: Offer(
        Kind.BUTTON,
        N_("Submit"),
        N_("Goes to the head of your unit for review; where there is none, straight to the clerk."),
        N_("Submitted."),
        "primary",
    ),
    Action.APPROVE: Offer(
        Kind.BUTTON,
        N_("Approve the content"),
        N_("Goes to the clerk for the format check."),
        N_("Approved. It lies with the clerk now."),
        "primary",
    ),
    Action.SKIP_REVIEW: Offer(
        Kind.MACHINE,
        N_("Skip review"),
        N_("The unit has no head in post, so the machine passes it on."),
        N_("Review was skipped."),
    ),
    Action.CONFIRM_FORMAT: Offer(
        Kind.BUTTON,
        N_("Confirm the format"),
        N_("Draws the planned fields and the look-up code into the file and lays it before the signer."),
        N_("The format is confirmed. It lies before the signer now."),
        "primary",
    ),
    Action.RETURN: Offer(
        Kind.REMARK,
        N_("Return with a reason"),
        N_("Goes back to the drafter, who reads your reason first."),
        N_("Returned to the drafter with your reason."),
    ),
    Action.WITHDRAW: Offer(
        Kind.REMARK,
        N_("Take back"),
        N_("Comes back to you, as long as nobody else has acted on it."),
        N_("Taken back."),
    ),
    Action.REJECT: Offer(
        Kind.REMARK,
        N_("Refuse to sign"),
        N_("Goes back to the drafter; the refusal and its reason stay in the history."),
        N_("Refused. The drafter reads your reason."),
        "outline-danger",
    ),
    Action.CO_SIGN: Offer(
        Kind.PAGE,
        N_("Sign beside the signer"),
        N_("Opens the signing page. When everybody of your turn has signed, it lies before whoever is next."),
        N_("Signed. It lies before whoever signs next."),
        "primary",
    ),
    Action.WITHDRAW_CO_SIGN: Offer(
        Kind.REMARK,
        N_("Withdraw my signature"),
        N_("Lies before you again; the file is as it was before your signature."),
        N_("The signature is withdrawn."),
        "outline-danger",
    ),
    Action.DECLINE: Offer(
        Kind.REMARK,
        N_("Decline to sign, with a reason"),
        N_("Goes back to the drafter. What others signed before you is withdrawn with it."),
        N_("Returned to the drafter."),
        "outline-danger",
    ),
    Action.SIGN: Offer(
        Kind.PAGE,
        N_("Sign digitally"),
        N_("Opens the signing page: your key file and its password stay in this browser."),
        N_("Signed."),
        "primary",
    ),
    Action.RECORD_INK: Offer(
        Kind.PAGE,
        N_("Record an ink signature"),
        N_("For a paper that was signed by hand. It counts, but not as signed digitally."),
        N_("The ink signature is recorded."),
    ),
    Action.WITHDRAW_SIGNATURE: Offer(
        Kind.REMARK,
        N_("Withdraw my signature"),
        N_("Lies before you again; the signed file is kept and will answer “withdrawn”."),
        N_("The signature is withdrawn."),
        "outline-danger",
    ),
    Action.NUMBER: Offer(
        Kind.BUTTON,
        N_("Give the number"),
        N_("Draws the next number of the register and enters the document in it. A number is never given back."),
        N_("Numbered and entered in the register."),
        "primary",
    ),
    Action.GIVE_UP_NUMBER: Offer(
        Kind.REMARK,
        N_("Cancel the number"),
        N_("The number stays in the register as cancelled, with your reason; the document waits for another one."),
        N_("The number is cancelled. The document waits for another one."),
        "outline-danger",
    ),
    Action.SIGN_NUMBER: Offer(
        Kind.PAGE,
        N_("Sign the number"),
        N_("Puts number and date on the paper with the agency's signature."),
        N_("Number and date stand on the paper."),
        "primary",
    ),
    Action.ATTACH_SCAN: Offer(
        Kind.FILE,
        N_("Attach the scan"),
        N_("The scan of the signed and numbered paper, as PDF. It is what gets sealed."),
        N_("The scan is attached."),
        "primary",
    ),
    Action.SEAL: Offer(
        Kind.PAGE,
        N_("Seal"),
        N_("Puts the agency's seal on the paper with its signature."),
        N_("Sealed."),
        "primary",
    ),
    Action.ISSUE: Offer(
        Kind.BUTTON,
        N_("Issue"),
        N_("Issued now; from here on the document counts in the figures."),
        N_("Issued."),
        "primary",
    ),
    Action.FILE: Offer(Kind.BUTTON, N_("File"), N_("Puts it away with the papers of the work."), N_("Filed.")),
    Action.CANCEL: Offer(
        Kind.REMARK,
        N_("Cancel the draft"),
        N_("The draft ends here; it stays readable."),
        N_("The draft is cancelled."),
        "outline-danger",
    ),
    Action.REQUEST_EXEMPTION: Offer(
        Kind.REMARK,
        N_("Ask for an exemption"),
        N_("The leader decides whether this document stays out of the signature rate."),
        N_("The exemption is asked for."),
    ),
    Action.APPROVE_EXEMPTION: Offer(
        Kind.BUTTON,
        N_("Approve the exemption"),
        N_("The document leaves the denominator of the signature rate and is listed as exempt."),
        N_("The exemption is approved."),
    ),
    Action.REFUSE_EXEMPTION: Offer(
        Kind.REMARK,
        N_("Refuse the exemption"),
        N_("The document stays in the signature rate and goes on as it stands; who asked reads your reason."),
        N_("The exemption is refused; who asked is told."),
        "outline-danger",
    ),
    Action.HAND_OVER: Offer(
        Kind.MACHINE, N_("Hand over"), N_("The administrator hands a post over."), N_("Handed over.")
    ),
    Action.HAND_TO_DEPUTY: Offer(
        Kind.PAGE,
        N_("Hand to a deputy"),
        N_("A deputy signs it for the head (KT.); you choose who."),
        N_("Handed to the deputy."),
    ),
    Action.LOSE_SIGNER: Offer(
        Kind.MACHINE, N_("Signer left"), N_("The signer's post was handed over."), N_("Back with the drafter.")
    ),
}

SCAN_AGAIN = Offer(
    Kind.FILE,
    N_("Attach another scan"),
    N_("Takes the place of the scan that is there, for example where a page is missing."),
    N_("The scan is attached."),
)
"""Once there is a scan, sealing is the step forward."""

WHY_NOT: dict[str, str] = {
    outgoing.OWN_DRAFT: N_("Only the drafter may do this."),
    outgoing.HAS_FILE: N_("A PDF has to be uploaded first."),
    outgoing.HAS_SIGNER: N_("A signer has to be named first."),
    outgoing.DESIGNATED_SIGNER: N_("Only the person named as signer may do this."),
    outgoing.SIGNATURE_GIVEN: N_("The signature is missing."),
    outgoing.NUMBER_ON_PAPER: N_("The number has to stand on the paper first: sign the number."),
    outgoing.NUMBER_NOT_YET_ON_PAPER: N_("The number stands on the paper already."),
    outgoing.SEAL_GIVEN: N_("The seal's signature is missing."),
    outgoing.ATTACHMENTS_SEALED: N_("Not every attached file bears its seal."),
    outgoing.SCAN_ATTACHED: N_("The scan has to be attached first."),
    outgoing.INK: N_("This is for papers signed in ink; this one is signed digitally."),
    outgoing.DIGITAL: N_("This is for documents signed digitally; this one was signed in ink."),
    outgoing.LATEST_ACT: N_("Somebody else took this step or has acted since, so it cannot be taken back."),
    outgoing.EXEMPTION_ASKED: N_("No exemption is waiting for a decision."),
    outgoing.CONTENT_HELD_HERE: N_("Of a secret paper no file is kept here."),
    outgoing.REVIEWER: N_(
        "Drafts are reviewed by a head of the unit that wrote them or of one above, never by their drafter."
    ),
    outgoing.REVIEWER_AWAY: N_("The head of the unit is there and reviews it."),
    outgoing.HEAD_AWAY: N_("The head of the agency is there and decides it."),
    outgoing.SIGNER_OR_AWAY: N_(
        "Only the person named as signer may do this, or a leader while that person is away on record."
    ),
    outgoing.ALL_INITIALLED: N_("Not every coordinating unit has initialled this text."),
    outgoing.ALL_COSIGNED: N_("Somebody who signs before the signer has not signed yet."),
    outgoing.COSIGNERS_TURN: N_("It is not your turn to sign this."),
    outgoing.LAST_COSIGNED: N_("Somebody else has signed on top of it."),
    outgoing.NOT_SPREAD: N_("Documents were made of this draft by a table; it goes no further itself."),
    outgoing.SECRET_ON_PAPER: N_("Only secret papers signed in ink are issued without a seal here."),
}
"""A predicate of the state table that does not hold → why the button cannot be pressed."""

HIDDEN_WITHOUT = frozenset(
    {
        outgoing.OWN_DRAFT,
        outgoing.INK,
        outgoing.DIGITAL,
        outgoing.EXEMPTION_ASKED,
        outgoing.LATEST_ACT,
        outgoing.NUMBER_NOT_YET_ON_PAPER,
        outgoing.CONTENT_HELD_HERE,
        outgoing.SECRET_ON_PAPER,
        outgoing.COSIGNERS_TURN,
        outgoing.LAST_COSIGNED,
        outgoing.REVIEWER,
        outgoing.REVIEWER_AWAY,
        outgoing.HEAD_AWAY,
    }
)
"""Where these do not hold, the action is not for this paper or person at all: nothing is shown."""

WAITS_FOR: dict[State, str] = {
    State.DRAFT: N_("lies with its drafter"),
    State.RETURNED: N_("lies with its drafter, to be mended"),
    State.IN_REVIEW: N_("waits for the head of the unit to review it"),
    State.FORMAT_CHECK: N_("waits for the clerk to check the format"),
    State.AWAITING_SIGNATURE: N_("waits for the signer"),
    State.SIGNED: N_("waits for the clerk to number it"),
    State.NUMBERED: N_("waits for the clerk to sign the number"),
    State.SEALED: N_("waits for the clerk to issue it"),
    State.ISSUED: N_("is issued; nothing is waiting"),
    State.FILED: N_("is filed; nothing is waiting"),
    State.CANCELLED: N_("is cancelled; nothing is waiting"),
}

SEALS_NEXT = N_("waits for the clerk to seal it")
SCAN_NEXT = N_("waits for the clerk to attach the scan of the numbered paper")
ISSUE_NEXT = N_("waits for the clerk to issue it")
SCAN_FIRST = N_("The numbered paper has to be scanned first: attach the scan.")


def waits_for(state: State, *, ink: bool, secret: bool, on_paper: bool) -> str:
    """What a document waits for; a numbered one says which of its steps is next (`on_paper`: the number is)."""
    if state is State.NUMBERED:
        if secret:
            return ISSUE_NEXT
        if on_paper:
            return SEALS_NEXT
        return SCAN_NEXT if ink else WAITS_FOR[state]
    return WAITS_FOR[state]


def words_against(missing: str, *, ink: bool) -> str:
    """Why a button cannot be pressed. Paper signed in ink has no number to sign: its scan takes that place."""
    return SCAN_FIRST if ink and missing == outgoing.NUMBER_ON_PAPER else WHY_NOT[missing]


FIRST_STEP: dict[State, Action] = {
    State.DRAFT: Action.REVISE,
    State.RETURNED: Action.REVISE,
    State.IN_REVIEW: Action.APPROVE,
    State.FORMAT_CHECK: Action.CONFIRM_FORMAT,
    State.AWAITING_SIGNATURE: Action.SIGN,
    State.SIGNED: Action.NUMBER,
    State.NUMBERED: Action.SEAL,
    State.SEALED: Action.ISSUE,
}
"""What a person whose desk it lies on usually does first."""

TONES: dict[State, str] = {
    State.DRAFT: "plain",
    State.RETURNED: "warn",
    State.IN_REVIEW: "wait",
    State.FORMAT_CHECK: "wait",
    State.AWAITING_SIGNATURE: "wait",
    State.SIGNED: "wait",
    State.NUMBERED: "wait",
    State.SEALED: "wait",
    State.ISSUED: "good",
    State.FILED: "good",
    State.CANCELLED: "plain",
}

URGENCY_TONES = {outgoing.Urgency.NORMAL: "", outgoing.Urgency.URGENT: "warn",
                 outgoing.Urgency.VERY_URGENT: "bad", outgoing.Urgency.FLASH: "bad"}  # fmt: skip

ROAD: tuple[State, ...] = (
    State.DRAFT,
    State.IN_REVIEW,
    State.FORMAT_CHECK,
    State.AWAITING_SIGNATURE,
    State.SIGNED,
    State.NUMBERED,
    State.SEALED,
    State.ISSUED,
    State.FILED,
)
"""The straight road that the line of states draws."""

INK_WORDS = {
    State.AWAITING_SIGNATURE: N_("Waiting for the signature by hand"),
    State.SEALED: N_("Sealed by hand"),
}
"""How the road names its places where a paper is signed by hand and stamped."""
