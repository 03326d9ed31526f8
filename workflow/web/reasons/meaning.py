"""What a reason of the verifier means to a person: what was found, why, who can mend it, and how to go on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workflow.web.i18n import N_


class Mender(StrEnum):
    """Who can do something about it."""

    NOBODY = "nobody"
    SYSTEM = "system"
    READER = "reader"
    SENDER = "sender"
    SIGNER = "signer"
    DRAFTER = "drafter"
    ADMINISTRATOR = "administrator"
    AUTHORITY = "authority"


MENDERS = {
    Mender.NOBODY: N_("Nobody"),
    Mender.SYSTEM: N_("This system, by itself"),
    Mender.READER: N_("You"),
    Mender.SENDER: N_("Whoever sent the file"),
    Mender.SIGNER: N_("The signer"),
    Mender.DRAFTER: N_("The drafter"),
    Mender.ADMINISTRATOR: N_("Your administrator"),
    Mender.AUTHORITY: N_("The certificate authority"),
}

GET_AGAIN = N_("Get the file once more from where it came, and check it again.")
REFUSE = N_("Do not rely on this file; ask for one that is signed anew.")
RESIGN = N_("Have it signed again with a certificate that is in order.")
RESIGN_PROGRAM = N_("Have it written and signed again by another program.")
WAIT = N_("Wait: it is checked again with the next list.")
NOTHING = N_("There is nothing to do.")
LIST_ROOT = N_("If this authority is to be trusted, have two administrators list its root.")
INTERMEDIATE = N_("Ask for the issuer's certificate, and have it added.")
EXPERT = N_("Give the file to your administrator, who sees the details.")
ORIGINAL = N_("Ask for the file as it was when it was signed.")
LOOK = N_("Look at the page, and decide whether what was added belongs there.")
GIVE_FILE = N_("Give the signed file together with its signature.")
TIMESTAMP = N_("Ask for a copy with a timestamp, or have it signed again.")
SIGN_IN_PLACE = N_("Have it signed again in its planned place by the right person.")
NEW_CERTIFICATE = N_("The authority has to issue a proper certificate; then sign again.")
UNLOCK = N_("Ask for the file without a password.")


@dataclass(frozen=True, slots=True)
class Meaning:
    """Message ids, each a sentence. `step`: what to do next."""

    title: str
    cause: str
    who: Mender
    step: str
