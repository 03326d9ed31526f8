"""What can be wrong with a change of the working calendar."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "calendar_decree_needed": Message(
        N_("The paper that orders this day is missing."), NOTHING_CHANGED, N_("Write its number and date.")
    ),
    "calendar_name_needed": Message(N_("The day needs a name."), NOTHING_CHANGED, N_("Write what day it is.")),
    "calendar_day_past": Message(
        N_("This day has passed: deadlines and reports were counted with it."),
        NOTHING_CHANGED,
        N_("Choose today or a later day."),
    ),
    "calendar_day_far": Message(
        N_("The calendar is kept until the end of %(year)s."), NOTHING_CHANGED, N_("Choose a nearer date.")
    ),
    "calendar_day_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "calendar_day_changed": Message(
        N_("Somebody else changed this day since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Open the day again, look at what changed, then decide anew."),
    ),
    "calendar_of_the_top": Message(
        N_("The calendar holds for every office of this installation; the agency at the top keeps it."),
        NOTHING_CHANGED,
        N_("Ask the administrator of the agency at the top."),
        status=403,
    ),
}
