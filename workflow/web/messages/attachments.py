"""What can be wrong with the attachments of a document."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

_OTHER = N_("Choose another file.")

MESSAGES = {
    "files_needed": Message(N_("No file was chosen."), NOTHING_CHANGED, N_("Choose one file or several.")),
    "attachment_not_found": Message(
        N_("This attachment is not there any more."), NOTHING_CHANGED, N_("Below is what is attached now.")
    ),
    "attachment_kind": Message(
        N_("Only PDF, Word files and spreadsheets (XLSX, ODS) are attached."), NOTHING_CHANGED,
        N_("Export it as PDF and choose that file."),
    ),
    "attachment_dangerous": Message(
        N_("The spreadsheet holds something that acts by itself, or that nobody can look into."), NOTHING_CHANGED,
        N_("Save it anew without macros, links to other files and passwords, or export it as PDF."),
    ),
    "attachment_too_many": Message(
        N_("At most %(limit)s files are attached to a document."), NOTHING_CHANGED,
        N_("Put several into one PDF, or take one off first."),
    ),
    "attachment_too_often": Message(
        N_("%(limit)s files were attached to this draft, with those taken off again; no more are kept."),
        NOTHING_CHANGED, N_("Write a new draft and attach there what shall go out."),
    ),
    "attachment_too_heavy": Message(
        N_("All attachments together would be larger than %(limit)s MB."), NOTHING_CHANGED, _OTHER
    ),
    "attachment_name_needed": Message(
        N_("The attachment needs a name."), NOTHING_CHANGED, N_("Write one and save again.")
    ),
    "attachment_name_long": Message(
        N_("At most %(limit)s characters are kept."), NOTHING_CHANGED, N_("Write a shorter name.")
    ),
    "attachment_not_sealed_kind": Message(N_("This file bears no seal of its own."), NOTHING_CHANGED),
    "attachment_sealed_already": Message(N_("This attachment bears its seal already."), NOTHING_CHANGED),
    "attachments_sealed": Message(
        N_("Not every attached file bears its seal."), NOTHING_CHANGED,
        N_("Seal the document on the sealing page: what is attached is sealed in the same act."),
    ),
    "attachments_changed": Message(
        N_("What is attached is not what was attached when the document was signed."),
        N_("Nothing was sealed."),
        N_("Give up its number with a reason, then return the document, to be signed with what is attached now."),
    ),
    "too_many_to_seal": Message(
        N_("Its files do not fit into this act: at most %(limit)s are sealed at once."), NOTHING_CHANGED,
        N_("Seal the others first, then this one."),
    ),
}  # fmt: skip
