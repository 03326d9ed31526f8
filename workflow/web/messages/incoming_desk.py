"""What can be wrong when several incoming documents are ticked."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "nothing_ticked": Message(
        N_("No document was ticked."), NOTHING_CHANGED, N_("Go back and tick documents in the list.")
    ),
    "too_many_ticked": Message(
        N_("More documents were ticked than one go takes (%(limit)s)."), NOTHING_CHANGED, N_("Tick fewer of them.")
    ),
}
