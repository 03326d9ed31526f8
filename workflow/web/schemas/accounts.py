"""Forms of login, password and second factor."""

from __future__ import annotations

from marshmallow import Schema

from workflow.web.schemas.fields import Id, Secret, Text


class Login(Schema):
    """Name and password."""

    username = Text(longest=60, required=True)
    password = Secret(required=True)


class Code(Schema):
    """A code from the phone."""

    code = Secret(required=True)


class StepUp(Schema):
    """The same while another form waits: its name is no other form's, since one body holds both."""

    step_up_code = Secret(required=True)


class NewPassword(Schema):
    """A first password, or one after a reset: typed twice."""

    password = Secret(required=True)
    again = Secret(required=True)


class ChangedPassword(NewPassword):
    """The old one too."""

    old = Secret(required=True)


class PostChoice(Schema):
    """The post to act in."""

    post = Id(required=True)


class PasskeyName(Schema):
    """What its owner calls a passkey."""

    label = Text(longest=60)
