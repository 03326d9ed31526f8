"""Forms of units, persons, posts and accounts."""

from __future__ import annotations

from marshmallow import Schema, fields

from workflow.domain.people import Role, UnitKind
from workflow.web.schemas.fields import Choice, Day, Email, Id, Text


class Letterhead(Schema):
    """What stands on a unit's papers."""

    name = Text(longest=200, required=True)
    abbreviation = Text(longest=30, required=True)
    place = Text(longest=60, load_default="")
    superior = Text(longest=200, load_default="")
    head_title = Text(longest=60, load_default="")
    email = Email(longest=200, load_default="")
    is_office = fields.Boolean(truthy={"true"}, falsy={"false"}, load_default=False)


class NewUnit(Letterhead):
    """A unit to be founded."""

    code = Text(longest=35, required=True)
    kind = Choice(UnitKind, required=True)
    parent_id = Id(required=True)
    valid_from = Day(required=True)
    decree = Text(longest=200, required=True)


class ChangedUnit(Letterhead):
    """A change with its reason."""

    reason = Text(longest=500, required=True)


class Dissolution(Schema):
    """The end of a unit; successors come beside the schema, several of one name."""

    last_day = Day(required=True)
    decree = Text(longest=200, required=True)


class NewPost(Schema):
    """A post to be given."""

    unit_id = Id(required=True)
    role = Choice(Role, required=True)
    title = Text(longest=100, required=True)
    valid_from = Day(required=True)
    valid_to = Day(load_default=None)
    decree = Text(longest=200, required=True)


class NewPerson(NewPost):
    """A person with a first post."""

    full_name = Text(longest=100, required=True)
    email = Email(longest=200, load_default="")


class ChangedPerson(Schema):
    """A correction with its reason."""

    full_name = Text(longest=100, required=True)
    email = Email(longest=200, load_default="")
    reason = Text(longest=500, required=True)


class PostEnd(Schema):
    """The end of a post."""

    last_day = Day(required=True)
    decree = Text(longest=200, required=True)


class Renewal(Schema):
    """A later last day of an inspector's post."""

    last_day = Day(required=True)
    reason = Text(longest=500, required=True)


class Username(Schema):
    """A login name."""

    username = Text(longest=60, required=True)


class Reason(Schema):
    """Why an account is touched."""

    reason = Text(longest=500, required=True)
