"""Administration of the calendar, and registers and types to read."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape

import pytest
from sqlalchemy import Engine, select

from tests.support.browser import Browser, Clock
from tests.support.office import Office
from workflow.store.models import CalendarDay
from workflow.store.session import unit_of_work

DAY = dt.date(2026, 11, 27)
FORM = {
    "day": "27/11/2026", "what": "off", "name_vi": "Nghỉ phòng chống bão", "decree": "Công điện 01/CĐ-UBND",
    "reason": "Bão số 9",
}  # fmt: skip


def written(engine: Engine) -> CalendarDay | None:
    """What stands for the day."""
    with unit_of_work(engine) as uow:
        return uow.session.scalars(select(CalendarDay).where(CalendarDay.day == DAY)).one_or_none()


@pytest.mark.parametrize(
    "page",
    ["/admin/calendar", "/admin/calendar?year=2027", "/admin/calendar/day?day=2027-05-01",
     "/admin/calendar/day?day=nonsense", "/admin/registers"],
)  # fmt: skip
def test_pages_are_the_administrators(client: Browser, page: str) -> None:
    """Valid HTML in both languages, refused to a clerk."""
    client.login("admin")
    for language in ("vi", "en"):
        assert client.get(page, headers={"Accept-Language": language}).status_code == 200
    assert client.login("clerk").get(page).status_code == 403


def test_a_day_is_previewed_then_saved(client: Browser, engine: Engine) -> None:
    """The first press only shows; the second writes, and the page of the year tells it with its reason."""
    client.login("admin")
    shown = client.post("/admin/calendar/day", data=FORM)
    assert shown.status_code == 200
    assert 'name="save" value="yes"' in shown.text
    assert written(engine) is None
    saved = client.post("/admin/calendar/day", data={**FORM, "save": "yes"})
    assert (saved.status_code, saved.headers["Location"]) == (303, "/admin/calendar?year=2026&done=changed")
    row = written(engine)
    assert row is not None
    assert (row.working, row.seeded) == (False, False)
    page = client.get(saved.headers["Location"]).text
    assert "Bão số 9" in page
    assert "Công điện 01/CĐ-UBND" in page


def test_a_stale_page_is_told(client: Browser, engine: Engine) -> None:
    """Two administrators change one day: the second learns of the first."""
    client.login("admin")
    client.post("/admin/calendar/day", data={**FORM, "save": "yes"})
    late = client.post("/admin/calendar/day", data={**FORM, "what": "worked", "save": "yes"})
    assert late.status_code == 409
    again = client.get("/admin/calendar/day?day=2026-11-27").text
    found = re.search(r'name="seen" value="([^"]*)"', again)
    assert found is not None
    seen = unescape(found[1])
    data = {**FORM, "what": "ordinary", "seen": seen, "save": "yes"}
    assert client.post("/admin/calendar/day", data=data).status_code == 303
    assert written(engine) is None


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"day": "20/11/2026"}, "day"), ({"name_vi": ""}, "name_vi"), ({"decree": "", "save": "yes"}, "decree"),
     ({"reason": ""}, "reason"), ({"what": "nonsense"}, "what")],
)  # fmt: skip
def test_mistakes_stand_beside_their_field(client: Browser, changes: dict[str, str], field: str) -> None:
    """What was typed stays."""
    answer = client.login("admin").post("/admin/calendar/day", data={**FORM, **changes})
    assert answer.status_code == 422
    assert f'href="#f-{field}"' in answer.text
    assert "27/11/2026" in answer.text or field == "day"


def test_a_change_needs_a_fresh_factor(client: Browser, clock: Clock) -> None:
    """Looking does not."""
    client.login("admin")
    clock.advance(minutes=6)
    assert client.get("/admin/calendar").status_code == 200
    assert client.post("/admin/calendar/day", data=FORM).status_code == 403


def test_registers_say_which_number_comes_next(client: Browser, office: Office) -> None:
    """One's own agencies' only, each with this year's next number."""
    page = client.login("admin").get("/admin/registers").text
    assert "Sổ quyết định" in page
    assert office.names["far_leader"] not in page
    assert "Ủy ban nhân dân xã Yên Viễn" not in page
