"""What can have happened to a document after it was signed."""

from __future__ import annotations

from workflow.web.i18n import N_
from workflow.web.reasons.meaning import (
    LOOK,
    ORIGINAL,
    REFUSE,
    RESIGN_PROGRAM,
    SIGN_IN_PLACE,
    Meaning,
    Mender,
)

MEANINGS = {
    "changed_after_signing": Meaning(
        N_("The document was changed after the signature."),
        N_("Pages, or what they show, were exchanged after somebody had signed them."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "appearance_changed": Meaning(
        N_("What the signature shows was changed later."),
        N_("The picture of a signature was exchanged, so it may show another name or date."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "change_not_permitted": Meaning(
        N_("A later change is one that a signature forbids."),
        N_("The signer allowed only certain changes, and this one is not among them."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "certification_not_first": Meaning(
        N_("A certification is not the first signature."),
        N_("A certification has to stand before all other signatures to protect them."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "unexplained_change": Meaning(
        N_("A later change cannot be explained."),
        N_("Something was added or exchanged that is neither a signature nor a proof."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "annotated_later": Meaning(
        N_("Something was drawn on a page after the signature."),
        N_("Notes, stamps or drawings can cover or alter what was signed."),
        Mender.READER,
        LOOK,
    ),
    "field_refilled": Meaning(
        N_("What a form field said when it was signed was replaced later."),
        N_("The form can be filled in again without any key."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "unsigned_field_shown": Meaning(
        N_("A field that nobody signed shows something."),
        N_("A picture of a signature or seal stands where no signature is."),
        Mender.SENDER,
        REFUSE,
    ),
    "field_moved": Meaning(
        N_("The signature does not stand in its planned place."),
        N_("The place was moved or enlarged after the plan was made."),
        Mender.DRAFTER,
        SIGN_IN_PLACE,
    ),
    "field_doubled": Meaning(
        N_("A planned place holds more than one signature."),
        N_("Two signatures claim the same place."),
        Mender.DRAFTER,
        SIGN_IN_PLACE,
    ),
    "wrong_owner": Meaning(
        N_("The signature was made by somebody the place was not meant for."),
        N_("The certificate is not one of those enrolled for this place."),
        Mender.DRAFTER,
        SIGN_IN_PLACE,
    ),
    "appearance_not_plain": Meaning(
        N_("What the signature shows is not built plainly."),
        N_("The picture is built so that programs could show it differently."),
        Mender.SIGNER,
        RESIGN_PROGRAM,
    ),
    "text_differs": Meaning(
        N_("A field shows other text than the register holds."),
        N_("The number or date on the page is not the one under which the document was registered."),
        Mender.SENDER,
        REFUSE,
    ),
    "text_unreadable": Meaning(
        N_("What a field shows cannot be compared with the register."),
        N_("The text is drawn in a way that cannot be read as letters."),
        Mender.READER,
        LOOK,
    ),
    "covers_earlier_signature": Meaning(
        N_("The signature covers an earlier one on the page."),
        N_("A later stamp lies over the place of a signature."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "covers_content": Meaning(
        N_("A later stamp covers text that was signed."),
        N_("What lies under it cannot be read any more, or reads differently."),
        Mender.SENDER,
        ORIGINAL,
    ),
    "field_too_large": Meaning(
        N_("The signature's field covers too much of the page."),
        N_("A field that large can show another page over the signed one."),
        Mender.READER,
        LOOK,
    ),
}
