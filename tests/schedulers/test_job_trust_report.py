"""The job `trust_report`: a proposed change is counted by itself, once, and a decided one no more."""

from __future__ import annotations

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due
from schedulers.table import job
from tests.schedulers.conftest import Hand
from tests.support import trust
from tests.support.office import Office
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.services import trust_changes


def test_a_proposed_change_is_counted(tools: Tools, office: Office, clock: Hand) -> None:
    """To its end in one turn; what is withdrawn is left alone."""
    papers = papers_of(office, open_blobs(tools.settings.blob_url))
    papers.signed()
    change = trust.do(office, trust_changes.propose_retirement, root_id=1, reason=trust.REASON)
    gone = trust.do(office, trust_changes.propose_policy, name="strict", reason=trust.REASON)
    trust.do(office, trust_changes.withdraw, change_id=gone.id)
    assert set(run_due(tools, job("trust_report")).values()) == {Outcome.DONE}
    assert (trust.row_of(office, change.id).state, trust.row_of(office, change.id).flips) == ("waiting", 1)
    assert trust.row_of(office, gone.id).checked == 0
