"""Forms about incoming documents."""

from __future__ import annotations

from marshmallow import fields

from workflow.domain.incoming import Result
from workflow.web.i18n import N_
from workflow.web.schemas.documents import Changed
from workflow.web.schemas.fields import REQUIRED, Choice, Day, Id, Text

WORDS = 2000


class Submitted(Changed):
    """To whom it is submitted: `office` or the key of a leader's post."""

    to = fields.String(required=True, error_messages={"required": REQUIRED})
    remark = Text(longest=WORDS, multiline=True, load_default="")


class Passed(Changed):
    """Which leader directs instead."""

    to = Id(required=True)
    remark = Text(longest=WORDS, multiline=True, load_default="")


class Assigned(Changed):
    """Who handles it, perhaps by an earlier date of the unit's own."""

    handler = Id(required=True)
    due_on = Day(load_default=None)
    remark = Text(longest=WORDS, multiline=True, load_default="")


class Contributed(Changed):
    """What a coordinating unit has done."""

    words = Text(longest=WORDS, multiline=True, required=True)


class Finished(Changed):
    """How it was settled."""

    result = Choice(Result, required=True)
    words = Text(longest=WORDS, multiline=True, required=True)


class Closed(Changed):
    """Why nothing is answered: needed where there is a deadline."""

    words = Text(longest=WORDS, multiline=True, load_default="")


class Directed(Changed):
    """A direction but for its recipients, which are read apart: words, term, a day, why it was changed."""

    words = Text(longest=WORDS, multiline=True, load_default="")
    term = fields.String(load_default="")
    due_on = Day(load_default=None)
    remark = Text(longest=WORDS, multiline=True, load_default="")
    to = Id(load_default=None)


NEEDS_LEAD = N_("Choose the unit that leads.")
