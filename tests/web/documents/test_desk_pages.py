"""The desk of every post: what waits, how urgent, what next; and what an empty one says."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from tests.support.browser import Browser
from tests.support.papers import Papers
from tests.support.statements import statements
from workflow.domain.absences import Acts
from workflow.domain.outgoing import Action, State, Urgency
from workflow.domain.people import Capacity
from workflow.services import absences


def test_leader_sees_what_waits_the_flash_one_first(client: Browser, papers: Papers) -> None:
    """Urgency comes before the clock; the button for all of them is there; units by their names."""
    papers.awaiting(subject="Việc thường")
    papers.awaiting(subject="Việc gấp", urgency=Urgency.FLASH)
    page = client.login("leader").get("/desk").text
    assert page.index("Việc gấp") < page.index("Việc thường")
    assert 'action="/sign"' in page
    assert page.count('name="documents"') == 2
    assert page.count("Phòng Kinh tế · ") == 2, "units by name, not by the letters of their symbols"


def test_the_first_figure_leads_to_reading_and_one_paper_is_not_all(client: Browser, papers: Papers) -> None:
    """What waits for my signature is the first figure; with one paper nobody is asked to tick all 1."""
    papers.awaiting()
    client.set_cookie("trinhky_language", "en")
    page = client.login("leader").get("/desk").text
    first = page.partition('<ul class="tally"')[2]
    assert re.search(r'<li><a href="/desk/read"[^>]*><strong>1</strong> waiting for my signature', first[:400])
    assert re.search(r'<label class="me-2" hidden>', page)
    papers.awaiting()
    assert '<label class="me-2" hidden>' not in client.get("/desk").text


def test_a_clerk_numbers_and_issues_from_the_desk(client: Browser, papers: Papers) -> None:
    """Ticked on the desk, they come to the page of the act: what was signed first is numbered first."""
    ids = [papers.signed()]
    papers.now += dt.timedelta(minutes=1)
    ids.append(papers.signed())
    sealed = papers.sealed()
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get("/desk").text
    assert '<input type="hidden" name="act" value="number_and_seal">' in page
    assert f'value="{sealed}:{papers.row(sealed).version}" form="batch-issue"' in page
    boxes = re.findall(r'name="documents" value="(\d+:\d+)" form="batch-number_and_seal"', page)
    assert {one.partition(":")[0] for one in boxes} == {str(one) for one in ids}
    asked = {"act": "number_and_seal", "documents": sorted(boxes, reverse=True)}
    order = client.get("/bulk/new", query_string=asked).text
    assert "no key on the server" in order
    assert re.findall(r'name="documents" value="(\d+):', order) == list(map(str, ids))


def test_another_signers_papers_are_not_on_my_desk(client: Browser, papers: Papers) -> None:
    """The deputy sees only what the deputy signs."""
    papers.awaiting(subject="Của chủ tịch")
    assert "Của chủ tịch" not in client.login("deputy").get("/desk").text


def test_clerk_sees_the_first_step_of_each_paper(client: Browser, papers: Papers) -> None:
    """Each row names what the clerk does with it, in the order of the law."""
    papers.format_check()
    papers.signed()
    papers.numbered()
    papers.number_signed()
    papers.sealed()
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get("/desk").text
    steps = set(re.findall(r'class="btn btn-sm btn-outline-primary" href="[^"]+">([^<]+)', page))
    assert steps == {"Confirm the format", "Give the number", "Sign the number", "Seal", "Issue"}


def test_returned_paper_shows_who_and_why(client: Browser, papers: Papers) -> None:
    """The drafter reads who, when and why without opening anything; what came back stands before other drafts, and
    its figure leads to it. On its page, and where it is mended, the same stands above everything else."""
    papers.draft(subject="Dự thảo khác")
    papers.now += dt.timedelta(minutes=5)
    document_id = papers.in_review()
    papers.act("head", document_id, Action.RETURN, "Bổ sung số liệu quý III")
    client.clock.now = papers.now
    page = client.login("drafter").get("/desk").text
    told = r"Trả lại · Phạm Thị Hương Giang, \d\d:\d\d \d\d/\d\d/2026"
    assert re.search(rf"{told}: Bổ sung số liệu quý III", page)
    assert page.index("Bổ sung số liệu") < page.index("Dự thảo khác")
    assert f'href="#waiting-{document_id}" class="warn"' in page
    for path in ("", "/edit"):
        page = client.get(f"/outgoing/{document_id}{path}").text
        place = page.find('class="alert alert-warning came-back"')
        assert 0 < place < page.find("<form", page.find("<main")), path
        assert "Bổ sung số liệu quý III" in page[place : place + 900]
    assert (
        f'<a class="btn btn-primary" href="/outgoing/{document_id}/edit" data-key="F9">'
        in client.get(f"/outgoing/{document_id}").text
    ), "mended first, then submitted"
    papers.act("drafter", document_id, Action.SUBMIT)
    assert "came-back" not in client.get(f"/outgoing/{document_id}").text


def test_whoever_sent_it_back_is_named(client: Browser, papers: Papers) -> None:
    """Refused after it was returned once: the refusal is told, not the return of last week."""
    document_id = papers.in_review()
    papers.act("head", document_id, Action.RETURN, "Thiếu căn cứ")
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    papers.act("leader", document_id, Action.REJECT, "Không đồng ý ban hành")
    client.login("drafter")
    for path in ("/desk", f"/outgoing/{document_id}"):
        page = client.get(path).text
        top = page[: page.find('id="history-title"')]
        assert re.search("Từ chối ký</strong> · Nguyễn Thị Lan|Từ chối ký · Nguyễn Thị Lan", top), path
        assert "Không đồng ý ban hành" in top
        assert "Thiếu căn cứ" not in top


def test_what_a_clerk_drafted_and_checks_stands_once(client: Browser, papers: Papers) -> None:
    """It waits for them again, as clerk, and is not with others besides; before, it was with others."""
    document_id = papers.draft(drafter="clerk", subject="Văn bản của văn thư")
    papers.act("clerk", document_id, Action.SUBMIT)
    client.login("clerk")
    for _state in ("in review", "format check"):
        page = client.get("/desk").text
        assert page.count(f'href="/outgoing/{document_id}"') == 2, "title and button of one row"
        if papers.row(document_id).state == State.IN_REVIEW:
            papers.act("chief", document_id, Action.APPROVE)
    assert papers.row(document_id).state == State.FORMAT_CHECK


def test_drafter_follows_papers_with_others(client: Browser, papers: Papers) -> None:
    """What lies elsewhere is listed apart, without the step that somebody else takes."""
    papers.in_review(subject="Đang ở trưởng phòng")
    client.set_cookie("trinhky_language", "en")
    page = client.login("drafter").get("/desk").text
    assert "Đang ở trưởng phòng" in page
    assert "Approve the content" not in page


@pytest.mark.parametrize("who", ["drafter", "head", "clerk", "leader", "deputy", "inspector"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_empty_desk_offers_the_next_thing(client: Browser, papers: Papers, who: str, language: str) -> None:
    """Nothing waiting is said kindly, with one link."""
    client.set_cookie("trinhky_language", language)
    answer = client.login(who).get("/desk")
    assert answer.status_code == 200
    assert 'class="empty"' in answer.text
    assert re.search(r'class="empty">.*<a class="btn', answer.text, re.DOTALL)


def test_certificate_days_are_shown_to_signers_only(client: Browser, papers: Papers) -> None:
    """The leader is told how long the key lasts; a drafter has none."""
    assert 'class="days' in client.login("leader").get("/desk").text
    assert 'class="days' not in client.login("drafter").get("/desk").text


def test_unit_head_sees_who_is_loaded(client: Browser, papers: Papers) -> None:
    """The head's desk names the drafters with open papers."""
    papers.draft()
    page = client.login("head").get("/desk").text
    assert "Trần Văn Đức" in page.split("loads-title")[-1]


