"""Messages about logins, passwords and second factors."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "login_slow": Message(
        N_("Too many failed attempts. Please wait %(seconds)s seconds."),
        N_("Nothing is locked."),
        N_("Wait, then try again."),
        status=429,
    ),
    "password_short": Message(N_("A password needs at least %(shortest)s characters."), NOTHING_CHANGED),
    "password_long": Message(N_("A password has at most %(longest)s characters."), NOTHING_CHANGED),
    "password_known": Message(
        N_("This password is easily guessed. Take several words that only you would put together."),
        NOTHING_CHANGED,
    ),
    "password_differs": Message(N_("The two passwords differ. Type the same one twice."), NOTHING_CHANGED),
    "link_used_up": Message(
        N_("This link was used already or has expired."),
        N_("If you chose a password with it, that password works."),
        N_("Ask your administrator for a new link."),
    ),
    "code_wrong": Message(
        N_("The code is not right, or it was used already. Wait for the next one."),
        NOTHING_CHANGED,
        N_("Check that the clock of your phone is right."),
    ),
    "no_totp": Message(
        N_("No app on a phone is set up for this account."), NOTHING_CHANGED, N_("Set up a second factor first.")
    ),
    "totp_not_begun": Message(
        N_("The set-up of the phone was not begun, or it is done already."),
        NOTHING_CHANGED,
        N_("Begin it again on the page of second factors."),
    ),
    "passkey_refused": Message(
        N_("The passkey was not accepted."),
        NOTHING_CHANGED,
        N_("Try again, or use another second factor."),
    ),
    "passkey_not_begun": Message(
        N_("The question to the passkey is no longer open."), NOTHING_CHANGED, N_("Try again.")
    ),
    "passkey_known": Message(N_("This passkey is registered already."), NOTHING_CHANGED),
    "last_factor": Message(
        N_("Your post needs a second factor: the last one cannot be removed."),
        NOTHING_CHANGED,
        N_("Add another one first."),
    ),
    "no_such_session": Message(
        N_("This browser is logged out already."), NOTHING_CHANGED, N_("Open the page of your account again.")
    ),
    "no_account": Message(N_("You have no account."), NOTHING_CHANGED, N_("Ask your administrator.")),
}
