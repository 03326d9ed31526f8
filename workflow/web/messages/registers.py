"""What can be wrong with numbers that are held or cancelled, with years, organs and registers."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

RENEWED = N_("Open the register again: it shows what can be done now.")

MESSAGES = {
    "number_cancelled": Message(
        N_("Number %(number)s/%(year)s was cancelled by %(who)s on %(when)s: %(reason)s."),
        N_("A cancelled number is never given again; nothing was changed."),
        N_("Take the next number or another one that is held."),
    ),
    "number_used": Message(N_("Number %(number)s/%(year)s is used already: %(symbol)s."), NOTHING_CHANGED, RENEWED),
    "number_not_found": Message(
        N_("There is no such number in a register within your reach."), NOTHING_CHANGED, RENEWED, status=404
    ),
    "held_elsewhere": Message(
        N_("This number is held in another register; the document belongs in “%(register)s”."),
        NOTHING_CHANGED,
        N_("Choose a number that is held in that register, or the next one."),
    ),
    "held_until_past": Message(N_("This day has passed."), NOTHING_CHANGED, N_("Choose today or a later day.")),
    "held_past_year": Message(
        N_("The numbers of %(year)s end on 31 December."), NOTHING_CHANGED, N_("Choose a day of this year.")
    ),
    "held_too_long": Message(
        N_("A number is held for %(days)s days at most."), NOTHING_CHANGED, N_("Choose a nearer date.")
    ),
    "held_for_outsider": Message(
        N_("This person holds no post in the agency today."), NOTHING_CHANGED, N_("Choose somebody else.")
    ),
    "register_of_another": Message(
        N_("This register is kept by another agency, or is none of outgoing documents."),
        NOTHING_CHANGED,
        N_("Choose a register of your own agency."),
        status=403,
    ),
    "register_not_found": Message(
        N_("There is no such register within your reach."), NOTHING_CHANGED, RENEWED, status=404
    ),
    "year_not_open": Message(
        N_("A number of %(year)s cannot be given: only papers signed in the year before get one of it."),
        NOTHING_CHANGED,
        N_("Take the next number of this year."),
    ),
    "late_reason_needed": Message(
        N_("A number of %(year)s needs a reason: it stands in the register."),
        NOTHING_CHANGED,
        N_("Write it and send again."),
    ),
    "year_not_over": Message(
        N_("%(year)s is not over yet."), NOTHING_CHANGED, N_("Close it from 1 January of the next year on.")
    ),
    "year_has_held": Message(
        N_("Numbers of %(year)s are still held: %(count)s."),
        NOTHING_CHANGED,
        N_("Use each or cancel it with its reason, then close the year."),
    ),
    "year_has_unissued": Message(
        N_("Documents numbered in %(year)s are not issued yet: %(count)s."),
        NOTHING_CHANGED,
        N_("Issue them, or cancel their numbers with a reason, then close the year."),
    ),
    "year_not_closed": Message(N_("“%(register)s” of %(year)s is open already."), NOTHING_CHANGED, RENEWED),
    "wrong_seal": Message(
        N_("This seal is not of “%(organ)s”, in whose register the document stands; it belongs to: %(owner)s."),
        N_("Nothing was numbered or sealed."),
        N_("Take the key of that organ's seal."),
    ),
    "wrong_head": Message(
        N_("%(signer)s does not sign for “%(organ)s”. Its head: %(head)s."),
        NOTHING_CHANGED,
        N_("Name the organ's own head or a deputy, or choose the other organ."),
    ),
    "organ_of_another_agency": Message(
        N_("This organ does not belong to your agency, or is not in use any more."),
        NOTHING_CHANGED,
        N_("Choose one from the list."),
    ),
    "organ_not_found": Message(
        N_("There is no such organ within your reach."),
        NOTHING_CHANGED,
        N_("Choose one from the list."),
        status=404,
    ),
    "organ_facts_needed": Message(
        N_("An organ needs a code, a name and an abbreviation."), NOTHING_CHANGED, N_("Fill them in.")
    ),
    "organ_code_taken": Message(
        N_("Another organ has the code %(taken)s."), NOTHING_CHANGED, N_("Choose another code.")
    ),
    "organ_head_unfit": Message(
        N_("This post is of another agency, or signs nothing."), NOTHING_CHANGED, N_("Choose one from the list.")
    ),
    "organ_seal_unfit": Message(
        N_("This certificate is not confirmed for the agency, or seals for another organ."),
        NOTHING_CHANGED,
        N_("Choose one from the list."),
    ),
    "register_facts_needed": Message(
        N_("A register needs a code and a name."), NOTHING_CHANGED, N_("Fill them in.")
    ),
    "register_code_taken": Message(
        N_("Another register has the code %(taken)s."), NOTHING_CHANGED, N_("Choose another code.")
    ),
    "held_already": Message(
        N_("Number %(number)s of %(year)s is held for the same person with the same reason and day already."),
        NOTHING_CHANGED,
        N_("To hold one more, say in the reason what it is for."),
    ),
    "organ_in_use": Message(
        N_("“%(organ)s” still has registers in use or documents that are not issued."),
        NOTHING_CHANGED,
        N_("Put its registers out of use and finish its documents first."),
    ),
    "register_in_use": Message(
        N_("Numbers were drawn in “%(register)s”: whose it is, and whether it is secret, stays."),
        NOTHING_CHANGED,
        N_("Open a new register and put this one out of use."),
    ),
    "type_claimed": Message(
        N_("“%(register)s” takes one of these types, or all the rest, already."),
        NOTHING_CHANGED,
        N_("Each type has one register in an organ: change the other one first."),
    ),
    "types_many": Message(N_("At most %(limit)s types stand first."), NOTHING_CHANGED, N_("Untick some.")),
}
