"""What can be wrong about an inspection, and what it does not open."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
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
        N_("No decision of this number was issued here under your signature."),
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
    "inspection_visit_day": Message(
        N_("A unit is inspected on a day of the inspection that is not to come."), NOTHING_CHANGED
    ),
}
