"""Forms about the attachments of a draft."""

from __future__ import annotations

from workflow.domain.attachments import NAME_LENGTH
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import Count, Text


class Named(Changed):
    """Another name."""

    name = Text(longest=NAME_LENGTH, required=True)


class Placed(Changed):
    """Another place among the others."""

    place = Count(required=True)
