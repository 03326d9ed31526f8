"""What is worth saying of a signature that passed."""

from __future__ import annotations

from workflow.web.i18n import N_
from workflow.web.reasons.meaning import (
    LOOK,
    NOTHING,
    RESIGN_PROGRAM,
    Meaning,
    Mender,
)

MEANINGS = {
    "revocation_within_grace": Meaning(
        N_("The revocation list is slightly older than the signature, within what is allowed."),
        N_("The office allows lists of this age."),
        Mender.NOBODY,
        NOTHING,
    ),
    "revoked_later": Meaning(
        N_("The certificate was revoked later; this signature is older."),
        N_("A timestamp or a receipt proves that it existed before."),
        Mender.NOBODY,
        NOTHING,
    ),
    "later_visible_signature": Meaning(
        N_("Another signature was added visibly later."),
        N_("Somebody stamped or signed the document after this signature."),
        Mender.READER,
        LOOK,
    ),
    "unplanned_field": Meaning(
        N_("A field was added that was not planned here."),
        N_("The field comes from another program or office."),
        Mender.READER,
        LOOK,
    ),
    "form_filled_later": Meaning(
        N_("Fields that may be filled in were filled in later."),
        N_("The signer allowed this."),
        Mender.READER,
        LOOK,
    ),
    "annotated_aside": Meaning(
        N_("Something was added later beside the content, as the signature allows."),
        N_("Notes or links were added that cover nothing."),
        Mender.READER,
        LOOK,
    ),
    "active_content": Meaning(
        N_("The file holds scripts or actions."),
        N_("Some programs may run them when the file is opened."),
        Mender.SENDER,
        RESIGN_PROGRAM,
    ),
    "evidence_unreadable": Meaning(
        N_("Some evidence could not be read."),
        N_("A list or certificate inside the file is damaged and was left out."),
        Mender.NOBODY,
        NOTHING,
    ),
    "signed_attributes_absent": Meaning(
        N_("The signature is straight over the content, without attributes."),
        N_("The standard allows it; it says neither when nor with which certificate it was made."),
        Mender.NOBODY,
        NOTHING,
    ),
    "signing_certificate_unnamed": Meaning(
        N_("The signature does not name its certificate under itself; plain CMS need not."),
        N_("Many signing programs leave it out."),
        Mender.NOBODY,
        NOTHING,
    ),
}
