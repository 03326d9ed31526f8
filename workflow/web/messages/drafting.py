"""What can be wrong with a template, the words of a draft, or a remark on it."""

from workflow.web.i18n import N_
from workflow.web.messages import Message
from workflow.web.messages.frame import NOTHING_CHANGED

MESSAGES = {
    "template_place_unknown": Message(
        N_("Nothing can be filled in for %(names)s."),
        NOTHING_CHANGED,
        N_("Take it out, or write one of: %(known)s."),
    ),
    "template_braces": Message(
        N_("There are two braces that are not closed, or closed without being opened."),
        NOTHING_CHANGED,
        N_("A place is written {{name}}, with two braces on either side."),
    ),
    "template_body_needed": Message(N_("The body is empty."), NOTHING_CHANGED, N_("Write at least one line.")),
    "template_too_long": Message(
        N_("The text is too long: %(length)s characters, at most %(limit)s."),
        NOTHING_CHANGED,
        N_("Write it in a word processor and choose the file instead."),
    ),
    "template_name_needed": Message(
        N_("The template needs a name of at most %(limit)s characters."), NOTHING_CHANGED
    ),
    "template_name_taken": Message(
        N_("There is a template “%(name)s” of this type already."),
        NOTHING_CHANGED,
        N_("Choose another name, or put that one out of use first."),
    ),
    "template_not_found": Message(
        N_("There is no such template here."), NOTHING_CHANGED, N_("Choose one from the list.")
    ),
    "template_ended": Message(
        N_("The template “%(name)s” is out of use."), NOTHING_CHANGED, N_("Choose another one from the list.")
    ),
    "template_of_other_type": Message(
        N_("The template “%(name)s” is for another type: %(type)s."),
        NOTHING_CHANGED,
        N_("Choose a template of the type of this document, or change the type."),
    ),
    "comment_needed": Message(N_("The comment is empty."), NOTHING_CHANGED, N_("Write it and send it again.")),
    "comment_too_long": Message(
        N_("The comment is too long: %(length)s characters, at most %(limit)s."), NOTHING_CHANGED
    ),
    "comment_page": Message(N_("There is no page %(page)s."), NOTHING_CHANGED),
    "comment_not_found": Message(N_("There is no such comment here."), NOTHING_CHANGED),
    "comment_of_another": Message(
        N_("Whether a comment is dealt with is said by whoever wrote it, or by the drafter."), NOTHING_CHANGED
    ),
    "comments_closed": Message(
        N_("The document is signed: no comments on its draft are taken any more."), NOTHING_CHANGED
    ),
}
