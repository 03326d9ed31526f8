"""The page of one document: what it shows, the acts on it, stale and doubled forms, foreign ones are missing."""

from __future__ import annotations

import io
import re

import pytest
from flask import Flask

from tests.support.browser import Browser
from tests.support.forms import version_of
from tests.support.office import NOON
from tests.support.papers import Papers, letter
from workflow.domain.journal import Entry
from workflow.domain.outgoing import STEPS, Action
from workflow.domain.people import Role
from workflow.domain.permissions import ALLOWED, Permission
from workflow.services.documents.acts import PLAIN
from workflow.services.documents.numbers import number
from workflow.store.models import Look
from workflow.store.session import unit_of_work
from workflow.web.i18n import CATALOGUES
from workflow.web.labels import LABELS, context_of
from workflow.web.offers import FIRST_STEP, HIDDEN_WITHOUT, OFFERS, WHY_NOT, Kind
from workflow.web.views.actions import _PAGES, HERE_TAKEN


def test_every_action_has_a_button_in_both_languages() -> None:
    """A new action cannot be forgotten: offer, address or door, and Vietnamese words."""
    assert set(OFFERS) == set(Action)
    known = CATALOGUES["vi"].texts
    for action, offer in OFFERS.items():
        for words in (offer.button, offer.will, offer.done):
            assert ("", words) in known, (action, words)
        if offer.kind is Kind.PAGE:
            assert action in _PAGES
        elif offer.kind is not Kind.MACHINE:
            assert action in HERE_TAKEN
    pressed = {action for action, offer in OFFERS.items() if offer.kind in {Kind.BUTTON, Kind.REMARK}}
    assert pressed >= PLAIN


def test_every_action_has_a_label_a_permission_and_a_tag() -> None:
    """A word in both languages; whoever the table lets step may open the page; the journal takes its name."""
    known = CATALOGUES["vi"].texts
    for action in Action:
        assert (context_of(Action), LABELS[Action][action]) in known, action
        tag = f"document:outgoing:{action}"
        assert Entry(subject="outgoing:1", sequence=1, tag=tag, actor="person:1", at=NOON).tag == tag
    asked = {Action.SIGN: Permission.SIGN, Action.SIGN_NUMBER: Permission.SEAL, Action.SEAL: Permission.SEAL,
             Action.REVISE: Permission.DRAFT_DOCUMENT}  # fmt: skip
    for step in STEPS:
        if step.role not in {Role.SYSTEM, Role.ADMIN}:
            assert step.role in ALLOWED[Permission.ACT_ON_DOCUMENT], step
            assert step.role in ALLOWED[asked.get(step.action, Permission.ACT_ON_DOCUMENT)], step


def test_every_predicate_explains_itself() -> None:
    """Whatever the state table needs has a sentence for the button that cannot be pressed."""
    needs = {name for step in STEPS if step.role is not Role.SYSTEM for name in step.needs}
    assert needs <= set(WHY_NOT)
    assert set(WHY_NOT) >= HIDDEN_WITHOUT
    assert set(FIRST_STEP.values()) <= set(OFFERS)


def test_page_answers_the_three_questions(client: Browser, papers: Papers) -> None:
    """What waits, how urgent, what next: for the signer, the signing page comes first."""
    document_id = papers.awaiting(subject="Về đường liên thôn")
    client.set_cookie("trinhky_language", "en")
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    assert "Your turn" in page
    assert f'href="/sign?documents={document_id}"' in page
    assert 'class="clock' in page.split('id="act-title"')[1].split('id="road-title"')[0]
    assert 'aria-current="step"' in page
    assert "Nguyễn Thị Lan, Chủ tịch" in page


def test_reading_is_noted_once_a_day(client: Browser, papers: Papers) -> None:
    """Opening twice leaves one look; another day another one."""
    document_id = papers.awaiting()
    client.login("leader")
    for _ in range(2):
        client.get(f"/outgoing/{document_id}")
    client.clock.advance(hours=24)
    client.login("leader").get(f"/outgoing/{document_id}")
    with unit_of_work(client.engine) as uow:
        assert uow.session.query(Look).count() == 2


def test_a_disabled_button_says_why(client: Browser, papers: Papers) -> None:
    """A draft without file cannot be submitted, and the page says so."""
    document_id = papers.draft(file=False)
    client.set_cookie("trinhky_language", "en")
    page = client.login("drafter").get(f"/outgoing/{document_id}").text
    assert re.search(r'disabled aria-describedby="why-submit"', page)
    assert "A PDF has to be uploaded first." in page


