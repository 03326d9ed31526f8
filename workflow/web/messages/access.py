"""What can be wrong with access reviews, traces and personal data."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "personal_last_agency": Message(
        N_("This person left: what is held about them belongs to the agency of their last post, %(agency)s."),
        N_("Nothing was shown, taken or erased."),
        N_("Ask the administrator of that agency, or of the top agency."),
    ),
    "access_no_document": Message(
        N_("No document of this agency has that code or number."), "", N_("Look at the paper and type it again."),
    ),
    "access_changed": Message(
        N_("The accesses are not those that you looked at any more."),
        N_("No review was put on record."),
        N_("Look through the list anew, then put the review on record."),
    ),
    "access_future": Message(
        N_("That day has not come yet."), NOTHING_CHANGED, N_("Choose today or a day before.")
    ),
    "access_remark": Message(
        N_("Say why an access is to be withdrawn."), N_("No review was put on record."), N_("Write a remark."),
        status=422,
    ),
    "keeping_bounds": Message(
        N_("This number lies between %(least)s and %(most)s."), NOTHING_CHANGED, N_("Enter another number."),
    ),
    "keeping_changed": Message(
        N_("Somebody else changed this rule since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "keeping_same": Message(N_("This number holds already."), NOTHING_CHANGED),
    "keeping_not_found": Message(N_("There is no such rule to change."), "", N_("Go back to the list of rules.")),
    "number_none": Message(N_("No such number of this person is held here."), NOTHING_CHANGED, ""),
    "purpose_needed": Message(
        N_("Say what the number is needed for."), N_("Nothing was shown."), N_("Write it down.")
    ),
    "erasure_asked_already": Message(
        N_("An erasure was asked for already."), NOTHING_CHANGED, N_("Wait for the second administrator."),
    ),
    "erasure_not_found": Message(
        N_("There is no open request for erasure."), NOTHING_CHANGED, N_("Go back to the list of requests."),
    ),
    "erasure_second_person": Message(
        N_("A second administrator has to decide: neither who asked nor whom it is about."),
        N_("Nothing was erased."),
        N_("Ask another administrator."),
    ),
}  # fmt: skip
