"""The pages of jobs: the table in words, a ledger, and what administrators ask of the schedulers."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from sqlalchemy import Engine, select, update
from werkzeug.test import TestResponse

from schedulers.job import Tools
from schedulers.runner import Outcome, run_due, run_period
from schedulers.table import job
from tests.support.browser import Browser, Clock
from tests.support.office import NOON, Office
from workflow.config import Settings
from workflow.domain.jobs import RULES
from workflow.services.documents.drafting import DraftFacts, create
from workflow.store.models import JobRun, Outbox, Unit
from workflow.store.session import unit_of_work
from workflow.web import job_words


@pytest.fixture
def tools(engine: Engine, settings: Settings, clock: Clock) -> Tools:
    """What a scheduler beside the web works with."""
    return Tools(engine, settings, clock)


@pytest.fixture
def admin(client: Browser, office: Office) -> Browser:
    """The top agency's administrator, with an old draft to report on."""
    facts = DraftFacts(type_code="letter", subject="V/v để lâu", secret=True)
    with unit_of_work(office.engine) as uow:
        create(uow, office.actor("drafter"), facts=facts, now=NOON.replace(day=2))
        uow.commit()
    return client.login("admin")


def _main(page: str) -> str:
    return page.split("<h1>", 1)[1]


def _sent(client: Browser, path: str, **form: str) -> TestResponse:
    answer = client.post(path, data=form)
    assert answer.status_code == 303, answer.text
    return client.get(answer.headers["Location"])


def test_every_job_has_its_words() -> None:
    """A new line of the table comes with what it does, why, who answers for it, and its results."""
    names = {one.name for one in RULES}
    assert names == set(job_words.JOBS) == set(job_words.ABOUT) == set(job_words.RESULTS)
    assert set(job_words.NO_DRY_RUN) <= {one.name for one in RULES if not one.dry}


def test_the_table_says_when_and_what_came_of_it(admin: Browser, tools: Tools) -> None:
    """In the reader's language, without a stored name; refused to others."""
    page = _main(admin.get("/admin/jobs").text)
    assert "07:00 các ngày làm việc" in page
    assert page.count("Chưa chạy") == len(RULES)
    assert run_period(tools, job("unsigned"), "2026-11-23") is Outcome.DONE
    page = _main(admin.get("/admin/jobs").text)
    assert "số báo cáo đã lập: 7" in page
    assert not re.search(r"2026-11-23|\w=\d|>outbox<|>settle<", page)
    shown = _main(admin.get("/admin/jobs/unsigned").text)
    assert "25/11/2026" in shown  # the next period; the 24th is a day off
    assert "23/11/2026" in shown
    assert "reports made: 7" in admin.get("/admin/jobs/unsigned", headers={"Accept-Language": "en"}).text
    assert admin.login("leader").get("/admin/jobs").status_code == 403
    assert admin.login("leader").get("/admin/jobs/unsigned").status_code == 403


def test_pause_and_resume(admin: Browser, tools: Tools, clock: Clock) -> None:
    """With a reason; who and why stand on the page; the scheduler obeys."""
    assert admin.post("/admin/jobs/unsigned/pause", data={"reason": " "}).status_code == 422
    page = _sent(admin, "/admin/jobs/unsigned/pause", reason="Chuyển máy chủ").text
    assert "Chuyển máy chủ" in page
    assert "Tạm dừng" in _main(admin.get("/admin/jobs").text)
    assert run_due(tools, job("unsigned")) == {}
    answer = admin.post("/admin/jobs/unsigned/pause", data={"reason": "Hai lần"})
    assert (answer.status_code, "Tác vụ này đã tạm dừng" in answer.text) == (409, True)
    assert "Chuyển máy chủ" not in _sent(admin, "/admin/jobs/unsigned/resume").text
    assert set(run_due(tools, job("unsigned")).values()) == {Outcome.DONE}
    assert admin.post("/admin/jobs/unsigned/resume").status_code == 409


