"""The list: filters in the address, keyset pages, search without accents, export, nothing foreign."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.adapters.sheets import read_sheet
from workflow.domain.outgoing import Urgency


def subjects(page: str) -> list[str]:
    """Subjects of the rows, in order."""
    return re.findall(r"</span> ([^<]+)</a>", page.split("<tbody>")[1]) if "<tbody>" in page else []


def test_list_shows_state_symbol_and_clock(client: Browser, papers: Papers) -> None:
    """One row a document, each a link to it."""
    document_id = papers.numbered(subject="Về đường liên thôn", urgency=Urgency.URGENT)
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get("/outgoing").text
    assert f'href="/outgoing/{document_id}"' in page
    assert "01/UBND-KT" in page
    assert "Numbered" in page
    assert "Urgent" in page


def test_words_are_found_without_accents(client: Browser, papers: Papers) -> None:
    """`duong lien` finds `Đường liên thôn`."""
    papers.draft(subject="Đường liên thôn", file=False)
    papers.draft(subject="Họp giao ban", file=False)
    assert subjects(client.login("clerk").get("/outgoing?q=duong+lien").text) == ["Đường liên thôn"]


def test_number_and_symbol_are_found(client: Browser, papers: Papers) -> None:
    """Digits are a number, a slash makes it a symbol."""
    papers.numbered(subject="Có số")
    papers.draft(subject="Chưa có số", file=False)
    client.login("clerk")
    assert subjects(client.get("/outgoing?q=1").text) == ["Có số"]
    assert subjects(client.get("/outgoing?q=01/UBND-KT").text) == ["Có số"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("state=draft", {"Quyết định A"}),
        ("state=draft&state=in_review", {"Quyết định A", "Công văn B"}),
        ("type=decision", {"Quyết định A"}),
        ("open=1", {"Quyết định A", "Công văn B"}),
        ("late=1", set()),
        ("medium=ink", set()),
        ("urgency=flash", {"Công văn B"}),
        ("urgency=normal", {"Quyết định A"}),
        ("dated=created&from=23/11/2026&to=2026-11-23", {"Quyết định A", "Công văn B"}),
        ("dated=created&to=22/11/2026", set()),
        ("from=01/01/2026", set()),
        ("from=31/02/2026&urgency=x&drafter=x&dated=x", {"Quyết định A", "Công văn B"}),
        ("state=nonsense&unit=x&sort=y", {"Quyết định A", "Công văn B"}),
    ],
)
def test_filters(client: Browser, papers: Papers, query: str, found: set[str]) -> None:
    """Each filter narrows; what makes no sense is left out."""
    papers.draft(type_code="decision", subject="Quyết định A", file=False)
    papers.in_review(subject="Công văn B", urgency=Urgency.FLASH)
    assert set(subjects(client.login("clerk").get(f"/outgoing?{query}").text)) == found


def test_pages_by_cursor_show_every_row_once(
    client: Browser, papers: Papers, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five rows in pages of two: no row twice, none lost, in both orders by date."""
    for number in range(5):
        papers.draft(subject=f"Số {number}", file=False)
    monkeypatch.setattr("workflow.store.documents.PAGE", 2)
    client.login("clerk")
    for sort in ("newest", "due", "newest&dated=created&from=01/01/2026", "oldest&dated=created&from=01/01/2026"):
        address, seen = f"/outgoing?sort={sort}", []
        while address:
            page = client.get(address).text
            seen += subjects(page)[:2]
            following = re.search(r'href="([^"]+)" rel="next"', page)
            address = following.group(1).replace("&amp;", "&") if following else ""
        assert sorted(seen) == [f"Số {number}" for number in range(5)]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "W10", "WzEsICIxIl0", "bnVsbA", "%F0%9F"])
def test_damaged_cursor_starts_anew(client: Browser, papers: Papers, cursor: str) -> None:
    """People shorten addresses; the list then begins at its beginning."""
    papers.draft(file=False)
    for sort in ("newest", "due"):
        assert client.login("clerk").get(f"/outgoing?sort={sort}&after={cursor}").status_code == 200