def test_the_road_from_draft_to_issued_on_the_page(client: Browser, papers: Papers) -> None:
    """Each press leads on to the next holder; the sentence afterwards is there."""
    document_id = papers.draft()
    client.set_cookie("trinhky_language", "en")
    for who, action, sentence in (
        ("drafter", "submit", "Submitted."),
        ("head", "approve", "Approved."),
        ("clerk", "confirm_format", "The format is confirmed."),
    ):
        page = client.login(who).get(f"/outgoing/{document_id}").text
        address = f"/outgoing/{document_id}/actions/{action}"
        assert f'action="{address}"' in page
        answer = client.post(address, data={"version": version_of(page)}, follow_redirects=True)
        assert sentence in answer.text
    assert papers.row(document_id).state == "awaiting_signature"


def test_the_same_form_twice_says_done_already(client: Browser, papers: Papers) -> None:
    """A double click does the thing once and is answered kindly."""
    document_id = papers.in_review()
    client.set_cookie("trinhky_language", "en")
    page = client.login("head").get(f"/outgoing/{document_id}").text
    form = {"version": version_of(page)}
    client.post(f"/outgoing/{document_id}/actions/approve", data=form)
    second = client.post(f"/outgoing/{document_id}/actions/approve", data=form, follow_redirects=True)
    assert second.status_code == 200
    assert "This was done already." in second.text
    assert papers.row(document_id).state == "format_check"


def test_a_stale_form_shows_the_present_and_keeps_the_words(client: Browser, papers: Papers) -> None:
    """The clerk took it back meanwhile: the leader's reason is still in its box."""
    document_id = papers.awaiting()
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    papers.act("clerk", document_id, Action.WITHDRAW, "Sai thể thức")
    papers.confirm_format(document_id)
    answer = client.post(
        f"/outgoing/{document_id}/actions/return",
        data={"version": version_of(page), "remark": "Sai căn cứ pháp lý"},
    )
    assert answer.status_code == 409
    assert "Sai căn cứ pháp lý</textarea>" in answer.text
    assert 'role="alert"' in answer.text
    assert papers.row(document_id).state == "awaiting_signature"


def test_a_reason_is_demanded(client: Browser, papers: Papers) -> None:
    """Returning without words changes nothing."""
    document_id = papers.awaiting()
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    address = f"/outgoing/{document_id}/actions/return"
    assert client.post(address, data={"version": version_of(page), "remark": "  "}).status_code == 422
    assert papers.row(document_id).state == "awaiting_signature"


@pytest.mark.parametrize("action", ["sign", "create", "skip_review", "nonsense"])
def test_actions_with_doors_of_their_own_are_not_taken_here(client: Browser, papers: Papers, action: str) -> None:
    """No signature without a key, no machine step by hand."""
    document_id = papers.awaiting()
    assert (
        client.login("leader").post(f"/outgoing/{document_id}/actions/{action}", data={"version": "1"}).status_code
        == 404
    )


def test_wrong_role_and_wrong_state_are_refused(client: Browser, papers: Papers) -> None:
    """The head of the unit may not number; nobody issues a draft."""
    document_id = papers.draft()
    version = {"version": str(papers.row(document_id).version)}
    assert client.login("head").post(f"/outgoing/{document_id}/actions/number", data=version).status_code in {
        403,
        409,
    }
    assert client.login("clerk").post(f"/outgoing/{document_id}/actions/issue", data=version).status_code == 409


def test_signature_cards_say_who_when_and_whether_it_holds(client: Browser, papers: Papers) -> None:
    """An issued document shows three valid signatures with facets and evidence."""
    document_id = papers.issued()
    client.set_cookie("trinhky_language", "en")
    page = client.login("inspector").get(f"/outgoing/{document_id}").text
    assert page.count('class="status good">Valid<') == 3
    assert "unchanged since it was signed" in page
    assert "What the signer saw" in page
    assert page.count("<dd>the whole file as it was then</dd>") == 2  # number and seal came after
    assert page.count("<dd>the whole file</dd>") == 1
    assert papers.keys.held["leader"].fingerprint in page  # nobody's number, whatever digits stand in it