def test_a_dry_run_shows_which_units_it_would_tell(
    admin: Browser, tools: Tools, engine: Engine, clock: Clock
) -> None:
    """The web only asks; a scheduler does it; neither a subject nor an address is kept. What was told this morning
    is not told again, so it is tried while the job is paused."""
    _sent(admin, "/admin/jobs/unsigned/pause", reason="Chạy thử trước")
    page = _sent(admin, "/admin/jobs/unsigned/try").text
    assert "Đang chờ đến lượt" in page
    clock.advance(seconds=5)
    assert set(run_due(tools, job("unsigned")).values()) == {Outcome.DONE}
    with unit_of_work(engine) as uow:
        line = uow.session.scalars(select(JobRun).where(JobRun.kind == "dry")).one()
        assert uow.session.scalars(select(Outbox.id)).all() == []
    shown = _main(admin.get(f"/admin/jobs/unsigned/lines/{line.id}").text)
    assert "số báo cáo đã lập: 7" in shown
    assert shown.count("<tr><th") == len(line.result["messages"]) + 1 > 1
    assert "báo cáo buổi sáng của đơn vị" in shown
    assert "Chưa ký 0, quá hạn 1" not in shown
    assert "@" not in shown
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(JobRun).values(result={**line.result, "messages": []}))
        uow.commit()
    assert "Danh sách đã được xóa" in admin.get(f"/admin/jobs/unsigned/lines/{line.id}").text
    answer = admin.post("/admin/jobs/outbox/try")
    assert (answer.status_code, "không chạy thử được" in answer.text) == (422, True)
    assert "Thông báo đã gửi thì không lấy lại được" in admin.get("/admin/jobs/outbox").text


def test_run_now_shows_progress_and_can_be_stopped(admin: Browser, tools: Tools, engine: Engine) -> None:
    """One at a time; a run at work says how far it is."""
    _sent(admin, "/admin/jobs/recheck/run")
    assert admin.post("/admin/jobs/recheck/run").status_code == 409
    with unit_of_work(engine) as uow:
        uow.begin_write()
        told = {"state": "running", "doing": "documents", "done_steps": 812, "all_steps": 2000}
        uow.session.execute(update(JobRun).values(**told))
        uow.commit()
    for path in ("/admin/jobs", "/admin/jobs/recheck", "/admin/jobs/recheck/lines/1"):
        assert "số văn bản: 812/2.000" in admin.get(path).text
    assert "Yêu cầu dừng" in _sent(admin, "/admin/jobs/recheck/lines/1/stop").text
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(JobRun, 1).stop_asked_at is not None
    assert admin.post("/admin/jobs/recheck/lines/7/stop").status_code == 404
    assert admin.post("/admin/jobs/nothing/run").status_code == 404


def test_the_ledger_goes_on_by_pages_and_is_filtered(admin: Browser, engine: Engine) -> None:
    """Every line once, the newest first, however many come meanwhile."""
    begun = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
    values: dict[str, Any] = {"job": "recheck", "lease_until": begun, "started_at": begun, "finished_at": begun}
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            *(
                JobRun(
                    period=f"2026-{n // 28 + 1:02}-{n % 28 + 1:02}", state="done" if n % 3 else "missed", **values
                )
                for n in range(120)
            )
        )
        uow.commit()
    found: list[str] = []
    address = "/admin/jobs/recheck"
    while address:
        page = admin.get(address).text
        found += re.findall(r"/admin/jobs/recheck/lines/(\d+)\">", page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1] if following else ""
    assert found == [str(key) for key in range(120, 0, -1)]
    assert _main(admin.get("/admin/jobs/recheck?state=missed").text).count("/admin/jobs/recheck/lines/") == 40


def test_another_agencys_administrator_looks_and_decides_nothing(
    client: Browser, office: Office, engine: Engine
) -> None:
    """Jobs serve every agency: the top one's administrators pause them."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(Unit, office.units["commune"]).parent_id = office.units["far"]
        uow.commit()
    client.login("admin")
    assert "Chạy ngay" not in client.get("/admin/jobs/unsigned").text
    for path in ("run", "try", "resume"):
        assert client.post(f"/admin/jobs/unsigned/{path}").status_code == 403
    assert client.post("/admin/jobs/unsigned/pause", data={"reason": "x"}).status_code == 403
