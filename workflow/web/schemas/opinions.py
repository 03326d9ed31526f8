"""Forms about opinions and slips: shapes only."""

from __future__ import annotations

from marshmallow import Schema

from workflow.domain.opinions import Verdict
from workflow.web.schemas.fields import Choice, Day, Id, Text


class Question(Schema):
    """What is asked, and until when; whom, the boxes say."""

    question = Text(longest=2000, multiline=True, load_default="")
    due = Day(load_default=None)


class Given(Schema):
    """An answer, and the text it is about."""

    verdict = Choice(Verdict, required=True)
    words = Text(longest=6000, multiline=True, load_default="")
    seen = Text(longest=130, required=True)


class TakenBack(Schema):
    """A request that ends without an answer; perhaps another unit in its place."""

    reason = Text(longest=2000, multiline=True, load_default="")
    instead = Id(load_default=None)


class Words(Schema):
    """The drafter's words on the submission slip."""

    basis = Text(longest=4000, multiline=True, load_default="")
    proposal = Text(longest=4000, multiline=True, load_default="")