def test_after_an_act_the_next_on_the_desk_is_one_key_away(client: Browser, papers: Papers) -> None:
    """A clerk with a pile goes from paper to paper; the one just done is not offered."""
    first, second = papers.numbered(), papers.signed()
    page = client.login("clerk").get(f"/outgoing/{first}?done=number").text
    assert f'href="/outgoing/{second}" data-key="F8"' in page
    assert 'data-key="F8"' not in client.get(f"/outgoing/{first}").text


def test_a_draft_before_an_absent_head_lies_on_the_leaders_desk(client: Browser, papers: Papers) -> None:
    """With why and what to do; on its page it is their turn. Nothing of it elsewhere, and no statement more for
    three of them than for one."""
    client.set_cookie("trinhky_language", "en")
    document_id = papers.in_review(subject="Chờ người thay")
    assert "Chờ người thay" not in client.login("deputy").get("/desk").text
    assert "Your turn" not in client.get(f"/outgoing/{document_id}").text
    today = papers.now.date()
    papers.do(
        absences.set_own, "head", scoped=False, deputy_post_id=papers.office.posts["culture_head"].id,
        first_day=today, last_day=today, acts=Acts.PROCESSING, reason="Công tác",
    )  # fmt: skip
    with statements(client.engine) as for_one:
        page = client.get("/desk").text.split('id="absent"')[1]
    assert "Chờ người thay" in page
    assert "The head of the unit is away on record: you may approve it or give it back" in page
    shown = client.get(f"/outgoing/{document_id}").text
    assert "Your turn" in shown
    assert "The head of the unit is away on record: you may approve it or give it back." in shown
    for who in ("culture_head", "clerk", "far_leader"):
        assert 'id="absent"' not in client.login(who).get("/desk").text
    papers.in_review()
    papers.in_review()
    client.login("deputy").get("/desk")
    with statements(client.engine) as for_three:
        assert client.get("/desk").text.count('id="absent-') == 4
    assert len(for_three) <= len(for_one) + 1  # notices are read once there are any


