"""What can be wrong with correcting, amending or replacing an issued document."""

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
}
