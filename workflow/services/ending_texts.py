"""What notices say of how a request to a remote signing service ended, and what to do next: English texts, whose
Vietnamese stands in `notices.po`."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.domain.remote_signing import PIN_LOCKED, WRONG_PIN, Standing

ENDINGS: Mapping[str, tuple[str, str]] = {
    Standing.REFUSED: ("refused on the telephone", "Begin anew when you are ready."),
    Standing.EXPIRED: ("not approved in time", "Begin anew when you are ready."),
    Standing.CANCELLED: ("taken back", "Begin anew when you are ready."),
    Standing.UNREACHABLE: (
        "service not reached",
        "Try again in a few minutes; if it goes on, sign in another way or tell your administrator.",
    ),
    Standing.FAILED: (
        "no valid answer", "Open the request for the reason; if it happens again, tell your administrator.",
    ),
    WRONG_PIN: (
        "wrong PIN or code", "Make sure of the PIN before the next try: after a few wrong ones the key is locked.",
    ),
    PIN_LOCKED: ("the PIN is locked", "Ask the service to unlock it; until then sign in another way."),
}  # fmt: skip
"""How a remote request ended that did not come to its end, and what to do next (`domain.remote_signing.ending`)."""
