"""What notices say of why a certificate was stopped: English texts, whose Vietnamese stands in `notices.po`."""

from __future__ import annotations

from collections.abc import Mapping

from workflow.domain.certificates import Stop

STOPPED: Mapping[Stop, str] = {
    Stop.RENEWED: "another certificate took its place",
    Stop.POST_ENDED: "its owner signs here no more",
    Stop.BROKEN: "the key cannot be used any more",
    Stop.LOST: "the key is lost",
    Stop.COPIED: "somebody else may have or know the key",
    Stop.MISTAKEN: "it was enrolled by mistake",
}
"""Why a certificate was stopped."""
