"""What can be wrong with an extension, an explanation, an urging, an apology, a term or a unit's Saturdays."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "pause_when_overdue": Message(
        N_("The document is overdue already; stopping the clock would not change that."),
        NOTHING_CHANGED,
        N_("Ask for an extension."),
    ),
    "extension_not_later": Message(
        N_("The new day does not lie after the present due date (%(day)s)."),
        NOTHING_CHANGED,
        N_("Choose a later day."),
    ),
    "extension_paper_needed": Message(
        N_("%(office)s set the date: by which paper did it agree to a later one?"),
        NOTHING_CHANGED,
        N_("Write the number and day of its answer."),
        status=422,
    ),
    "explanation_too_long": Message(
        N_("The explanation is too long: %(length)s of at most %(limit)s characters."),
        NOTHING_CHANGED,
        N_("Shorten it."),
    ),
    "somebody_to_urge": Message(
        N_("Nobody but yourself has this document now."), NOTHING_CHANGED, N_("Take the next step yourself.")
    ),
    "urge_not_involved": Message(
        N_("This person neither has the document nor takes part in it."),
        NOTHING_CHANGED,
        N_("Choose somebody from the list."),
    ),
    "holds_part": Message(N_("Only the head of a unit that leads or coordinates may do this."), NOTHING_CHANGED),
    "apology_to_agency": Message(
        N_("The sender is an agency: a letter of apology is owed to citizens and organisations only."),
        NOTHING_CHANGED,
        N_("Correct the kind of sender where it is wrong."),
    ),
    "apology_cause": Message(
        N_("No accepted explanation names a subjective cause, so no letter of apology is owed."),
        NOTHING_CHANGED,
        N_("Wait until the leader has accepted the explanation."),
    ),
    "rule_basis_needed": Message(
        N_("The regulation that says so is missing."), NOTHING_CHANGED, N_("Write its number and article.")
    ),
    "rule_facts_needed": Message(N_("The term is missing."), NOTHING_CHANGED, N_("Fill in the form.")),
    "rule_retired": Message(N_("This term has ended already."), NOTHING_CHANGED, N_("Enter a new one.")),
    "rule_twice": Message(
        N_("There is a term for this type and unit already."), NOTHING_CHANGED, N_("Change that one.")
    ),
    "rule_unit": Message(
        N_("This unit belongs to another agency."), NOTHING_CHANGED, N_("Choose a unit of your agency.")
    ),
    "saturday_changed": Message(
        N_("Somebody else changed the Saturdays of this unit since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "explanation_days": Message(
        N_("Explanations may take %(least)s to %(most)s working days."),
        NOTHING_CHANGED,
        N_("Enter another number."),
    ),
    "explanation_days_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "explanation_days_changed": Message(
        N_("Somebody else changed this number since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "escalation_hours": Message(
        N_("From %(least)s to %(most)s working hours."), NOTHING_CHANGED, N_("Enter another number.")
    ),
    "escalation_needed": Message(
        N_("An explanation is owed until it is given: this cannot be switched off."),
        NOTHING_CHANGED,
        N_("Enter a number of hours."),
    ),
    "escalation_order": Message(
        N_("A level is told after the one before it."),
        NOTHING_CHANGED,
        N_("Enter more hours here, or fewer above."),
    ),
    "escalation_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "escalation_changed": Message(
        N_("Somebody else changed these hours since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "saturday_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "saturday_unreadable": Message(
        N_("These hours cannot be read: %(text)s."), NOTHING_CHANGED, N_("Write them like 07:30-11:30.")
    ),
    "saturday_hours": Message(
        N_("An office opens at %(earliest)s at the earliest and closes at %(latest)s at the latest."),
        NOTHING_CHANGED,
        N_("Correct the hours."),
    ),
    "saturday_changes": Message(
        N_("The Saturdays of this unit were changed too often (%(count)s times) to keep another change."),
        NOTHING_CHANGED,
        N_("Ask whoever runs the installation."),
    ),
    "office_hours_reversed": Message(
        N_("The office closes before it opens."), NOTHING_CHANGED, N_("Correct the hours.")
    ),
    "office_hours_overlap": Message(
        N_("The two stretches overlap or stand in the wrong order."), NOTHING_CHANGED, N_("Correct the hours.")
    ),
}