def test_ink_is_recorded_numbered_and_scanned(client: Browser, papers: Papers) -> None:
    """The paper road: record, number, attach the scan; the page says how it counts."""
    document_id = papers.awaiting()
    client.set_cookie("trinhky_language", "en")
    client.login("clerk")
    form = client.get(f"/outgoing/{document_id}/ink").text
    signer = re.search(r'<option value="(\d+:head)"', form)
    assert signer is not None
    given = {
        "version": version_of(form),
        "signer": signer.group(1),
        "signed_on": "23/11/2026",
        "reason": "Đi cơ sở",
    }
    wrong = client.post(f"/outgoing/{document_id}/ink", data=given | {"signed_on": "01/01/2020"})
    assert wrong.status_code == 422
    assert "Đi cơ sở</textarea>" in wrong.text
    assert client.post(f"/outgoing/{document_id}/ink", data=given).status_code == 303
    assert client.post(f"/outgoing/{document_id}/ink", data=given).headers["Location"].endswith("already=1")
    page = client.get(f"/outgoing/{document_id}").text
    assert "not as signed digitally" in page
    client.post(f"/outgoing/{document_id}/actions/number", data={"version": version_of(page)})
    page = client.get(f"/outgoing/{document_id}").text
    upload = {"version": version_of(page), "file": (io.BytesIO(letter()), "quet.pdf")}
    answer = client.post(f"/outgoing/{document_id}/actions/attach_scan", data=upload, follow_redirects=True)
    assert "The scan is attached." in answer.text


def test_exemption_is_asked_for_and_approved(client: Browser, papers: Papers) -> None:
    """The clerk asks with a reason; the leader who is there is told, refuses with words that the clerk reads, and
    approves when asked again."""
    document_id = papers.signed()
    client.set_cookie("trinhky_language", "en")
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    client.post(
        f"/outgoing/{document_id}/actions/request_exemption",
        data={"version": version_of(page), "remark": "Văn bản phối hợp ký giấy"},
    )
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    assert "Văn bản phối hợp ký giấy" in page
    assert "An exemption waits for your decision" in client.get("/notices").text
    refused = client.post(
        f"/outgoing/{document_id}/actions/refuse_exemption",
        data={"version": version_of(page), "remark": "Đã có <b>bản điện tử"}, follow_redirects=True,
    )  # fmt: skip
    assert "The exemption is refused; who asked is told." in refused.text
    assert "refuse_exemption" not in refused.text.partition("<h2")[2].partition("history")[0]
    told = client.login("clerk").get("/notices").text
    assert "Exemption from digital signature refused" in told
    assert "Đã có &lt;b&gt;bản điện tử" in told
    page = client.get(f"/outgoing/{document_id}").text
    assert "Refuse exemption" in page, "in its history, with the words"
    client.post(
        f"/outgoing/{document_id}/actions/request_exemption",
        data={"version": version_of(page), "remark": "Văn bản phối hợp ký giấy"},
    )
    page = client.login("leader").get(f"/outgoing/{document_id}").text
    client.post(f"/outgoing/{document_id}/actions/approve_exemption", data={"version": version_of(page)})
    assert papers.row(document_id).exempt_by_id is not None


GETS = (
    "",
    "/extension-requests/1",
    "/edit",
    "/ink",
    "/plan",
    "/signers",
    "/cosigners",
    "/dispatches/new",
    "/dispatches/1",
    "/dispatches/1/recall",
    "/text",
    "/versions",
    "/spread",
    "/bundle",
    "/files/1/content",
    "/files/1/view",
    "/files/1/pages/1.webp",
    "/opinions",
    "/slip",
    "/slip.pdf",
    "/attachments",
    "/attachments/1",
    "/attachments/1/content",
    "/attachments/1/view",
    "/attachments/1/pages/1.webp",
)
POSTS = (
    "/cosigners",
    "/edit", "/ink", "/plan", "/actions/number", "/actions/submit", "/recheck", "/recall", "/corrects-nothing",
    "/answers/1/link", "/extension-requests/1", "/dispatches/new", "/dispatches/1", "/dispatches/1/recall",
    "/opinions", "/opinions/1/withdraw", "/slip", "/spread", "/bundle",
    "/text", "/comments", "/comments/1/answer", "/comments/1/settle", "/attachments", "/attachments/1/rename",
)  # fmt: skip