def test_an_exemption_lies_before_who_decides_it(client: Browser, papers: Papers) -> None:
    """The head of the agency, whoever signs the paper and wherever it is; gone once decided, nobody else's."""
    paper, mine = (
        papers.awaiting(subject="Ký thay", signer="deputy", capacity=Capacity.KT),
        papers.awaiting(subject="Tự ký"),
    )
    for document_id in (paper, mine):
        papers.act("clerk", document_id, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    client.set_cookie("trinhky_language", "en")
    section = client.login("leader").get("/desk").text.partition('id="exemptions"')[2]
    assert "Ký thay" in section
    assert "Tự ký" in section
    assert section.count("Tòa án yêu cầu bản giấy") == 2
    assert "exemptions to decide" in client.get("/desk").text
    for who in ("deputy", "head", "clerk", "drafter", "inspector", "far_leader"):
        assert 'id="exemptions"' not in client.login(who).get("/desk").text, who
    papers.act("leader", paper, Action.APPROVE_EXEMPTION)
    section = client.login("leader").get("/desk").text.partition('id="exemptions"')[2].partition("</section>")[0]
    assert ("Ký thay" in section, "Tự ký" in section) == (False, True)


def test_a_deputy_has_it_while_the_head_is_away(client: Browser, papers: Papers) -> None:
    """It stands with what waits for the absent; at the head's own desk it is not decided."""
    paper = papers.format_check(subject="Họp khẩn")
    papers.act("clerk", paper, Action.REQUEST_EXEMPTION, "Tòa án yêu cầu bản giấy")
    today = papers.now.date()
    papers.do(
        absences.set_own, "leader", scoped=False, deputy_post_id=papers.office.posts["deputy"].id,
        first_day=today, last_day=today, acts=Acts.PROCESSING, reason="Công tác",
    )  # fmt: skip
    page = client.login("deputy").get("/desk").text
    assert 'id="exemptions"' not in page
    assert "Họp khẩn" in page.partition('id="absent"')[2]


def test_figures_of_mine_stand_apart_from_those_of_everybody(client: Browser, papers: Papers) -> None:
    """What another one signs is no figure of mine; both groups have their name, in both languages."""
    papers.awaiting()
    for language, words in (("en", ("Mine", "Everybody in the agency")), ("vi", ("Của tôi", "Cả cơ quan"))):
        client.set_cookie("trinhky_language", language)
        page = client.login("deputy").get("/desk").text
        groups = re.findall(r'<p class="tally-title muted" id="tally-\d">([^<]+)</p>(.*?)</ul>', page, re.DOTALL)
        assert [title for title, _list in groups] == list(words)
        mine, everybody = (part for _title, part in groups)
        assert "state=awaiting_signature" in everybody
        assert "state=awaiting_signature" not in mine
        assert "<strong>0</strong>" in mine
    client.set_cookie("trinhky_language", "en")
    assert "Everybody in my unit" in client.login("head").get("/desk").text
