"""Messages about ways of messages."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "phone_unreadable": Message(
        N_("This is no mobile number of this country, e.g. 0912 345 678."),
        NOTHING_CHANGED,
        N_("Correct the number."),
    ),
    "phone_needed": Message(N_("For messages by SMS a mobile number is needed."), NOTHING_CHANGED),
    "report_reader_unknown": Message(
        N_("Somebody chosen may not see reports there, or left meanwhile."), NOTHING_CHANGED, N_("Choose again.")
    ),
    "own_mail_needed": Message(
        N_("No mail address of yours is written down, so a test message has nowhere to go."), NOTHING_CHANGED
    ),
    "own_phone_needed": Message(
        N_("Write your mobile number under How I get notices first, so that a test message has somewhere to go."),
        NOTHING_CHANGED,
    ),
    "channel_not_found": Message(
        N_("This way is not set up, or its setting cannot be read."), "", N_("Go back to the list of ways.")
    ),
}
