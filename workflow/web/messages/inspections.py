"""What can be wrong about an inspection, and what it does not open."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "looks_of_others": Message(
        N_("Looks of inspectors are shown to the leaders of the agency and to the inspectors' administrators."),
        "",
        N_("Ask them, where you need to know."),
    ),
    "inspection_reads_only": Message(
        N_("An inspection reads the papers of its units; it opens nothing else and changes nothing."),
        NOTHING_CHANGED,
        N_("Leave the inspection to act in your own post."),
    ),
    "inspection_not_found": Message(N_("There is no such inspection, or it does not concern you.")),
    "inspection_member_not_found": Message(N_("There is no such member of the team."), NOTHING_CHANGED),
    "inspection_unit_not_found": Message(N_("The decision does not name this unit."), NOTHING_CHANGED),
    "inspection_act": Message(
        N_("This act belongs to somebody else of the inspection."),
        NOTHING_CHANGED,
        N_("The page of the inspection shows who founded it, who heads the team and which units answer."),
    ),
    "inspection_symbol": Message(
        N_("This is no number and symbol of a decision."),
        NOTHING_CHANGED,
        N_("Write both as they stand on it, for instance 15/QĐ-UBND."),
    ),
    "inspection_decision_in_future": Message(N_("The decision is dated in the future."), NOTHING_CHANGED),
    "inspection_days": Message(
        N_("The inspection begins on the day of its decision at the earliest and lasts a year at most."),
        NOTHING_CHANGED,
        N_("Correct the days and send again."),
    ),
    "inspection_over": Message(
        N_("The last day of the inspection lies in the past."),
        NOTHING_CHANGED,
        N_("Correct the days and send again."),
    ),
    "inspection_period": Message(
        N_("The period looked at ends before it begins."), NOTHING_CHANGED, N_("Correct the days and send again.")
    ),
    "inspection_units": Message(
        N_("A team is sent to units of the own agency and of those below it."),
        NOTHING_CHANGED,
        N_("Choose units from the list."),
    ),
    "inspection_not_your_decision": Message(
        N_("No decision of this number and day was issued here under your signature."),
        NOTHING_CHANGED,
        N_("The leader who signed the decision puts it on record, or an administrator of the top agency."),
    ),
    "inspection_ended": Message(N_("The inspection is over."), NOTHING_CHANGED),
    "inspection_member_days": Message(
        N_("A member is in the team within the days of the inspection."),
        NOTHING_CHANGED,
        N_("Correct the days and send again."),
    ),
    "inspection_member_twice": Message(N_("This person is in the team already."), NOTHING_CHANGED),
    "inspection_member_gone": Message(N_("This member was taken out of the team before."), NOTHING_CHANGED),
    "inspection_no_such_post": Message(
        N_("Nobody holds this post in the agency or below it today."), NOTHING_CHANGED, N_("Choose somebody else.")
    ),
    "inspection_own_unit": Message(
        N_("Nobody inspects a unit of their own."), NOTHING_CHANGED, N_("Choose somebody else.")
    ),
    "finding_own_answer": Message(
        N_("Nobody accepts an answer of their own."),
        NOTHING_CHANGED,
        N_("Open it again with a remark, so that somebody else answers."),
    ),
    "inspection_enter_first": Message(
        N_("A sample is drawn while one reads in the inspection."),
        NOTHING_CHANGED,
        N_("Enter the inspection first."),
    ),
    "inspection_sample_empty": Message(
        N_("No document of these units fits the period."), NOTHING_CHANGED, N_("Choose other units or days.")
    ),
    "inspection_sample_of": Message(
        N_("A sample is drawn from issued documents or registered arrivals of units of the inspection."),
        NOTHING_CHANGED,
        N_("Choose units from the list."),
    ),
    "inspection_sample_large": Message(
        N_("A sample holds %(most)s documents at most, of all units together."), NOTHING_CHANGED
    ),
    "inspection_sample_not_found": Message(N_("The inspection has no such sample.")),
    "finding_not_found": Message(N_("The inspection has no such finding."), NOTHING_CHANGED),
    "finding_unit": Message(
        N_("The inspection does not look at this unit."), NOTHING_CHANGED, N_("Choose units from the list.")
    ),
    "finding_due": Message(N_("A correction is due today at the earliest."), NOTHING_CHANGED),
    "finding_documents": Message(
        N_("A document that is named is not within the inspection."),
        NOTHING_CHANGED,
        N_("Note the finding from the page of the document, while reading in the inspection."),
    ),
    "finding_late_reason": Message(
        N_("The correction is late."), NOTHING_CHANGED, N_("Say why, and send the answer again.")
    ),
    "finding_state": Message(
        N_("The finding stands elsewhere by now."),
        NOTHING_CHANGED,
        N_("Open the list again: it shows what can be done."),
    ),
    "commitment_not_found": Message(N_("The inspection has no such commitment."), NOTHING_CHANGED),
    "commitment_kind": Message(N_("This is no kind of commitment."), NOTHING_CHANGED),
    "commitment_state": Message(N_("Say whether it is carried out or not."), NOTHING_CHANGED),
    "commitment_reason": Message(
        N_("What is not carried out needs a reason."), NOTHING_CHANGED, N_("Write it down and send again.")
    ),
    "inspection_visit_day": Message(
        N_("A unit is inspected on a day of the inspection that is not to come."), NOTHING_CHANGED
    ),
}
