"""Messages about proof bundles."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "bundle_no_anchor": Message(
        N_("The journal has no anchor yet, so there is nothing to prove by."),
        NOTHING_CHANGED,
        N_("Try again in half an hour."),
    ),
    "bundle_not_issued": Message(
        N_("A proof bundle is made of a document that was issued."),
        NOTHING_CHANGED,
        N_("Issue the document first."),
    ),
    "bundle_month_open": Message(
        N_("A proof bundle is made of figures that were closed."),
        NOTHING_CHANGED,
        N_("Wait until the month is closed."),
    ),
    "bundle_report_old": Message(
        N_("This report was drafted before the journal kept the figures of reports."),
        NOTHING_CHANGED,
        N_("Take the bundles of its months one by one."),
    ),
    "bundle_names": Message(
        N_("The closed list says who had to explain lateness; only who may open the agency's documents gets it."),
        NOTHING_CHANGED,
        N_("Ask the agency's clerk or leader for the bundle."),
    ),
    "bundle_secrets": Message(
        N_("The closed list of this month names secret documents, which an inspection does not open."),
        NOTHING_CHANGED,
        N_("Ask the agency for this bundle."),
    ),
    "bundle_too_many": Message(
        N_("One bundle holds at most %(most)s documents; here there are %(found)s."),
        NOTHING_CHANGED,
        N_("Take it for one unit or one person at a time."),
    ),
    "bundle_too_large": Message(
        N_("This would be more than the %(most)s MB that one bundle may hold."),
        NOTHING_CHANGED,
        N_("Take it for one unit or one person at a time."),
    ),
    "bundle_too_often": Message(
        N_("One person may take %(most)s proof bundles in an hour."),
        NOTHING_CHANGED,
        N_("Try again in an hour."),
        status=429,
    ),
    "bundle_busy": Message(
        N_("Others are having proof bundles made right now."),
        NOTHING_CHANGED,
        N_("Try again in a few minutes."),
        status=503,
    ),
    "bundle_orders_open": Message(
        N_("%(most)s proof bundles are being made for you already."),
        NOTHING_CHANGED,
        N_("Wait until one is ready, or cancel one."),
    ),
    "bundle_order_not_found": Message(
        N_("There is no such bundle any more, or somebody else asked for it, or you did in another post."),
        "",
        N_("Ask for the bundle again."),
        status=404,
    ),
    "bundle_not_ready": Message(
        N_("This proof bundle is not ready."), NOTHING_CHANGED, N_("Look again in a minute.")
    ),
    "bundle_over": Message(
        N_("This proof bundle was kept as long as bundles are."), NOTHING_CHANGED, N_("Ask for the bundle again.")
    ),
    "bundle_reach_changed": Message(
        N_("What you may open has changed since you asked for this proof bundle."),
        NOTHING_CHANGED,
        N_("Ask for the bundle again: it then holds what you may open now."),
    ),
    "bundle_given_up": Message(
        N_("Making this proof bundle ended the program several times."),
        NOTHING_CHANGED,
        N_("Take it for one unit or one person at a time, and tell the administrator."),
    ),
    "bundle_stopped": Message(
        N_("This proof bundle is not wanted any more."), NOTHING_CHANGED, N_("Ask for the bundle again.")
    ),
    "bundle_program_not_found": Message(
        N_("There is no such program."), "", N_("Go back to the page of the bundle.")
    ),
}
