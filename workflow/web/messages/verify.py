"""What can be wrong with a file that somebody wants checked."""

from workflow.web.i18n import N_
from workflow.web.messages import Message

NOTHING_KEPT = N_("Nothing was kept of what you sent.")
CHECK_AGAIN = N_("Check the file again, then take the report.")

MESSAGES = {
    "public_verification_off": Message(
        N_("This office checks files only for people who are logged in."),
        NOTHING_KEPT,
        N_("Log in, or look the document up by the code that stands on the paper."),
        status=403,
    ),
    "check_no_file": Message(N_("No file was chosen."), NOTHING_KEPT, N_("Choose the signed file, then check it.")),
    "check_empty": Message(
        N_("The file is empty (0 bytes)."),
        NOTHING_KEPT,
        N_("Get the file once more from where it came, and check it again."),
    ),
    "check_too_large": Message(
        N_("The file is too large to be checked here: at most %(limit)s MB."),
        NOTHING_KEPT,
        N_("Do not make it smaller, that breaks its signatures. Ask the office to check it for you."),
        status=413,
    ),
    "check_other_kind": Message(
        N_("This is neither a PDF nor a signature file (.p7s, .p7m)."),
        NOTHING_KEPT,
        N_("Choose the file as it came to you. Word files and photos carry no signature that can be checked here."),
    ),
    "check_two_files": Message(
        N_("Two files were sent, and neither is a signature file (.p7s, .p7m)."),
        NOTHING_KEPT,
        N_("Send one PDF alone, or a signature file together with the file it was made for."),
    ),
    "check_busy": Message(
        N_("Other files are being checked at this moment (%(ahead)s before yours)."),
        NOTHING_KEPT,
        N_("Send it again in a few seconds."),
        status=503,
    ),
    "check_often": Message(
        N_("Too many files were sent in a short time."),
        NOTHING_KEPT,
        N_("Wait ten minutes, then send it again."),
        status=429,
    ),
    "check_size": Message(
        N_("The size must be between %(least)s and %(most)s MB."),
        N_("Nothing was changed."),
        N_("Go back and correct it."),
    ),
    "report_not_ours": Message(
        N_("This report was not made here, or was changed on its way."), NOTHING_KEPT, CHECK_AGAIN
    ),
    "report_too_old": Message(
        N_("The result is older than an hour, and nothing of it was kept here."), NOTHING_KEPT, CHECK_AGAIN
    ),
}
