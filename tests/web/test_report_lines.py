"""The line of six months and the title of the board."""

from __future__ import annotations

from decimal import Decimal

from tests.support.browser import Browser, Clock
from tests.support.issued import add_issued, issued_row
from tests.support.office import Office
from workflow.domain.rates import SignRate
from workflow.web.charts import bars, lines
from workflow.web.report_charts import HEIGHT, WIDTH, trend

NONE, ALL, HALF = SignRate(), SignRate(signed=2), SignRate(signed=1, ink=1)


def test_a_month_without_figures_breaks_the_line() -> None:
    """Two pieces with nothing drawn across the gap; the ends lie at the edges."""
    first, second = trend((ALL, HALF, NONE, NONE, HALF, ALL))
    assert [x for x, _y in first] == [0.0, 20.0]
    assert [x for x, _y in second] == [80.0, 100.0]
    assert first[0][1] == second[1][1] == 2


def test_a_month_between_gaps_is_a_stroke() -> None:
    """A point alone would draw nothing; the stroke stays inside the picture."""
    pieces = trend((ALL, NONE, HALF, NONE, NONE, ALL))
    assert [len(piece) for piece in pieces] == [2, 2, 2]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for piece in pieces for x, y in piece)
    assert pieces[1][0][1] == pieces[1][1][1] == HEIGHT / 2


def test_no_figures_draw_nothing() -> None:
    """No piece at all."""
    assert trend((NONE,) * 6) == []


def test_figures_of_one_part_bear_its_name(client: Browser, office: Office, clock: Clock) -> None:
    """Alone it stands in the title before its agency; beside another one the agency stands alone."""
    client.login("leader")
    add_issued(office, issued_row(office, issued_at=clock(), unit="culture"))
    alone = client.get("/reports").text.split("<h1>")[1].split("</h1>")[0]
    assert "Phòng Văn hóa – Xã hội · " in alone
    add_issued(office, issued_row(office, issued_at=clock()))
    both = client.get("/reports").text.split("<h1>")[1].split("</h1>")[0]
    assert "Phòng" not in both


def test_nothing_is_drawn_outside_its_picture() -> None:
    """More than a whole, and a target above it, stay on the edge: the number beside them says how much."""
    months = [lines.Month("10/26", Decimal("140")), lines.Month("11/26", Decimal(50), running=True)]
    chart = lines.line(months, target=Decimal(105))
    assert [dot.y for dot in chart.dots] == [lines.TOP, chart.levels[1].at]
    assert chart.target == chart.levels[2].at == lines.TOP
    assert lines.small(months).dots[0].y == lines.SMALL_EDGE
    assert [bars.length(*two) for two in ((7, 5), (1, 3), (0, 0))] == [100.0, 33.33, 0.0]
