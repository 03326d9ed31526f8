"""What can be wrong with a sheet as a whole."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "sheet_kind": Message(
        N_("This is neither an XLSX nor a CSV file."), NOTHING_CHANGED,
        N_("Open it in a spreadsheet and save it as XLSX."),
    ),
    "sheet_encrypted": Message(
        N_("The file opens only with a password."), NOTHING_CHANGED,
        N_("Save it without a password and choose it again."),
    ),
    "sheet_bomb": Message(
        N_("The file would unpack to very much more than it is."), NOTHING_CHANGED,
        N_("Copy the rows into a new sheet and save that."),
    ),
    "sheet_active": Message(
        N_("The file holds macros, or parts that it fetches from elsewhere."), NOTHING_CHANGED,
        N_("Save it as a plain XLSX without macros and links."),
    ),
    "sheet_unreadable": Message(
        N_("The file is broken and cannot be read as a sheet."), NOTHING_CHANGED,
        N_("Open it in a spreadsheet and save it anew as XLSX."),
    ),
    "sheet_encoding": Message(
        N_("The letters of this CSV file cannot be read."), NOTHING_CHANGED,
        N_("Save it as “CSV UTF-8”, or better as XLSX."),
    ),
    "sheet_too_long": Message(
        N_("The sheet has more than %(limit)s rows."), NOTHING_CHANGED,
        N_("Cut it into several files and bring in one after the other."),
    ),
    "sheet_too_wordy": Message(
        N_("The cells of the sheet hold more than %(limit)s million letters."), NOTHING_CHANGED,
        N_("Cut it into several files and bring in one after the other."),
    ),
    "sheet_too_heavy": Message(
        N_("Reading the file took more time or memory than a sheet may cost."), NOTHING_CHANGED,
        N_("Copy the rows into a new sheet without pictures and formats and save that."),
    ),
    "sheet_headings": Message(
        N_("The sheet lacks these columns: %(names)s."), NOTHING_CHANGED,
        N_("Add the headings in one row above the rows, or start from our empty sheet."),
    ),
    "sheet_empty": Message(
        N_("Below the headings stands no row."), NOTHING_CHANGED, N_("Choose the sheet that holds the rows."),
    ),
    "import_year": Message(
        N_("Registers of %(first)s to %(last)s can be brought in."), NOTHING_CHANGED, N_("Choose such a year."),
    ),
    "import_discarded": Message(
        N_("This sheet was discarded."), NOTHING_CHANGED, N_("Bring the file in again."),
    ),
    "import_begun": Message(
        N_("Rows of this sheet were taken in already."), NOTHING_CHANGED,
        N_("What was taken in stays."),
    ),
    "import_number_taken": Message(
        N_("Number %(number)s of %(year)s was taken meanwhile by another line."), NOTHING_CHANGED,
        N_("Compare the two lines and correct the sheet."),
    ),
    "import_parent_gone": Message(
        N_("The unit above, %(text)s, is not here."), NOTHING_CHANGED, N_("Bring in the unit above first."),
    ),
}  # fmt: skip
