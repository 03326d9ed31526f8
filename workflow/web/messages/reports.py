"""Messages about reports, notices and jobs."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "period_unreadable": Message(
        N_("There is no such period."), "", N_("Choose a month, a quarter, or a first and a last day.")
    ),
    "period_reversed": Message(
        N_("The last day is before the first."), "", N_("Choose a month, a quarter, or a first and a last day.")
    ),
    "period_too_long": Message(N_("A report covers five years at most."), "", N_("Choose a shorter period.")),
    "figure_not_found": Message(N_("There is no such figure."), "", N_("Go back to the reports.")),
    "sign_not_found": Message(
        N_("There is no such sign, or it is not found any more."), "", N_("Go back to the signs.")
    ),
    "signs_period_too_long": Message(
        N_("Signs are looked for in a year at most."), "", N_("Choose a shorter period.")
    ),
    "own_sign": Message(
        N_("This sign names you: somebody else has to look at it."),
        NOTHING_CHANGED,
        N_("Say on the page of your account how it was."),
    ),
    "sign_said_enough": Message(N_("One person says at most %(most)s things about one sign."), NOTHING_CHANGED),
    "sign_threshold": Message(
        N_("This number lies between %(least)s and %(most)s."), NOTHING_CHANGED, N_("Enter another number.")
    ),
    "sign_thresholds_same": Message(N_("These numbers hold already."), NOTHING_CHANGED),
    "sign_thresholds_changed": Message(
        N_("Somebody else changed these numbers since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "report_not_found": Message(
        N_("There is no such report, or it is not yours to see."), "", N_("Go back to the reports.")
    ),
    "month_not_over": Message(
        N_("Only a whole month that is over can be closed."), NOTHING_CHANGED, N_("Wait until it has ended.")
    ),
    "month_closed": Message(
        N_("The figures of this month are closed already, and are never opened again."),
        NOTHING_CHANGED,
        N_("Look at what was closed; corrections stand beside it as adjustments."),
    ),
    "month_not_closed": Message(
        N_("Only closed months are reported: their figures do not change any more."),
        NOTHING_CHANGED,
        N_("Wait until the clock closes it, or ask the administrator to close it by hand."),
    ),
    "report_outrun": Message(
        N_("The closed figures were corrected while this page was open."),
        N_("No report was drafted."),
        N_("Look at the figures as they are now, then draft the report."),
    ),
    "signer_needed": Message(
        N_("Nobody is named who signs the report."), NOTHING_CHANGED, N_("Choose who signs it.")
    ),
    "signer_unknown": Message(
        N_("Whoever you chose may not sign for the agency."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "drafter_unknown": Message(
        N_("Whoever you chose may not draft in the agency."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "report_plan_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "report_plan_changed": Message(
        N_("Somebody else changed who drafts the report since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "closing_day": Message(
        N_("Months are closed between the working days %(least)s and %(most)s."),
        NOTHING_CHANGED,
        N_("Enter another number."),
    ),
    "closing_day_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "closing_day_changed": Message(
        N_("Somebody else changed this number since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "backlog_hours": Message(
        N_("The limit lies between %(least)s and %(most)s working hours."),
        NOTHING_CHANGED,
        N_("Enter another number."),
    ),
    "backlog_same": Message(N_("This is what holds already."), NOTHING_CHANGED),
    "backlog_changed": Message(
        N_("Somebody else changed this number since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "target_number": Message(
        N_("A target is a number from 0 on with at most four decimals."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "target_share": Message(
        N_("This figure is a share: its target is at most 100 percent."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "target_changed": Message(
        N_("Somebody else set a target since you opened the page."),
        N_("Their target stands; yours was not set."),
        N_("Look at what holds now, then decide anew."),
    ),
    "indicator_name": Message(
        N_("An indicator needs a name."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "indicator_about": Message(
        N_("An indicator needs a definition: what counts and what does not."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "indicator_parts": Message(
        N_("A whole in parts has two to %(most)s named parts; other shapes have none."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "indicator_decimals": Message(
        N_("At most %(most)s decimals."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "indicator_there": Message(
        N_("There is an indicator “%(name)s” already."),
        NOTHING_CHANGED,
        N_("Choose another name, or enter figures for that one."),
    ),
    "figure_unreadable": Message(
        N_("“%(text)s” is no figure of this indicator."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_parts": Message(
        N_("The parts (%(parts)s) are more than the whole (%(whole)s)."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_rank": Message(
        N_("A rank is a place from 1 on, at most as many as there are."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_source": Message(
        N_("A figure needs its source: the paper or system it was taken from."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_link": Message(
        N_("A link begins with https://, http:// or /."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_too_early": Message(
        N_("This period has not begun yet."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figure_there": Message(
        N_("A figure of %(period)s stands already for this unit."),
        NOTHING_CHANGED,
        N_("Open it and correct it, with a reason."),
    ),
    "figure_changed": Message(
        N_("Somebody else corrected this figure since you opened the page."),
        N_("Their correction stands; yours was not made."),
        N_("Look at what holds now, then decide anew."),
    ),
    "figures_sheet": Message(
        N_("A sheet has one to %(most)s rows below its headings."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figures_row_indicator": Message(
        N_("There is no indicator “%(text)s”."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "figures_row_unit": Message(
        N_("There is no unit “%(text)s” in the agency."),
        NOTHING_CHANGED,
        N_("Look at the field and enter it anew."),
    ),
    "frozen_list_unreadable": Message(
        N_("The closed list of this month cannot be read any more: somebody changed it."),
        "",
        N_("Look at the closed figures, and tell whoever runs the system."),
    ),
    "adjustment_does_not_fit": Message(
        N_("The adjustments of this month do not fit on what was closed."),
        "",
        N_("Look at the closed figures, and tell whoever runs the system."),
    ),
    "notice_not_found": Message(N_("There is no such notice among yours."), "", N_("Go back to your notices.")),
    "anchor_not_found": Message(
        N_("There is no such anchor of the journal."), "", N_("Go back to the list of anchors.")
    ),
    "anchor_overtaken": Message(
        N_("Another anchor was made at the same moment."),
        "",
        N_("Nothing is lost: the next one takes in the rest."),
    ),
    "anchor_nodes_missing": Message(
        N_("Sums that are kept for speed are missing."), "", N_("The next run of the job works them out anew.")
    ),
    "audit_stopped": Message(N_("The pass over the journal was stopped."), "", N_("Start it again.")),
    "root_file_unreadable": Message(
        N_("This is no root of the journal, or it was changed."), "", N_("Take the file as it was kept.")
    ),
    "job_not_found": Message(N_("There is no such job or run."), "", N_("Go back to the jobs.")),
    "job_paused_already": Message(N_("This job is paused already."), "", N_("Look at who paused it and why.")),
    "job_not_paused": Message(N_("This job is not paused any more."), "", N_("Look at when it is next due.")),
    "job_asked_already": Message(
        N_("Somebody asked for this a moment ago, and it has not ended."),
        "",
        N_("Look at that run among the latest."),
    ),
    "job_has_no_dry_run": Message(N_("This job has no dry run."), "", N_("Its page says why.")),
    "job_stops_not": Message(
        N_("This job does its work in one step and cannot be stopped in it."), "", N_("Wait for its end.")
    ),
    "job_ended_already": Message(N_("This run has ended already."), "", N_("Look at what came of it.")),
}
