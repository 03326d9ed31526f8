"""What can be wrong with sending a document to another agency, taking it back, or answering one."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "deliveries": Message(
        N_("It went to nobody on record, so there is nothing to take back."),
        NOTHING_CHANGED,
        N_("Write down the copies that left, then recall it."),
    ),
    "exchange_reason_too_long": Message(
        N_("The reason is too long: %(length)s of at most %(limit)s characters."),
        NOTHING_CHANGED,
        N_("Shorten it; the other agency reads every word."),
    ),
    "extension_not_yours": Message(
        N_("Only a leader, a deputy or who signed the document may answer this request."), NOTHING_CHANGED
    ),
    "extension_request_ended": Message(
        N_("This request does not wait for an answer any more."), NOTHING_CHANGED, N_("Look at what became of it.")
    ),
    "extension_to_send": Message(N_("No request waits to be sent to another office."), NOTHING_CHANGED),
    "extension_open": Message(N_("No extension was asked for."), NOTHING_CHANGED),
    "extension_out": Message(N_("No request waits for another office."), NOTHING_CHANGED),
    "links_fixed": Message(
        N_("The document has been submitted: what it answers, corrects, amends or replaces is fixed."),
        NOTHING_CHANGED,
        N_("Have it returned to its drafter first. What it answers the clerk can still say at the format check."),
    ),
    "not_issued": Message(
        N_("Only an issued document can be taken back from its recipients."),
        NOTHING_CHANGED,
        N_("Return or cancel the draft instead."),
    ),
    "recalled_already": Message(
        N_("Every agency has given it back, or was asked and has not answered yet."),
        NOTHING_CHANGED,
        N_("Wait for the answers; they appear under Recipients."),
    ),
    "recall_not_asked": Message(
        N_("Nothing is to be told: the document stands, or this copy is with nobody outside."),
        NOTHING_CHANGED,
        N_("Go back to the document."),
    ),
    "recall_told_day": Message(
        N_("The days do not fit: nobody is told before the recall, and no day lies ahead."),
        NOTHING_CHANGED,
        N_("Set the days right."),
    ),
    "recall_told_how": Message(
        N_("It is not said how the office was told."),
        NOTHING_CHANGED,
        N_("Write the number of the letter, or how."),
    ),
    "recall_told_when": Message(
        N_("Neither the day of telling nor the day of the return is said."), NOTHING_CHANGED, N_("Write a day.")
    ),
    "recipient_agency": Message(
        N_("One of the agencies does not exist any more."),
        NOTHING_CHANGED,
        N_("Take it out of the list, or send to who took over."),
        status=422,
    ),
    "recipient_own": Message(
        N_("Your own agency cannot be a recipient."), NOTHING_CHANGED, N_("Take it out of the list.")
    ),
    "recipients_judged": Message(
        N_("%(agency)s trusts other roots than you; the signatures have not been judged by them yet."),
        N_("Nothing was issued or sent."),
        N_("Press Issue again: the check is made first."),
    ),
    "recipients_many": Message(
        N_("These are too many recipients: %(count)s of at most %(limit)s."), NOTHING_CHANGED
    ),
}
