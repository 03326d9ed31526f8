"""What can be wrong with a file that comes from outside, or with another look at signatures."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "intake_empty": Message(
        N_("The file is empty (0 bytes)."), NOTHING_CHANGED, N_("Ask the sender to send it again.")
    ),
    "intake_source": Message(N_("It is not known how this file came."), NOTHING_CHANGED),
    "intake_agency": Message(
        N_("Files are received for the agency of your own post only."),
        NOTHING_CHANGED,
        N_("If you hold another post that may, switch to it at the top of the page."),
    ),
    "signature": Message(N_("This document carries no digital signature to check."), NOTHING_CHANGED),
}
