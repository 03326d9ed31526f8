"""What can be wrong with a list that somebody gives a name."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "saved_view_name": Message(
        N_("The list needs a name."), NOTHING_CHANGED, N_("Go back and type a name of up to 60 characters.")
    ),
    "saved_view_too_long": Message(
        N_("The name or the filters of this list are too long to keep."),
        NOTHING_CHANGED,
        N_("Use a name of at most %(limit)s characters and fewer filters."),
    ),
    "saved_view_too_many": Message(
        N_("You have %(limit)s saved lists on this page already."),
        NOTHING_CHANGED,
        N_("Delete one that you no longer use, then save this one."),
    ),
    "saved_view_not_found": Message(
        N_("This saved list is gone."), NOTHING_CHANGED, N_("It may have been deleted in another window.")
    ),
}
