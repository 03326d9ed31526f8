"""Forms of inspections."""

from __future__ import annotations

from marshmallow import Schema

from workflow.web.schemas.fields import Count, Day, Id, Text


class NewInspection(Schema):
    """What the founding decision says; the units come beside the schema."""

    decision_symbol = Text(longest=60, required=True)
    decision_day = Day(required=True)
    decision_agency = Text(longest=200, required=True)
    purpose = Text(longest=500, required=True)
    period_from = Day(required=True)
    period_to = Day(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)
    head_post_id = Id(required=True)


class NewMember(Schema):
    """Somebody taken into a team."""

    post_id = Id(required=True)
    first_day = Day(required=True)
    last_day = Day(required=True)


class WithReason(Schema):
    """Why somebody is taken out, or an inspection ended."""

    reason = Text(longest=500, required=True)


class Visited(Schema):
    """When the team was done at a unit."""

    inspected_on = Day(required=True)


class NewSample(Schema):
    """What a sample is drawn from, how many, and with which seed (none: the program draws one)."""

    kind = Text(longest=10, required=True)
    first = Day(required=True)
    last = Day(required=True)
    size = Count(required=True)
    seed = Text(longest=64, load_default="")


class NewFinding(Schema):
    """What is wrong, by which rule, what is demanded until when."""

    unit_id = Id(required=True)
    documents = Text(longest=400, load_default="")
    wrong = Text(longest=2000, multiline=True, required=True)
    basis = Text(longest=500, required=True)
    demand = Text(longest=2000, multiline=True, required=True)
    due_on = Day(required=True)


class Answer(Schema):
    """What a unit did about a finding."""

    version = Count(required=True)
    answer = Text(longest=2000, multiline=True, required=True)
    evidence = Text(longest=500, load_default="")
    late_reason = Text(longest=500, load_default="")


class Decided(Schema):
    """The version that the team's head saw; with a remark the finding is open again."""

    version = Count(required=True)
    remark = Text(longest=500, load_default="")


class NewCommitment(Schema):
    """What a unit promises or planned, until when."""

    unit_id = Id(required=True)
    kind = Text(longest=12, required=True)
    words = Text(longest=2000, multiline=True, required=True)
    due_on = Day(required=True)


class Told(Schema):
    """What came of it."""

    version = Count(required=True)
    state = Text(longest=10, required=True)
    reason = Text(longest=500, load_default="")
