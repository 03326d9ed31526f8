"""Messages that only programs meet."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

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
