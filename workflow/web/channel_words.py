"""What ways of messages, sorts and troubles are called."""

from __future__ import annotations

from workflow.domain.channels import Sort, Way, mobile
from workflow.domain.text import from_outside, mask_number
from workflow.web.i18n import N_, _

WAYS = {
    Way.MAIL: N_("E-mail"),
    Way.SMS: N_("Text message (SMS)"),
    Way.PUSH: N_("Notices on devices (Web Push)"),
    Way.WEBHOOK: N_("Other programs (webhooks)"),
    Way.APP: N_("In the program only"),
}
SORTS = {
    Sort.URGENT: N_("Urgent documents and urging"),
    Sort.EXPLANATION: N_("Explanations that are owed"),
    Sort.DIGEST: N_("Morning summary"),
    Sort.REPORT: N_("Reports of a unit"),
    Sort.NOTICE: N_("Other notices"),
}
TLS = {
    "implicit": N_("encrypted from the first byte (TLS)"),
    "starttls": N_("encrypted by STARTTLS"),
    "none": N_("not encrypted"),
}

TROUBLES = {
    "smtp_url_unreadable": N_("TRINHKY_SMTP_URL cannot be read"),
    "smtp_password_not_ascii": N_("The mail password holds letters that SMTP does not know"),
    "smtp_password_without_tls": N_("A password would go out unencrypted: add ?starttls=1 or use smtps://"),
    "smtp_ca_unreadable": N_("TRINHKY_SMTP_CA holds no certificates"),
    "mailbox_url_unreadable": N_("TRINHKY_BOUNCES cannot be read"),
    "webhooks_unreadable": N_("TRINHKY_WEBHOOKS cannot be read"),
    "sms_unreadable": N_("TRINHKY_SMS cannot be read"),
    "push_unreadable": N_("TRINHKY_PUSH cannot be read"),
    "push_gone": N_("The browser takes no more notices; the device was removed"),
    "push_device_unknown": N_("The device was removed meanwhile"),
    "push_service_unknown": N_("This push service is not in the settings"),
    "push_endpoint_refused": N_("The address of the device cannot be used"),
    "code_too_late": N_("The code had run out before it could be sent"),
    "mail_recipient_refused": N_("The server refused the address"),
    "mail_sender_refused": N_("The server refused our sender"),
    "mail_refused": N_("The server refused the mail"),
    "mail_unwritable": N_("The address cannot be written in a mail"),
    "mail_login_refused": N_("The mail server refused the login"),
    "mail_not_supported": N_("The mail server does not encrypt or knows no login"),
    "mail_tls_failed": N_("The mail server's certificate cannot be trusted"),
    "mail_server_unreachable": N_("The mail server did not answer or hung up"),
    "answered": N_("The other side answered"),
    "address_refused": N_("The name leads into a private network"),
    "name_not_found": N_("The name was not found"),
    "connection_failed": N_("No connection"),
    "tls_failed": N_("The other side's certificate cannot be trusted"),
    "too_slow": N_("The other side was too slow"),
    "redirect_refused": N_("The other side sends us elsewhere, which is not followed"),
    "hook_not_configured": N_("This receiver is no longer in the settings"),
    "channel_not_configured": N_("This way is no longer in the settings"),
}


def way(name: str) -> str:
    """A way in words."""
    return _(WAYS[Way(name)]) if name in set(Way) else name


def sort(name: str) -> str:
    """A sort in words."""
    return _(SORTS[Sort(name)]) if name in set(Sort) else name


def trouble(stored: str) -> str:
    """An error as it is kept, `code words of the other side`, as a page may show it."""
    code, _space, words = stored.partition(" ")
    if code not in TROUBLES:
        return from_outside(stored, most=300)
    told = from_outside(words, most=250)
    return f"{_(TROUBLES[code])}: {told}" if told else _(TROUBLES[code])


def address(text: str) -> str:
    """A telephone masked, a device without its key; others as they are."""
    if text.startswith("device:"):
        return _("a device")
    return mask_number(text) if mobile(text) else text


def phone(stored: str) -> str:
    """A stored number as people write it: `0912 345 678`."""
    return f"0{stored[2:5]} {stored[5:8]} {stored[8:]}" if len(stored) == 11 else stored
