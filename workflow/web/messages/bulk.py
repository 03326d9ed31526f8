"""What can be wrong with an act on many documents."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

_PLACEHOLDER = Message(
    N_("A placeholder of the Word file is not whole, or the table has no column for it."),
    NOTHING_CHANGED,
    N_("Write it as {{column}} in one line, with a column of this name, and upload the draft again."),
)

MESSAGES = {
    "bulk_recipient": Message(
        N_("It is not said to whom the documents go."), NOTHING_CHANGED, N_("Choose one, then start again.")
    ),
    "spread_headings": Message(
        N_("The table lacks the columns Nơi nhận and Trích yếu in its first row."),
        NOTHING_CHANGED,
        N_("Add both headings, one row for each document below them."),
    ),
    "spread_too_many": Message(
        N_("The table has more than %(limit)s rows."), NOTHING_CHANGED, N_("Cut it into several tables.")
    ),
    "office_placeholder": _PLACEHOLDER,
    "draft_office_placeholder": _PLACEHOLDER,
    "export_too_heavy": Message(
        N_("The files are more than %(limit)s MB together."), NOTHING_CHANGED, N_("Tick fewer of them.")
    ),
    "bulk_gone": Message(
        N_("The document is not within your reach any more."),
        NOTHING_CHANGED,
        N_("Somebody took it over; there is nothing for you to do about it."),
    ),
}