def test_foreign_and_missing_are_the_same(client: Browser, papers: Papers, app: Flask) -> None:
    """Every route below a document answers 404 to the neighbour's people, with the same words as for none."""
    document_id = papers.draft()
    rules = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if "<int:document_id>" in rule.rule and "/outgoing/" in rule.rule
    }
    listed = {f"/outgoing/<int:document_id>{one}" for one in (*GETS, *POSTS)}
    generic = {
        one.replace("/pages/1.webp", "/pages/<int:number>.webp")
        .replace("/attachments/1/rename", "/attachments/1/<any(rename, place, 'take-off'):what>")
        .replace("/attachments/1", "/attachments/<int:attachment_id>")
        .replace("/files/1/", "/files/<int:ordinal>/")
        .replace("/actions/number", "/actions/<action>")
        .replace("/actions/submit", "/actions/<action>")
        .replace("/opinions/1/", "/opinions/<int:request_id>/")
        .replace("/extension-requests/1", "/extension-requests/<int:request_id>")
        .replace("/dispatches/1", "/dispatches/<int:dispatch_id>")
        .replace("/comments/1/answer", "/comments/<int:comment_id>/answer")
        .replace("/comments/1/settle", "/comments/<int:comment_id>/<any(settle, reopen):what>")
        .replace("/answers/1/link", "/answers/<int:incoming_id>/<any(link, unlink):what>")
        for one in listed
    }
    assert {rule for rule in rules if not rule.startswith("/api")} == generic
    for who in ("far_clerk", "far_drafter"):
        client.login(who)
        for path in GETS:
            foreign, missing = client.get(f"/outgoing/{document_id}{path}"), client.get(f"/outgoing/999999{path}")
            assert foreign.status_code == missing.status_code, (who, path)
            assert foreign.status_code in {403, 404}
            assert _words(foreign.text) == _words(missing.text)
        for path in POSTS:
            data = {"version": "1", "subject": "x", "type_code": "letter", "signer": "1:head",
                    "signed_on": "2026-11-23", "reason": "x"}  # fmt: skip
            foreign = client.post(f"/outgoing/{document_id}{path}", data=data)
            missing = client.post(f"/outgoing/999999{path}", data=data)
            assert foreign.status_code == missing.status_code, (who, path)
            assert foreign.status_code in {403, 404}


def _words(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page.split("<main")[1].split("</main>")[0]) if "<main" in page else page


def test_a_number_beyond_any_key_is_missing(client: Browser, papers: Papers) -> None:
    """An absurd identifier is a 404, not an accident."""
    assert client.login("clerk").get("/outgoing/99999999999999999999999").status_code == 404


@pytest.mark.parametrize("who", ["leader", "clerk", "drafter", "head", "inspector"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_page_is_sound_in_every_state(client: Browser, papers: Papers, who: str, language: str) -> None:
    """Strict HTML for everybody, in states with and without files, symbols, signatures."""
    client.set_cookie("trinhky_language", language)
    client.login(who)
    secret = papers.draft(secret=True, file=False)
    for document_id in (papers.draft(file=False), papers.numbered(), secret):
        hidden = who == "inspector" and document_id == secret
        assert client.get(f"/outgoing/{document_id}").status_code == (404 if hidden else 200)


@pytest.mark.parametrize(
    ("road", "words"),
    [("numbered", "chờ văn thư ký số, ngày văn bản"), ("number_signed", "chờ văn thư đóng dấu số"),
     ("ink", "đính kèm bản quét")],
)  # fmt: skip
def test_a_numbered_paper_says_its_true_next_step(client: Browser, papers: Papers, road: str, words: str) -> None:
    """Number signature, scan or seal: what comes next, not what comes last; ink has no number to sign."""
    if road == "ink":
        document_id = papers.inked()
        papers.do(number, "clerk", document_id=document_id, version=None)
    else:
        document_id = getattr(papers, road)()
    page = client.login("clerk").get(f"/outgoing/{document_id}").text
    assert words in page
    assert ("ký số, ngày văn bản" in page) is (road == "numbered")


def test_one_form_is_one_line_of_the_history(client: Browser, papers: Papers) -> None:
    """A draft made with its file reads as one act; a later change is a line of its own."""
    document_id = papers.draft()
    history = client.login("drafter").get(f"/outgoing/{document_id}").text.split('<ol class="history">', 1)[1]
    assert (history.count("Tạo dự thảo"), history.count("Sửa dự thảo")) == (1, 0)
    assert "kèm tệp mới" in history


def test_a_remark_about_all_signatures_stands_once(client: Browser, papers: Papers) -> None:
    """What takes nothing away from a valid signature is no reason on its card."""
    page = client.login("clerk").get(f"/outgoing/{papers.issued()}").text
    remark = "Danh sách thu hồi cũ hơn chữ ký một chút"
    assert page.count(remark) == 1
    assert page.index(remark) > page.rindex('<article class="card card-body signature')
