"""The last weeks in the office of the tour: what its people do about drafts, and what came of papers sent."""

from __future__ import annotations

from workflow.demo import at_once, copying, sending
from workflow.demo.drafts import Drafts
from workflow.demo.life import Life
from workflow.domain.outgoing import Action


def lately(life: Life) -> None:
    """Template and group kept, copies followed, drafts talked about; yesterday's runs; this morning's letters.

    Whoever comes in there finds something of their own: the head of the coordinating unit initials to give, the
    specialist, the clerk and the leaders a draft that they are asked about, the clerk copies to send and to seal,
    the head a certified copy to approve.
    """
    drafts = Drafts(life)
    template, group = drafts.own_template(), sending.group(life)
    sending.by_post(life)
    waiting = drafts.in_two_versions()
    letter = sending.to_the_group(life, group)
    drafts.initialled("drafter", letter, by="head2", part="vhxh")
    correction = sending.correction(life)
    approved = [letter, correction]
    for document_id in approved:
        life.act("drafter", document_id, Action.SUBMIT)
    at_once.approve_several(life, [letter, waiting, correction])
    for document_id in approved:
        life.check(document_id)
    at_once.spread(life)
    drafts.from_own_template(template)
    sending.issue(life, approved, hour=7, minute=51)
    copying.waiting(life)
