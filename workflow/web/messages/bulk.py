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
    "spread_again": Message(
        N_("Documents were made of this draft before, or a table for it is under way."),
        N_("Nothing was made."),
        N_("Look at those first. If these are wanted besides, tick that on this page and choose the table again."),
    ),
    "spread_corrects": Message(
        N_("The draft corrects, amends or replaces another document: one document does that, not many."),
        NOTHING_CHANGED,
        N_("Have the drafter take that off, or send this one draft on."),
    ),
    "spread_not_ready": Message(
        N_("The table was not looked through to its end, or nobody has said that its documents are wanted."),
        NOTHING_CHANGED,
        N_("Open the table's page and go on there."),
    ),
    "spread_file_bad": Message(
        N_("This file is no PDF that can be signed. Export it anew."),
        NOTHING_CHANGED,
        N_("Then choose the table again."),
    ),
    "spread_held_back": Message(
        N_("This row is good; nothing is made while another one has a fault."), NOTHING_CHANGED
    ),
    "spread_given_up": Message(N_("Not wanted after the table was looked through."), NOTHING_CHANGED),
    "not_spread": Message(
        N_("Documents were made of this draft by a table; it goes no further itself."),
        NOTHING_CHANGED,
        N_("Return it to its drafter, who cancels it. If those documents are cancelled, it can go on."),
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
