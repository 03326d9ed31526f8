"""What can be wrong while papers are read one after the other: agreeing, pinning, handing on."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "pin_stale": Message(
        N_("You read version %(read)s; another version is the present one now."),
        N_("Your remark is still in its field."),
        N_("Look at what changed, then pin it to the version you read, or to the new one."),
        status=409,
    ),
    "pin_place": Message(
        N_("That spot is not on the page."), N_("Your remark is still in its field."), N_("Choose the spot again.")
    ),
    "agreement_on_paper": Message(N_("A secret paper is read and decided on paper."), NOTHING_CHANGED, status=409),
    "not_a_deputy": Message(
        N_("That is no deputy who could sign this document in the head's stead."),
        NOTHING_CHANGED,
        N_("Choose one from the list."),
    ),
    "deputy_words_too_long": Message(N_("The words are too long: at most %(limit)s characters."), NOTHING_CHANGED),
}
