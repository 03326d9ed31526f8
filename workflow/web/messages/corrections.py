"""What can be wrong with correcting, amending or replacing an issued document, and with copies sent by post."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "correction_by_letter": Message(
        N_("A mistake of form or procedure is corrected by an official letter (Decree 30/2020, 18.3)."),
        NOTHING_CHANGED,
        N_("Choose the type “Official letter”; a mistake of content is amended or replaced instead."),
        status=422,
    ),
    "correction_organ": Message(
        N_("The earlier document was issued by %(organ)s; only that organ corrects, amends or replaces it."),
        NOTHING_CHANGED,
        N_("Choose that organ."),
        status=422,
    ),
    "correction_recalled": Message(
        N_("Every agency has given the earlier document back: there is nothing left to correct or amend."),
        NOTHING_CHANGED,
        N_("Draft a replacement instead."),
    ),
    "correction_replaced": Message(
        N_("The earlier document was replaced already."),
        NOTHING_CHANGED,
        N_("Correct, amend or replace the one that took its place."),
    ),
    "correction_same_form": Message(
        N_("A mistake of content is amended or replaced by a document of its own type (Decree 30/2020, 18.3)."),
        NOTHING_CHANGED,
        N_("Choose the type of the earlier document."),
        status=422,
    ),
    "correction_unissued": Message(
        N_("Only an issued document of your own agency can be corrected, amended or replaced."),
        NOTHING_CHANGED,
        N_("Choose an issued one, or edit the draft itself."),
    ),
    "correction_unsigned": Message(
        N_("What the document corrects, amends or replaces is not what stood beside it when it was signed."),
        N_("Nothing was issued or sent."),
        N_("Give the number up and return the document to its drafter, so that it is submitted and signed again."),
    ),
    "dispatch_day": Message(
        N_("The days do not fit: a copy is sent before it is received, and neither lies ahead."),
        NOTHING_CHANGED,
        N_("Set the days right."),
    ),
    "dispatch_how": Message(
        N_("It is not said how or when the copy left."),
        NOTHING_CHANGED,
        N_("Choose how it was sent and write the day."),
    ),
    "dispatch_known": Message(
        N_("%(name)s stands in the list already."), NOTHING_CHANGED, N_("Write it down on its own line.")
    ),
    "dispatch_name": Message(N_("It is not said who gets the copy."), NOTHING_CHANGED, N_("Write the recipient.")),
    "dispatch_not_found": Message(N_("There is no such copy, or not for you."), "", N_("Go back to the document.")),
    "dispatch_order": Message(
        N_("This cannot follow what was written down last."),
        NOTHING_CHANGED,
        N_("What was received is done; what came back is sent again first."),
    ),
    "dispatch_received": Message(
        N_("It is not said when the copy was received."), NOTHING_CHANGED, N_("Write the day of the receipt.")
    ),
    "dispatch_unissued": Message(
        N_("Copies leave once the document is issued."), NOTHING_CHANGED, N_("Issue it first.")
    ),
    "dispatch_why": Message(N_("It is not said why the copy came back."), NOTHING_CHANGED, N_("Write the reason.")),
    "group_empty": Message(
        N_("The group has no member."), NOTHING_CHANGED, N_("Tick an agency or write an office.")
    ),
    "group_known": Message(
        N_("Your agency has a group called %(name)s already."), NOTHING_CHANGED, N_("Choose another name.")
    ),
    "group_name": Message(N_("The group has no name."), NOTHING_CHANGED, N_("Write a name.")),
    "group_not_found": Message(N_("There is no such group in your agency."), "", N_("Go back to the groups.")),
}
