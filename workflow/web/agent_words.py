"""Sentences of the page that speaks to the signing program on one's own computer. `{name}` is filled there."""

from __future__ import annotations

import orjson

from workflow.web.errors import TABLE
from workflow.web.i18n import N_, _

TEXTS = {
    "begin": N_("Telling the server which documents are to be signed"),
    "working": N_("Signing {number} of {total}: {title}. Type the PIN in the window of the signing program."),
    "checking": N_("Checking what came back: {title}"),
    "done": N_("{done} of {total} documents signed"),
    "partly_done": N_("{done} of {total} documents signed; the others wait as before, with the reason beside them"),
    "item_ok": N_("signed"),
    "look": N_("Look at the field"),
    "signed_file": N_("Open the signed file"),
    "pin_left": N_("The token says: {left} attempts at the PIN are left."),
    "last_try": N_(
        "Only one attempt at the PIN is left: another wrong PIN locks the token. Go on only if you are sure."
    ),
    "go_on": N_("I am sure: go on"),
    "again": N_("Try again"),
    "agent_missing": N_(
        "No signing program answers on this computer. Start it (or install it), plug in the token, then try again."
    ),
    "agent_wrong_pin": N_("The PIN was wrong. {left} attempts are left. Nothing was signed with it; try again."),
    "agent_locked": N_(
        "The token is locked after too many wrong PINs. Its issuer unlocks it; until then sign another way or hand "
        "the documents to a deputy."
    ),
    "agent_cancelled": N_("Signing was cancelled in the signing program. Try again when you are ready."),
    "agent_timeout": N_(
        "The signing program did not answer in time. Look whether its window waits for the PIN, then try again."
    ),
    "agent_failed": N_("The signing program reports: {said}. Try again; if it stays so, tell your administrator."),
    "agent_garbled": N_(
        "The signing program answered something that could not be understood. Tell your administrator; the file "
        "can be signed in the program itself and brought here."
    ),
    "agent_brought_nothing": "",
    "network": N_("The server could not be reached."),
    "session_lost": N_("You are not logged in any more. Log in again; nothing was lost."),
    "signing_session_expired": "",
    "server_refused": N_("The server refused without a reason that is known."),
    "bad_answer": N_("The server's answer could not be understood."),
}
"""An empty one is the message of that refusal."""


def agent_texts() -> str:
    """As JSON for `data-messages`."""
    return orjson.dumps({code: _(text) if text else _refusal(code) for code, text in TEXTS.items()}).decode()


def _refusal(code: str) -> str:
    message = TABLE[code]
    return " ".join(_(part) for part in (message.title, message.next) if part)
