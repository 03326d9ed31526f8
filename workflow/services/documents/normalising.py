"""An upload opened in the jail and rewritten as one plain revision."""

from __future__ import annotations

from signing import jail
from signing import prepare as making
from workflow.domain.errors import BadInput


def normalised(data: bytes) -> making.Normalised:
    """Open an upload in the jail and rewrite it; `BadInput("draft_<why>")` where it cannot be a draft."""
    try:
        made = making.normalise_in_jail(data)
    except making.BadDraft as error:
        raise BadInput(f"draft_{error.code}", **error.details) from error
    except jail.JailError as error:
        raise BadInput("draft_resource_limit") from error
    return made
