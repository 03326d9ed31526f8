"""Messages about ways of messages."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "phone_unreadable": Message(
        N_("This is no mobile number of this country, e.g. 0912 345 678."),
        NOTHING_CHANGED,
        N_("Correct the number."),
    ),
    "phone_needed": Message(N_("For messages by SMS a mobile number is needed."), NOTHING_CHANGED),
    "report_reader_unknown": Message(
        N_("Somebody chosen may not see reports there, or left meanwhile."), NOTHING_CHANGED, N_("Choose again.")
    ),
    "own_mail_needed": Message(
        N_("No mail address of yours is written down, so a test message has nowhere to go."), NOTHING_CHANGED
    ),
    "own_phone_needed": Message(
        N_("Confirm your mobile number under How I get notices first, so that a test message has somewhere to go."),
        NOTHING_CHANGED,
    ),
    "own_device_needed": Message(
        N_("Turn notices on on a device of yours under How I get notices first."), NOTHING_CHANGED
    ),
    "phone_proven": Message(N_("This number is confirmed already."), NOTHING_CHANGED),
    "phone_code_too_often": Message(
        N_("Too many codes were asked for. Wait an hour before the next one."), NOTHING_CHANGED, status=429
    ),
    "phone_code_over": Message(
        N_("The code has run out, or was typed wrongly five times."), NOTHING_CHANGED, N_("Have a new code sent.")
    ),
    "push_service_unknown": Message(
        N_("The push service of this browser (%(host)s) is not one that the office uses."),
        NOTHING_CHANGED,
        N_("Use Chrome, Edge or Firefox, or ask the administrator."),
    ),
    "push_endpoint_refused": Message(
        N_("The browser named an address that cannot be used for notices."),
        NOTHING_CHANGED,
        N_("Load the page again and turn it on once more."),
    ),
    "push_keys_refused": Message(
        N_("What the browser said of itself cannot be used for notices."),
        NOTHING_CHANGED,
        N_("Load the page again and turn it on once more."),
    ),
    "push_devices_full": Message(
        N_("Notices are on on %(most)s devices already."), NOTHING_CHANGED, N_("Turn one of them off first.")
    ),
    "channel_not_found": Message(
        N_("This way is not set up, or its setting cannot be read."), "", N_("Go back to the list of ways.")
    ),
}
