"""Why somebody may not sign, and what can be wrong with a mandate or an absence."""

from workflow.domain.mandates import Reason
from workflow.web.authority_reasons import REASONS
from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

OTHER_SIGNER = N_("Choose another signer or capacity; the page “Who may sign this?” shows every rule.")
LOOK_IN_LAW = N_("Compare with the granting document and Article 13 of Decree 30/2020.")

MESSAGES = {
    **{
        f"authority_{reason}": Message(words, NOTHING_CHANGED, OTHER_SIGNER)
        for reason, words in REASONS.items()
        if reason is not Reason.CAPACITY_NOT_OPEN
    },
    "mandate_symbol": Message(
        N_("This is no number and symbol of a document."),
        NOTHING_CHANGED,
        N_("Write both as they stand on the granting document, for instance 15/GUQ-UBND."),
    ),
    "mandate_basis_in_future": Message(
        N_("The granting document is dated in the future."), NOTHING_CHANGED, LOOK_IN_LAW
    ),
    "mandate_unit_elsewhere": Message(
        N_("A chosen unit belongs to another agency."), NOTHING_CHANGED, N_("Choose units of the same agency.")
    ),
    "mandate_organ_unknown": Message(
        N_("No register of the agency has this organ."), NOTHING_CHANGED, N_("Choose an organ from the list.")
    ),
    "mandate_on_record": Message(
        N_("The very same mandate by %(symbol)s is on record already."),
        NOTHING_CHANGED,
        N_("Look at it in the list of mandates."),
    ),
    "mandate_revoked_already": Message(N_("This mandate was revoked before."), NOTHING_CHANGED),
    "absence_dates": Message(
        N_("The last day lies before the first one or in the past."),
        NOTHING_CHANGED,
        N_("Correct the days and send again."),
    ),
    "absence_long": Message(
        N_("An absence may last %(days)s days at most."),
        NOTHING_CHANGED,
        N_("Who is away for longer hands the post over."),
    ),
    "absence_oneself": Message(
        N_("Nobody looks after their own desk."), NOTHING_CHANGED, N_("Choose somebody else.")
    ),
    "absence_agency": Message(
        N_("A desk is looked after by somebody of the same agency."), NOTHING_CHANGED, N_("Choose somebody else.")
    ),
    "absence_no_desk": Message(
        N_("This desk cannot be left to that post."), NOTHING_CHANGED, N_("Choose somebody from the list.")
    ),
    "deputy_not_in_post": Message(
        N_("The deputy does not hold the post during all of these days."),
        NOTHING_CHANGED,
        N_("Choose other days or somebody else."),
    ),
    "absence_overlaps": Message(
        N_("The desk is left to somebody on some of these days already."),
        NOTHING_CHANGED,
        N_("End the other absence first."),
    ),
    "absence_over": Message(N_("This absence is over."), NOTHING_CHANGED),
    "not_in_place": Message(
        N_("Whoever looks after somebody's desk may not do this: signing, sealing and administering need a post "
           "of one's own."),
        NOTHING_CHANGED,
        N_("Switch back to your own post at the top of the page."),
    ),
}  # fmt: skip
