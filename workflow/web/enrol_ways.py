"""Where a key may lie that is enrolled, in the order in which this device can enrol it, and what it cannot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.domain.key_holders import KeyHolder
from workflow.web.i18n import N_, _
from workflow.web.key_choice import USB_ON_PHONE

PAPER, REMOTE = "paper", "remote"
"""Answers that have a page of their own; the others are proven on the enrolment page."""

FILE, TOKEN = str(KeyHolder.BROWSER_FILE), str(KeyHolder.TOKEN)
NAMES = {
    FILE: (N_("Key file (.p12, .pfx)"), N_("Choose the file and type its password in the browser.")),
    TOKEN: (N_("USB key (USB token), with the browser's extension"), N_("Plug the key in and type its PIN once.")),
    PAPER: (
        N_("USB key or another signing program"),
        N_("Download a paper, sign it with the program you use, and bring it back."),
    ),
    REMOTE: (N_("SIM PKI, SmartCA, remote signing"), N_("Confirm on your telephone.")),
}
ON_COMPUTER, ON_PHONE = (FILE, TOKEN, PAPER, REMOTE), (REMOTE, FILE, TOKEN, PAPER)
NEEDS_COMPUTER = {
    TOKEN: USB_ON_PHONE,
    PAPER: N_("The program that signs with it is on the computer: enrol it there, and leave for the computer what "
              "it is to sign."),
}  # fmt: skip
NO_SERVICE = N_("No remote signing service is set up here. Your administrator can connect one.")


@dataclass(frozen=True, slots=True)
class Way:
    """One answer. `idle`: it cannot be given here and now. `why_not`: why it could not be, here or on a phone."""

    value: str
    name: str
    about: str
    idle: bool
    needs_computer: bool
    why_not: str


def offered(*, phone: bool, remote: bool) -> list[Way]:
    """Every way, what this device can enrol first. `remote`: whether a remote signing service is connected."""
    made = [_way(value, phone=phone, remote=remote) for value in (ON_PHONE if phone else ON_COMPUTER)]
    return sorted(made, key=lambda one: one.idle)


def _way(value: str, *, phone: bool, remote: bool) -> Way:
    name, about = NAMES[value]
    missing = value == REMOTE and not remote
    elsewhere = value in NEEDS_COMPUTER
    why = NO_SERVICE if missing else NEEDS_COMPUTER.get(value, "")
    return Way(value, _(name), _(about), missing or (elsewhere and phone), elsewhere, _(why) if why else "")


def chosen(ways: Sequence[Way], wanted: str) -> str:
    """The way that is ticked: of a renewal the old key's, where it can be gone here; else the first one."""
    possible = [one.value for one in ways if not one.idle]
    return wanted if wanted in possible else next(iter(possible), "")
