"""What can be wrong with a remote key, its service and a request to it."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED
from workflow.web.messages.signing import LOAD_AGAIN, UNSIGNED

LATER = N_("Try again in a few minutes, or sign in another way.")
ADMINISTRATOR = N_("Tell your administrator.")

MESSAGES = {
    "remote_service_gone": Message(
        N_("The service that holds this key is not set up here any more."), UNSIGNED, ADMINISTRATOR
    ),
    "remote_key_gone": Message(
        N_("The service does not offer this key (any more)."),
        UNSIGNED,
        N_("Look at your account there; a new certificate has to be enrolled here."),
    ),
    "remote_key_changed": Message(
        N_("The key has another certificate at the service than the one that is enrolled here."),
        UNSIGNED,
        N_("Enrol the new certificate."),
    ),
    "remote_not_in_place": Message(
        N_("A remote key is used by its owner only, not for somebody whose desk is looked after."), UNSIGNED
    ),
    "remote_account_needed": Message(N_("Type the name of your account, at most 100 letters."), NOTHING_CHANGED),
    "remote_no_keys": Message(
        N_("The service knows no key of this account that can sign here."),
        NOTHING_CHANGED,
        N_("Check the name of the account, and in the service's own program whether the certificate is in use."),
    ),
    "remote_request_over": Message(N_("This request is over already."), NOTHING_CHANGED, LOAD_AGAIN),
    "remote_signature_missing": Message(N_("The service gave no signature for this file."), UNSIGNED, LATER),
    "remote_no_key_chosen": Message(N_("Choose the key to sign with."), UNSIGNED),
    "remote_asked_too_often": Message(
        N_("Remote accounts were asked for too often in a short time."), UNSIGNED, N_("Try again in an hour.")
    ),
    "remote_name_differs": Message(
        N_("This certificate names somebody else."), UNSIGNED, N_("Choose a key whose certificate bears your name.")
    ),
    "remote_signing_unreadable": Message(
        N_("The setting of the remote signing services cannot be read."), UNSIGNED, ADMINISTRATOR
    ),
    "provider_unreachable": Message(N_("The remote signing service does not answer."), UNSIGNED, LATER),
    "provider_misspoke": Message(N_("The answer of the remote signing service cannot be used."), UNSIGNED, LATER),
    "provider_said_no": Message(
        N_("The remote signing service refused the request."),
        UNSIGNED,
        N_("Check your account there, or tell your administrator."),
    ),
}
