"""Messages that only programs meet."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

OTHER_TOKEN = N_("Use a token made for a post that may; `/api/v1/me` names the post of this one.")
SEE_DESCRIPTION = N_("The description is at /api/v1/openapi.json.")

FOR_PROGRAMS = {
    "not_logged_in": Message(
        N_("The request bears no token that works: it is missing, unknown, expired or revoked."),
        NOTHING_CHANGED,
        N_("Make one on the page of your account, under tokens, and send it as `Authorization: Bearer …`."),
        status=401,
    ),
    "no_permission": Message(
        N_("The post that this token acts in does not allow this."),
        NOTHING_CHANGED,
        OTHER_TOKEN,
        status=403,
    ),
    "NotPermitted": Message(
        N_("The post that this token acts in does not allow this."), NOTHING_CHANGED, OTHER_TOKEN
    ),
    "role_may_not": Message(N_("This step is for somebody in another post."), NOTHING_CHANGED, OTHER_TOKEN),
    "no_post": Message(
        N_("The post that this token acts in is not held today."),
        NOTHING_CHANGED,
        N_("Make a token for a post that is held, or ask the administrator to enter the post."),
        status=403,
    ),
    "NotFound": Message(
        N_("There is no such address or thing, or it is out of the token's reach."), "", SEE_DESCRIPTION
    ),
    "Refused": Message(N_("This is not possible now."), NOTHING_CHANGED),
    "Missing": Message(N_("Something has to be done first."), NOTHING_CHANGED),
    "BadInput": Message(N_("What was sent cannot be used."), NOTHING_CHANGED, SEE_DESCRIPTION),
    "stale": Message(
        N_("The document has moved on since the version that was sent."),
        N_("Their act stands; yours was not made."),
        N_("Read the document again and decide anew with its present `version`."),
    ),
    "WrongState": Message(
        N_("The document is no longer in the state this needs."),
        NOTHING_CHANGED,
        N_("Read the document again: `actions` names what can be done now."),
    ),
    "not_a_plain_action": Message(
        N_("This step cannot be taken by program."),
        NOTHING_CHANGED,
        N_("A person takes it on the page of the document."),
    ),
    "400": Message(N_("The request could not be read."), NOTHING_CHANGED, SEE_DESCRIPTION),
    "422": Message(N_("What was sent cannot be used."), NOTHING_CHANGED, SEE_DESCRIPTION),
    "405": Message(
        N_("This address does not take that method."),
        NOTHING_CHANGED,
        N_("The header `Allow` names those it takes."),
    ),
    "413": Message(
        N_("The body of the request is too large: %(sent)s MB; at most %(limit)s MB are taken at once."),
        N_("Nothing was changed, and nothing of it was kept."),
        N_("Send less at once: a smaller scan, or files one by one. Sent again unchanged it is refused again."),
    ),
}
"""Words in place of those of pages where a program asks: it has no top of the page and typed nothing."""

MESSAGES = {
    "wrong_shape": Message(
        N_("A part of the request does not have the shape that the description gives it."),
        NOTHING_CHANGED,
        N_("`errors` names the parts. The description is at /api/v1/openapi.json."),
    ),
    "json_unreadable": Message(
        N_("The body of the request is not JSON that can be read in one way only."),
        NOTHING_CHANGED,
        N_("Send UTF-8, each name once, no NaN, no number beyond 2^53, nothing nested deeper than 32."),
        status=400,
    ),
    "cursor_unreadable": Message(
        N_("`after` is not a place in this list."),
        "",
        N_("Pass `next` of the answer before unchanged, or begin anew without it."),
    ),
    "token_days": Message(N_("A token works for at most %(longest)s days."), NOTHING_CHANGED),
    "too_many_tokens": Message(
        N_("You have %(most)s tokens already."), NOTHING_CHANGED, N_("Revoke those that no program uses any more.")
    ),
}
