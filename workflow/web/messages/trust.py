"""Messages about roots and revocation lists."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "crl_unreadable": Message(
        N_("This is no revocation list."), NOTHING_CHANGED, N_("Take the .crl file that the authority publishes.")
    ),
    "crl_signature": Message(
        N_("The list was not signed by the authority it names."),
        NOTHING_CHANGED,
        N_("Fetch it again from the authority itself."),
    ),
    "crl_issuer": Message(
        N_("The authority “%(name)s” is not known here."),
        NOTHING_CHANGED,
        N_("List its root first, or enrol a certificate whose chain names it."),
    ),
    "policy_unknown": Message(N_("There is no such policy."), NOTHING_CHANGED),
}
