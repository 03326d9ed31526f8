"""What can be wrong with an act on many documents."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "bulk_recipient": Message(
        N_("It is not said to whom the documents go."), NOTHING_CHANGED, N_("Choose one, then start again.")
    ),
    "export_too_heavy": Message(
        N_("The files are more than %(limit)s MB together."), NOTHING_CHANGED, N_("Tick fewer of them.")
    ),
    "bulk_gone": Message(
        N_("The document is not within your reach any more."),
        NOTHING_CHANGED,
        N_("Somebody took it over; there is nothing for you to do about it."),
    ),
}
