"""How well a leader alone must control the key that signs a type of document, where an agency asks for it.

Nothing is asked for by default. What is asked for holds for the signer's own signature, not for number and seal.
"""

from __future__ import annotations

from workflow.domain.errors import Refused
from workflow.domain.key_holders import CAPABILITIES, Control, KeyHolder

CHOICES = (Control.WEAK, Control.MEDIUM, Control.STRONG)
"""What can be asked for. Below the first lies what is nobody's own or what nothing is known of."""

BELOW = {
    Control.WEAK: "control_below_weak",
    Control.MEDIUM: "control_below_medium",
    Control.STRONG: "control_below_strong",
}
"""The refusal where less was given, by what was asked for: its sentence names what would do."""


def demand(control: int, *, minimum: int) -> None:
    """Raise the refusal of that minimum where the key is controlled less well; 0 asks for nothing."""
    if control < minimum:
        raise Refused(BELOW[Control(minimum)])


def ways_for(minimum: int) -> tuple[KeyHolder, ...]:
    """The ways of signing that are believed to reach it whatever their adapter adds."""
    return tuple(way for way, can in CAPABILITIES.items() if can.control >= minimum)
