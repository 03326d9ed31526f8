"""What can be wrong with asking for an opinion or initials, and with answering."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

_NOBODY = N_("Nobody was asked; what you ticked and typed is still there.")
_KEPT = N_("Your words are still in their field.")

MESSAGES = {
    "all_initialled": Message(
        N_("Not every coordinating unit has initialled this text."), NOTHING_CHANGED,
        N_("Wait for them, or take the request back with a reason on the page of opinions."),
    ),
    "own_paper": Message(
        N_("Only the drafter and the head of the drafting unit may do that."), NOTHING_CHANGED,
        N_("Ask one of them."), status=403,
    ),
    "still_drafted": Message(
        N_("The document is not a draft any more: nobody else is asked now."), NOTHING_CHANGED,
        N_("Where its words have to change, it is returned to its drafter first."), status=409,
    ),
    "before_signature": Message(
        N_("The document has been signed or cancelled: nobody waits for this any more."), _KEPT, status=409
    ),
    "asked_of_me": Message(
        N_("Somebody else is asked here."), _KEPT,
        N_("A unit answers through its head, or through who looks after that desk."), status=403,
    ),
    "has_text": Message(
        N_("There is no text yet that somebody could be asked about."), NOTHING_CHANGED,
        N_("Upload the draft first. Secret papers go round on paper."),
    ),
    "draft_changed": Message(
        N_("Another file came while you were reading."), _KEPT, N_("Read the new text below, then answer.")
    ),
    "opinion_nobody_asked": Message(N_("It is not said who is asked."), _NOBODY, N_("Tick at least one.")),
    "opinion_too_many": Message(
        N_("At most %(limit)s are asked in one go."), _NOBODY, N_("Untick some, or ask in two turns.")
    ),
    "opinion_question_needed": Message(
        N_("The question is missing."), _NOBODY, N_("Write what you would like to know, then send again.")
    ),
    "opinion_words_too_long": Message(
        N_("At most %(limit)s characters are kept."), _KEPT, N_("Shorten the words.")
    ),
    "opinion_day_past": Message(N_("That day is over."), _NOBODY, N_("Choose today or a later day.")),
    "opinion_not_of_agency": Message(
        N_("Only units and people of your own agency are asked."), _NOBODY, N_("Choose from the list.")
    ),
    "opinion_own_unit": Message(
        N_("The drafting unit initials by its head's approval; it does not coordinate with itself."), _NOBODY,
        N_("Untick that unit."),
    ),
    "opinion_unit_without_head": Message(
        N_("%(name)s has no head in post today, who could answer."), _NOBODY, N_("Choose another unit or a person.")
    ),
    "opinion_units_initial": Message(
        N_("Initials are asked of units, opinions of units and people."), _NOBODY, N_("Choose from the list.")
    ),
    "opinion_oneself": Message(
        N_("The drafter is not asked about their own draft."), _NOBODY, N_("Untick the name.")
    ),
    "opinion_asked_already": Message(
        N_("%(name)s is asked already and has not answered yet."), _NOBODY,
        N_("Untick it, or take that request back."),
    ),
    "opinion_words_needed": Message(
        N_("This answer needs words."), _KEPT, N_("Write what should change, or why not.")
    ),
    "opinion_verdict": Message(N_("It is not said what the answer is."), _KEPT, N_("Choose one of the answers.")),
}  # fmt: skip
