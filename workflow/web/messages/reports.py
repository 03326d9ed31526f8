"""Messages about reports, notices and jobs."""

from workflow.web.i18n import N_
from workflow.web.messages import Message

MESSAGES = {
    "period_unreadable": Message(
        N_("There is no such period."), "", N_("Choose a month, a quarter, or a first and a last day.")
    ),
    "period_reversed": Message(
        N_("The last day is before the first."), "", N_("Choose a month, a quarter, or a first and a last day.")
    ),
    "period_too_long": Message(N_("A report covers five years at most."), "", N_("Choose a shorter period.")),
    "figure_not_found": Message(N_("There is no such figure."), "", N_("Go back to the reports.")),
    "report_not_found": Message(
        N_("There is no such report, or it is not yours to see."), "", N_("Go back to the reports.")
    ),
    "notice_not_found": Message(N_("There is no such notice among yours."), "", N_("Go back to your notices.")),
}
