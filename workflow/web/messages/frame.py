"""Messages that every page may need, and one for each class of error and HTTP status."""

from workflow.web.i18n import N_
from workflow.web.messages import Message

NOTHING_CHANGED = N_("Nothing was changed.")

MESSAGES = {
    "Refused": Message(N_("This is not possible now."), NOTHING_CHANGED, N_("Go back and check the page.")),
    "WrongState": Message(
        N_("The document is no longer in the state this needs."),
        NOTHING_CHANGED,
        N_("Open the document again: it shows what can be done now."),
    ),
    "NotPermitted": Message(
        N_("Your post does not allow this."),
        NOTHING_CHANGED,
        N_("If you hold another post that may, switch to it at the top of the page."),
    ),
    "Missing": Message(N_("Something has to be done first."), NOTHING_CHANGED, N_("Go back and complete it.")),
    "BadInput": Message(N_("What was entered cannot be used."), NOTHING_CHANGED, N_("Go back and correct it.")),
    "Conflict": Message(
        N_("Somebody else changed this since you opened the page."),
        N_("Their change stands; yours was not made."),
        N_("Open the page again, look at what changed, then decide anew."),
    ),
    "NotFound": Message(
        N_("There is no such page, or it is not yours to see."),
        "",
        N_("Check the address, or search for the document."),
    ),
    "no_permission": Message(
        N_("Your post does not allow this."),
        NOTHING_CHANGED,
        N_("If you hold another post that may, switch to it at the top of the page."),
        status=403,
    ),
    "no_post": Message(
        N_("You hold no post today."),
        N_("Your account works; there is just nothing you may do with it."),
        N_("Ask your administrator to enter your post."),
        status=403,
    ),
    "not_logged_in": Message(
        N_("You are not logged in any more."),
        N_("What you typed stands below: copy what you need."),
        N_("Log in and send it again."),
        status=401,
    ),
    "second_factor_needed": Message(
        N_("Your second factor is missing."),
        NOTHING_CHANGED,
        N_("Confirm it, then send the page again."),
        status=403,
    ),
    "step_up_needed": Message(
        N_("This needs your second factor, given within the last five minutes."),
        NOTHING_CHANGED,
        N_("Confirm it, then do this again."),
        status=403,
    ),
    "csrf": Message(
        N_("This page was open for too long, or another site sent this."),
        N_("Nothing was changed. What you typed stands below: copy what you need."),
        N_("Open the page again and send it once more."),
        status=400,
    ),
    "control_character": Message(
        N_("The text holds a character that cannot be stored (%(character)s)."),
        NOTHING_CHANGED,
        N_("Remove it, usually something pasted, and send again."),
    ),
    "400": Message(N_("The request could not be read."), NOTHING_CHANGED, N_("Go back and try again.")),
    "403": Message(N_("This is not allowed."), NOTHING_CHANGED, N_("Go back to your desk.")),
    "405": Message(N_("This address does not work that way."), NOTHING_CHANGED, N_("Go back to your desk.")),
    "413": Message(
        N_("What was sent is too large: %(sent)s MB; at most %(limit)s MB are taken at once."),
        N_("Nothing was changed, and no file was kept. What you typed is still in its form in this window."),
        N_(
            "Go back to the form and choose the file again: scanned at 200 dpi, or several files one after the "
            "other. A signed file must stay as it is, since making it smaller breaks its signature."
        ),
    ),
    "422": Message(N_("What was entered cannot be used."), NOTHING_CHANGED, N_("Go back and correct it.")),
    "429": Message(N_("Too many requests."), NOTHING_CHANGED, N_("Wait a little and try again.")),
    "500": Message(
        N_("Something went wrong on our side."),
        N_("Nothing was changed by this request."),
        N_("Try again. If it happens again, tell your administrator this number: %(request_id)s"),
    ),
}
