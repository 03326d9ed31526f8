"""What can be wrong with handing over a post."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "post_holds_work": Message(
        N_("The post still holds %(count)s open documents."),
        NOTHING_CHANGED,
        N_("Hand it over first: open the person, choose the post and press Hand over."),
    ),
    "nothing_to_hand_over": Message(
        N_("This post holds nothing that somebody has to take over."), NOTHING_CHANGED, N_("The post can be ended.")
    ),
    "successor_needed": Message(
        N_("Say who takes over each kind of work."), NOTHING_CHANGED, N_("Choose somebody in every list.")
    ),
    "successor_unfit_for": Message(
        N_("Some documents belong to a unit that the person chosen is not of: %(count)s."),
        NOTHING_CHANGED,
        N_("Choose for each of them below, or somebody else for all."),
        status=422,
    ),
    "successor_unfit": Message(
        N_("The person chosen cannot take this over."),
        NOTHING_CHANGED,
        N_("Choose somebody of the same agency whose post fits."),
    ),
}
