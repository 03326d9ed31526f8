"""What can be wrong with an incoming document, its direction, its deadline or an act on it."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "due_after_document": Message(
        N_("This date lies after the document's own due date (%(day)s)."),
        NOTHING_CHANGED,
        N_("Choose an earlier date."),
    ),
    "due_choice": Message(N_("Choose either a date or a term, not both."), NOTHING_CHANGED),
    "due_in_the_past": Message(
        N_("The due date %(day)s has passed already."), NOTHING_CHANGED, N_("Choose a date from today on.")
    ),
    "term_amount": Message(
        N_("This term cannot be used: %(amount)s."),
        NOTHING_CHANGED,
        N_("Give a whole number from 1 on, at most three years."),
    ),
    "handler_of_other_unit": Message(
        N_("This person is not in the lead unit."), NOTHING_CHANGED, N_("Choose somebody of the lead unit.")
    ),
    "has_due": Message(N_("The document has no deadline."), NOTHING_CHANGED),
    "issued_in_future": Message(
        N_("The date of the document (%(day)s) lies in the future."),
        NOTHING_CHANGED,
        N_("Compare it with the paper and correct it."),
    ),
    "issuer_kind": Message(
        N_("Say whether the sender is an agency, an organisation or a citizen."), NOTHING_CHANGED
    ),
    "not_a_handler": Message(
        N_("This post does not handle documents."),
        NOTHING_CHANGED,
        N_("Choose a specialist, a unit head or a clerk."),
    ),
    "not_a_leader": Message(
        N_("This post gives no directions."), NOTHING_CHANGED, N_("Choose the leader or a deputy of your agency.")
    ),
    "office_head_in_post": Message(
        N_("Nobody is in post as chief of office."),
        NOTHING_CHANGED,
        N_("Submit it straight to a leader, or ask the administrator to mark the office and its head."),
    ),
    "one_lead": Message(
        N_("There must be exactly one lead unit; %(count)s were chosen."),
        NOTHING_CHANGED,
        N_("Choose one lead; the others coordinate."),
    ),
    "proposal_made": Message(
        N_("No direction has been proposed yet."), NOTHING_CHANGED, N_("Give a direction yourself.")
    ),
    "recipient_person": Message(
        N_("One of the persons is not in post in this agency today."),
        NOTHING_CHANGED,
        N_("Take them out of the list."),
    ),
    "recipient_twice": Message(
        N_("A unit or person stands twice in the list."), NOTHING_CHANGED, N_("Leave each of them once.")
    ),
    "recipient_unit": Message(
        N_("One of the units cannot receive this document."),
        NOTHING_CHANGED,
        N_("Choose units of your agency that exist today."),
    ),
    "register_for_arrivals": Message(
        N_("The agency has no register of arrivals."), NOTHING_CHANGED, N_("Ask the administrator to open one.")
    ),
    "secret_register_fixed": Message(
        N_("A registered document cannot change between the ordinary and the secret register."),
        NOTHING_CHANGED,
        N_("Return it to the sender, or register it anew."),
    ),
    "symbol_too_long": Message(
        N_("Number and symbol are too long (at most %(limit)s characters)."),
        NOTHING_CHANGED,
        N_("Shorten it as on the paper."),
    ),
    "issuer_too_long": Message(
        N_("The issuer is too long: %(length)s of at most %(limit)s characters."),
        NOTHING_CHANGED,
        N_("Shorten it."),
    ),
    "takes_part": Message(N_("Only a coordinating unit that has not finished may do this."), NOTHING_CHANGED),
    "asked": Message(N_("Only the leader to whom it was submitted may do this."), NOTHING_CHANGED),
    "explanation_given": Message(N_("No explanation waits for a decision."), NOTHING_CHANGED),
    "extension_asked": Message(N_("No extension waits for our own decision."), NOTHING_CHANGED),
    "no_extension_asked": Message(
        N_("An extension was asked for already and waits for the leader."), NOTHING_CHANGED
    ),
    "facts_complete": Message(
        N_("Issuer and subject are needed before it can be registered."),
        NOTHING_CHANGED,
        N_("Fill them in and press Enter."),
    ),
    "handler": Message(N_("Only the person who handles the document may do this."), NOTHING_CHANGED),
    "has_lead": Message(N_("No unit leads yet."), NOTHING_CHANGED, N_("Ask for a direction first.")),
    "lead_unit": Message(N_("Only the head of the lead unit may do this."), NOTHING_CHANGED),
    "not_directed": Message(
        N_("The document has been directed already."), NOTHING_CHANGED, N_("Ask the lead unit.")
    ),
    "office_head": Message(N_("Only the chief of office may do this."), NOTHING_CHANGED),
    "owes_explanation": Message(N_("No explanation is asked of you here."), NOTHING_CHANGED),
    "paused": Message(N_("The clock is running."), NOTHING_CHANGED),
    "recall_asked": Message(N_("The sender has not asked to take it back."), NOTHING_CHANGED),
    "running": Message(N_("The clock stands still, or there is no deadline."), NOTHING_CHANGED),
    "verdict_answered": Message(
        N_("The signatures did not pass; say why it is registered all the same."),
        NOTHING_CHANGED,
        N_("Write the reason, or return it to the sender."),
    ),
}
