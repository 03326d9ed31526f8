"""The top agency's administrator at the page of jobs: pause one, see what it would send, have it run, go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from schedulers.job import Tools
from schedulers.runner import run_due
from schedulers.table import job
from tests.support.live import Town
from tests.support.seats import Seats
from workflow.store.models import Outbox
from workflow.store.session import unit_of_work

pytestmark = pytest.mark.browser


def test_paused_tried_run_and_resumed(people: Seats, town: Town) -> None:
    """A scheduler takes what the page asked for, also of a paused job: a dry run tells nobody, a run tells once."""
    town.papers.awaiting()
    tools = Tools(town.engine, town.settings, town.clock)
    admin = people.of("admin").go("/admin/jobs")
    admin.page.locator("a[href='/admin/jobs/digest']").first.click()
    admin.wide(390).page.locator("summary", has_text="Tạm dừng").click()
    admin.press("Pause")
    expect(admin.page.locator("#f-reason:invalid")).to_be_focused()
    admin.page.fill("#f-reason", "Bảo trì máy chủ thư")
    admin.press("Pause").reads("None, as long as it is paused")
    assert run_due(tools, job("digest")) == {}
    admin.wide(1280).press("Dry run: what would it do?")
    admin.page.wait_for_url("**/lines/*")
    assert run_due(tools, job("digest"))
    admin.follow("Look again").reads("Messages it would write")
    expect(admin.page.locator("table tbody tr")).to_have_count(1)
    assert _told(town) == 0
    admin.go("/admin/jobs/digest").press("Run now")
    admin.page.wait_for_url("**/lines/*")
    assert run_due(tools, job("digest"))
    assert _told(town) == 1
    admin.go("/admin/jobs/digest").press("Resume")
    expect(admin.page.get_by_text("Bảo trì máy chủ thư")).to_have_count(0)
    assert run_due(tools, job("digest"))
    assert _told(town) == 1, "the morning was told when somebody asked for it"


def _told(town: Town) -> int:
    with unit_of_work(town.engine) as uow:
        return uow.session.query(Outbox).filter(Outbox.once_key.startswith("digest:")).count()
