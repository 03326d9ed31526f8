"""What can be wrong with a draft that comes as a Word file."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

AS_PDF = N_("Save it as PDF in the program that made it, and choose that file.")
TAKE_OUT = N_("Take it out in the word processor, save, and choose the file again; or save it as PDF.")
COPY = N_("Copy the text into a new document, save that one, and choose it; or save it as PDF.")
LATER = N_("Send it again in a minute, or save it as PDF in your word processor and choose that file.")

MESSAGES = {
    "draft_office_missing": Message(
        N_("This machine has no LibreOffice that can be used, so a Word file cannot become a PDF here."),
        NOTHING_CHANGED,
        AS_PDF,
    ),
    "draft_office_kind": Message(
        N_("This is neither a PDF nor a Word file (DOCX), whatever its name says."), NOTHING_CHANGED, AS_PDF
    ),
    "draft_office_old": Message(
        N_("Of office files only Word's newer kind (DOCX) is taken."),
        NOTHING_CHANGED,
        N_("Save it as DOCX or as PDF, and choose that file."),
    ),
    "draft_office_encrypted": Message(
        N_("The Word file is protected by a password."),
        NOTHING_CHANGED,
        N_("Save it without protection and choose it again."),
    ),
    "draft_office_bomb": Message(N_("The Word file unpacks to far more than it should."), NOTHING_CHANGED, COPY),
    "draft_office_unreadable": Message(N_("The Word file is damaged."), NOTHING_CHANGED, COPY),
    "draft_office_macros": Message(N_("The Word file holds macros."), NOTHING_CHANGED, TAKE_OUT),
    "draft_office_objects": Message(
        N_("The Word file holds other files or objects (OLE, ActiveX)."), NOTHING_CHANGED, TAKE_OUT
    ),
    "draft_office_template": Message(
        N_("The Word file is bound to a template that lies elsewhere."), NOTHING_CHANGED, COPY
    ),
    "draft_office_external": Message(
        N_("The Word file takes pictures or other parts from elsewhere, which could change later."),
        NOTHING_CHANGED,
        N_("Put the picture itself into the document, save, and choose the file again; or save it as PDF."),
    ),
    "draft_office_parts": Message(
        N_("The Word file holds parts that no text document has."), NOTHING_CHANGED, COPY
    ),
    "draft_office_fields": Message(
        N_("The Word file holds fields that fetch something from elsewhere (DDE, LINK, INCLUDETEXT…)."),
        NOTHING_CHANGED,
        N_("Turn these fields into text (Ctrl+Shift+F9 in Word), save, and choose the file again."),
    ),
    "draft_office_entities": Message(
        N_("The Word file declares entities, which no word processor does."), NOTHING_CHANGED, COPY
    ),
    "draft_office_changes": Message(
        N_("The Word file holds tracked changes that nobody has accepted or rejected."),
        NOTHING_CHANGED,
        N_("Accept or reject them all, save, and choose the file again."),
    ),
    "draft_office_heavy": Message(
        N_("Turning the Word file into a PDF took more time or memory than it may."), NOTHING_CHANGED, AS_PDF
    ),
    "draft_office_failed": Message(
        N_("LibreOffice could not turn this Word file into a PDF."), NOTHING_CHANGED, AS_PDF
    ),
    "draft_office_busy": Message(
        N_("Other Word files are being turned into PDF at this moment."), NOTHING_CHANGED, LATER, 503
    ),
    "office_busy": Message(
        N_("Other files are being opened at this moment. Try again in a minute."), NOTHING_CHANGED, "", 503
    ),
}
