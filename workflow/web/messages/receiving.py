"""What can be wrong with taking in files and printing stamps."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "file_kind": Message(N_("It was not said what this file is."), NOTHING_CHANGED, N_("Choose it from the list.")),
    "fact_value": Message(
        N_("What was read does not fit this fact."), NOTHING_CHANGED, N_("Please correct the facts by hand.")
    ),
    "reading_answer": Message(
        N_("It was not said which fact is meant."), NOTHING_CHANGED, N_("Choose it on the page of the document.")
    ),
    "no_file_chosen": Message(N_("No file was chosen."), NOTHING_CHANGED, N_("Choose one or several files.")),
    "too_many_files": Message(
        N_("These are too many files at once: at most %(limit)s."),
        NOTHING_CHANGED,
        N_("Send them in several parts."),
    ),
}
