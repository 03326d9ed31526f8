"""Why a certificate or its key is not taken, not confirmed or not stopped."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

NEW_KEY = N_("Have a certificate issued over a new key, then enrol that one.")

MESSAGES = {
    "certificate_names_another": Message(
        N_("The certificate names “%(said)s”, not “%(wanted)s”."),
        NOTHING_CHANGED,
        N_("Choose the certificate of this owner. Is the name here wrong? Your administrator corrects it."),
    ),
    "key_burnt": Message(
        N_("A certificate over this key was stopped here because the key was lost or may be with somebody else."),
        NOTHING_CHANGED,
        NEW_KEY,
    ),
    "key_revoked_before": Message(
        N_("Another certificate over this key was revoked by its authority."), NOTHING_CHANGED, NEW_KEY
    ),
    "key_of_somebody_else": Message(
        N_("This key is or was somebody else's here, under this certificate or another one."),
        NOTHING_CHANGED,
        N_("A key has one owner. Have a certificate issued over a key of your own, or ask your administrator."),
    ),
    "key_past_not_read": Message(
        N_("This key is known here from before."),
        NOTHING_CHANGED,
        N_("Read what is known of it and tick that you did, or refuse the certificate."),
    ),
    "difference_reason_needed": Message(
        N_("The certificate does not name the unit of its owner."),
        NOTHING_CHANGED,
        N_("Write down why it is right all the same, or refuse the certificate."),
    ),
    "reason_too_long": Message(
        N_("The reason is longer than %(limit)s letters."), NOTHING_CHANGED, N_("Shorten it.")
    ),
    "ticket_signed_already": Message(
        N_("This file is signed already; no PIN was asked for."),
        NOTHING_CHANGED,
        N_("The signed file is on the page of its document or copy."),
    ),
    "stop_reason_needed": Message(
        N_("No reason was chosen for stopping the certificate."), NOTHING_CHANGED, N_("Choose one and send again.")
    ),
}