def test_foreign_documents_are_nowhere(client: Browser, papers: Papers) -> None:
    """The neighbour's clerk sees nothing of ours, on the page and in the export."""
    papers.draft(subject="Chỉ của Đồng Tâm", file=False)
    client.login("far_clerk")
    assert "Chỉ của Đồng Tâm" not in client.get("/outgoing").text
    assert "Chỉ của Đồng Tâm" not in client.get("/outgoing/export.csv").text
    assert len(read_sheet(client.get("/outgoing/export.xlsx").data).rows) == 1


def test_drafters_see_their_unit_only(client: Browser, papers: Papers) -> None:
    """Another unit of the same agency is out of reach for a drafter."""
    papers.draft(subject="Của Phòng Kinh tế", file=False)
    assert "Của Phòng Kinh tế" not in client.login("lone_drafter").get("/outgoing").text


def test_export_runs_no_formula(client: Browser, papers: Papers) -> None:
    """A subject that begins like a formula is disarmed; the filters of the page hold."""
    papers.draft(subject='=HYPERLINK("http://x.vn","bấm")', file=False)
    papers.in_review(subject="Khác")
    answer = client.login("clerk").get("/outgoing/export.csv?state=draft")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "'=HYPERLINK" in answer.text
    assert "Khác" not in answer.text
    book = read_sheet(client.get("/outgoing/export.xlsx?state=draft").data)
    assert [row[3] for row in book.rows[1:]] == ['=HYPERLINK("http://x.vn","bấm")']
    assert book.formulas == frozenset()


def test_empty_list_with_and_without_filters(client: Browser, papers: Papers) -> None:
    """Both say what to do next."""
    client.login("clerk")
    assert 'href="/outgoing/new"' in client.get("/outgoing").text
    assert 'class="empty"' in client.get("/outgoing?q=khong-co").text


def test_markup_in_a_subject_stays_text(client: Browser, papers: Papers) -> None:
    """What people typed is never markup."""
    papers.draft(subject='<img src=x onerror="alert(1)">', file=False)
    page = client.login("clerk").get("/outgoing").text
    assert "<img src=x" not in page


def test_what_is_issued_says_when(client: Browser, papers: Papers) -> None:
    """Nothing is due any more, so the last column holds the day of issue."""
    papers.issued()
    page = client.login("clerk").get("/outgoing?state=issued").text
    assert f"phát hành {papers.now:%d/%m/%Y}" in page


def test_days_and_names_hold_in_exports(client: Browser, papers: Papers) -> None:
    """What was issued within some days, by whom drafted: the page, its words, CSV and workbook agree."""
    papers.issued(subject="Phát hành hôm nay", urgency=Urgency.URGENT)
    papers.draft(subject="Còn là dự thảo", file=False)
    day, drafter = f"{papers.now:%d/%m/%Y}", papers.office.posts["drafter"].person_id
    address = f"from={day}&to={day}&drafter={drafter}&urgency=urgent"
    page = client.login("clerk").get(f"/outgoing?{address}").text
    assert subjects(page) == ["Phát hành hôm nay"]
    chips = re.findall(r'class="chip"[^>]*>([^<]+) <', page)
    assert [f"phát hành từ {day}", f"phát hành đến {day}"] == chips[-2:]
    assert chips[0].startswith("người soạn thảo ")
    assert f"tạo {day}" in client.get("/outgoing?state=draft").text
    book = read_sheet(client.get(f"/outgoing/export.xlsx?{address}").data)
    assert [row[3] for row in book.rows[1:]] == ["Phát hành hôm nay"]
    assert (str(book.rows[0][-2]), str(book.rows[1][-2])[-10:]) == ("Ngày tạo", day)
    assert client.get(f"/outgoing/export.csv?{address}").text.count("dự thảo") == 0
    saved = client.post("/saved/outgoing", data={"name": "Hôm nay", "query": f"{address}&after=x"})
    assert saved.headers["Location"] == f"/outgoing?{address}".replace("/", "%2F").replace("%2F", "/", 1)
