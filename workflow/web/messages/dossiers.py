"""What can be wrong with dossiers, file plans, retention and what goes to the archive."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

_IN_LIST = N_("Nothing was handed over; what you ticked is still ticked.")

MESSAGES = {
    "dossier_other_agency": Message(
        N_("Dossier, document and your post do not belong to one agency."), NOTHING_CHANGED,
        N_("If you hold a post there, switch to it at the top of the page."),
    ),
    "dossier_in_charge": Message(
        N_("Only the dossier's maker, the head of its unit and the clerk may do that."), NOTHING_CHANGED,
        N_("Ask one of them."), status=403,
    ),
    "dossier_without_drafts": Message(
        N_("Drafts or cancelled papers are still in the dossier."), NOTHING_CHANGED,
        N_("Take them out of the dossier, or wait until they are issued."),
    ),
    "dossier_without_open_work": Message(
        N_("Work in the dossier is not done yet."), NOTHING_CHANGED,
        N_("Finish those documents first; the dossier's page lists them."),
    ),
    "dossier_without_duplicates": Message(
        N_("The same file stands in the dossier twice."), NOTHING_CHANGED,
        N_("Take one out, or tick that both belong there."),
    ),
    "dossier_empty": Message(
        N_("The dossier is not empty."), NOTHING_CHANGED, N_("Take its documents out, or close it as it is.")
    ),
    "dossier_for_archive": Message(
        N_("What is kept less than five years stays in the unit to its end."), NOTHING_CHANGED,
        N_("It needs no consent and no hand-over."),
    ),
    "dossier_title": Message(
        N_("A title of at most %(limit)s characters is needed."), NOTHING_CHANGED,
        N_("Write the title and send again."),
    ),
    "dossier_days": Message(
        N_("The days do not fit: begun, then ended, and neither in the future."), NOTHING_CHANGED,
        N_("Correct the day and send again."),
    ),
    "dossier_maker": Message(
        N_("The person chosen holds no post in this agency today."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "dossier_document": Message(
        N_("It is not clear which document is meant."), NOTHING_CHANGED,
        N_("Search for it and choose from the list."),
    ),
    "dossier_kept_too_long": Message(
        N_("The new day lies after %(day)s, and at most two years after it."), NOTHING_CHANGED,
        N_("Correct the day and send again."),
    ),
    "retention_years": Message(
        N_("A retention is permanent or 1 to %(limit)s years."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "retention_title": Message(
        N_("A line of the table needs its words and where they are written."), NOTHING_CHANGED,
        N_("Fill in both and send again."),
    ),
    "retention_title_taken": Message(
        N_("The table has this line already."), NOTHING_CHANGED, N_("End the old line first, then add the new one.")
    ),
    "plan_year": Message(
        N_("A file plan is made for this year or the next."), NOTHING_CHANGED, N_("Choose one of them.")
    ),
    "plan_exists": Message(
        N_("There is a file plan of %(year)s already."), NOTHING_CHANGED, N_("Open it and go on there.")
    ),
    "plan_has_entries": Message(
        N_("The file plan has no line yet."), NOTHING_CHANGED, N_("Write its lines first.")
    ),
    "plan_not_approved": Message(
        N_("The file plan of %(year)s is not approved."), NOTHING_CHANGED,
        N_("Wait for the head's approval, or open the dossier outside the plan with a reason."),
    ),
    "plan_entry_taken": Message(
        N_("The dossier %(notation)s was opened from this line already."), NOTHING_CHANGED,
        N_("Look for it in the list of dossiers."),
    ),
    "plan_entry_used": Message(
        N_("A dossier was opened from the line %(notation)s: it keeps its number and stays."), NOTHING_CHANGED,
        N_("Title, retention and maker can still be changed."),
    ),
    "plan_notation": Message(
        N_("Number and symbol of a dossier look like 01.TCCB."), NOTHING_CHANGED,
        N_("Two digits, a dot, the letters of the group; at most 20 characters."),
    ),
    "plan_notation_taken": Message(
        N_("The plan has the number %(notation)s already."), NOTHING_CHANGED, N_("Take the next free one.")
    ),
    "plan_unit": Message(
        N_("The unit chosen does not belong to the agency today."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "plan_maker": Message(
        N_("The maker chosen holds no post in this agency today."), NOTHING_CHANGED, N_("Choose from the list.")
    ),
    "plan_digital_term": Message(
        N_("Digital dossiers follow one of two rules: 60 days or one year."), NOTHING_CHANGED,
        N_("Choose from the list."),
    ),
    "transfer_nothing": Message(
        N_("A list takes 1 to %(limit)s dossiers."), N_("Nothing was handed over."), N_("Tick those that go.")
    ),
    "transfer_receiver": Message(
        N_("It is not said who takes the dossiers over for the archive."), _IN_LIST,
        N_("Write the name and send again."),
    ),
    "transfer_other_agency": Message(
        N_("Only dossiers of your own agency can be handed over."), _IN_LIST, N_("Untick the others.")
    ),
    "transfer_stays_in_unit": Message(
        N_("Dossier %(notation)s is kept less than five years: it stays in its unit."), _IN_LIST, N_("Untick it.")
    ),
    "transfer_holds_drafts": Message(
        N_("Dossier %(notation)s still holds drafts or cancelled papers."), _IN_LIST,
        N_("Untick it, or open it again and take them out."),
    ),
    "transfer_holds_open_work": Message(
        N_("In dossier %(notation)s work was taken up again that is not done."), _IN_LIST,
        N_("Untick it, or finish that work first."),
    ),
}  # fmt: skip
