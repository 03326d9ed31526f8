"""Every rule of who may sign as a sentence: where it holds, and where it does not."""

from workflow.domain.mandates import Reason, Rule
from workflow.web.i18n import N_

RULES = {
    Rule.POST_HELD: N_("The post is held on that day."),
    Rule.OWN_AGENCY: N_("The post belongs to the agency whose document it is."),
    Rule.OPEN_TO_POST: N_("The law opens this capacity to such a post."),
    Rule.GIVEN: N_("The post itself, or a mandate, gives the right to sign."),
    Rule.LEGAL_BASIS: N_("The mandate names the dated document that grants it."),
    Rule.RIGHT_SOURCE: N_("It was given by whoever may give it."),
    Rule.NOT_PASSED_ON: N_("It was not passed on, or was passed on once as the law allows."),
    Rule.LIMITED: N_("It is limited as the law demands."),
    Rule.RECORDED: N_("It was on record here by then."),
    Rule.BEGUN: N_("It has begun by that day."),
    Rule.NOT_ENDED: N_("It has not ended by that day."),
    Rule.NOT_REVOKED: N_("It was not revoked by then."),
    Rule.TYPE: N_("It covers this type of document."),
    Rule.ORGAN: N_("It covers documents of this organ."),
    Rule.UNIT: N_("It covers documents of the drafting unit."),
}
"""A rule that holds."""

REASONS = {
    Reason.POST_NOT_HELD: N_("The post is not held on that day."),
    Reason.OTHER_AGENCY: N_("The post belongs to another agency."),
    Reason.CAPACITY_NOT_OPEN: N_("The law does not open this capacity to such a post."),
    Reason.NO_MANDATE: N_("No mandate on record lets this post sign in this capacity."),
    Reason.ASSIGNMENT_ON_RECORD: N_("An assignment on record replaces what the post gives by itself."),
    Reason.NO_LEGAL_BASIS: N_("The mandate names no dated document that grants it."),
    Reason.WRONG_SOURCE: N_("It was not given by whoever may give it."),
    Reason.PASSED_ON: N_("An authorisation cannot be passed on; only an order can, once, inside the unit."),
    Reason.NOT_LIMITED: N_(
        "It lacks the limits that the law demands: TUQ. an end and a content, TL. the types of documents."
    ),
    Reason.NOT_RECORDED_YET: N_("The mandate was put on record only later."),
    Reason.NOT_BEGUN: N_("The mandate has not begun yet."),
    Reason.ENDED: N_("The mandate has ended."),
    Reason.REVOKED: N_("The mandate was revoked."),
    Reason.TYPE_OUTSIDE: N_("The mandate does not cover this type of document."),
    Reason.ORGAN_OUTSIDE: N_("The mandate does not cover documents of this organ."),
    Reason.UNIT_OUTSIDE: N_("The mandate does not cover documents of the drafting unit."),
}
"""A rule that does not hold."""
