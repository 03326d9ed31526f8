"""The two forms in a browser, under the product's own content policy, against a small office server."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.signer.conftest import PLAIN_HOST, Tab
from tests.signer.key_files import NAME, Holder, by_cryptography, holder
from tests.signer.local_server import Answer, as_json
from tests.signer.offices import SigningOffice, form
from tests.signer.prepared_files import Item, attributes
from tests.signer.test_signer_formats import verify

pytestmark = pytest.mark.browser

PASSWORD = "mở khóa 2026"
SUBMIT, RETRY, ERRORS, RESULTS = "button[type=submit]", "[data-retry]", "[data-errors]", "[data-results] li"


def key_file(owner: Holder) -> dict[str, Any]:
    return {"name": "lan.p12", "mimeType": "application/x-pkcs12", "buffer": by_cryptography(owner, PASSWORD)}


def choose(page: Page, owner: Holder, password: str = PASSWORD) -> None:
    page.set_input_files("#file", key_file(owner))
    page.fill("#password", password)


def signing(tab: Tab, owner: Holder, **values: Any) -> SigningOffice:
    """The signing page, open and with key and password given."""
    office = SigningOffice(tab.office, owner, **values)
    office.open()
    choose(tab.open("/sign"), owner)
    return office


def expected_noise(tab: Tab, *words: str) -> None:
    """Take away the browser's own lines about refused or broken requests, and nothing else."""
    assert tab.complaints
    assert all(any(word in text for word in words) for text in tab.complaints), tab.complaints
    tab.complaints.clear()


@pytest.mark.parametrize("kind", ["rsa2048", "p256"])
def test_signs_three_documents(tab: Tab, kind: str) -> None:
    """Prepare gets certificate and versions, finish gets three good signatures, the password is gone."""
    owner = holder(kind)
    office = signing(tab, owner)
    tab.page.click(SUBMIT)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(3)
    expect(tab.page.locator("[data-results] p")).to_have_text("Đã ký 3/3 văn bản.")
    expect(tab.page.locator("#password")).to_have_value("")
    (prepare,) = tab.office.posts("/prepare")
    assert base64.b64decode(prepare["certificate"]) == owner.der
    assert len(prepare["chain"]) == 1
    assert prepare["documents"] == [{"id": number, "version": 3} for number in (1, 2, 3)]
    assert (prepare["capacity"], "csrf_token" in prepare) == ("KT", False)
    (finish,) = tab.office.posts("/finish")
    assert finish["session"] == "s-1"
    for entry in finish["items"]:
        signed = office.items[entry["document"]].to_be_signed
        verify(owner, base64.b64decode(entry["signature"]), entry["signatureAlgorithm"], signed)
    heads = [request.head for request in tab.office.requests if request.method == "POST"]
    assert all("X-CSRFToken: token-of-the-session" in head for head in heads)


def test_shows_whose_certificate_it_is(tab: Tab) -> None:
    """Name, title and last day are shown once the key is open."""
    signing(tab, holder("p256"), refused={1: "stale", 2: "stale", 3: "stale"})
    tab.page.click(SUBMIT)
    shown = tab.page.locator("[data-cert]")
    expect(shown).to_have_text([f"{NAME} 1", "Chủ tịch", "19/08/2029"])
    expect(tab.page.locator("[data-certificate]")).to_be_visible()


def test_wrong_password_keeps_everything_typed(tab: Tab) -> None:
    """The summary gets focus and leads to the box; nothing was sent; the right password then works."""
    signing(tab, holder("p256"))
    tab.page.fill("#password", "sai")
    tab.page.click(SUBMIT)
    errors = tab.page.locator(ERRORS)
    expect(errors).to_be_focused()
    expect(errors).to_contain_text("Sai mật khẩu.")
    expect(errors).to_contain_text("Những gì đã nhập vẫn còn.")
    expect(tab.page.locator("#password")).to_have_attribute("aria-invalid", "true")
    expect(tab.page.locator("#password")).to_have_value("sai")
    assert tab.office.posts("/prepare") == []
    errors.locator("a").click()
    expect(tab.page.locator("#password")).to_be_focused()
    tab.page.fill("#password", PASSWORD)
    tab.page.keyboard.press("Enter")
    expect(tab.page.locator(RESULTS)).to_have_count(3)
    expect(errors).to_be_hidden()


def test_empty_form_says_what_is_missing(tab: Tab) -> None:
    """No file, then no password."""
    owner = holder("p256")
    signing(tab, owner)
    errors = tab.page.locator(ERRORS)
    tab.page.set_input_files("#file", [])
    tab.page.click(SUBMIT)
    expect(errors).to_have_attribute("data-code", "no_file")
    choose(tab.page, owner, "")
    tab.page.click(SUBMIT)
    expect(errors).to_have_attribute("data-code", "no_password")


def test_double_click_is_one_click(tab: Tab) -> None:
    """Three fast clicks make one prepare and one finish."""
    signing(tab, holder("rsa2048"))
    tab.page.locator(SUBMIT).evaluate("(button) => { button.click(); button.click(); button.click(); }")
    expect(tab.page.locator(RESULTS)).to_have_count(3)
    assert (len(tab.office.posts("/prepare")), len(tab.office.posts("/finish"))) == (1, 1)


@pytest.mark.parametrize("failure", [Answer(cut=True), Answer(status=503)], ids=["cut", "503"])
def test_network_lost_while_sending(tab: Tab, failure: Answer) -> None:
    """The page says that the signatures are kept; trying again is the one way on, and sends the very same ones,
    without the password; where the net comes back, it does so by itself."""
    office = signing(tab, holder("p256"), finish_answers=[failure])
    tab.page.click(SUBMIT)
    errors = tab.page.locator(ERRORS)
    expect(errors).to_have_attribute("data-code", "network")
    expect(errors).to_contain_text("Chữ ký đã tạo được giữ lại.")
    first = dict(office.received)
    assert len(first) == 3
    expect(errors.locator(RETRY)).to_be_visible()
    expect(tab.page.locator(SUBMIT)).to_be_hidden()
    if failure.cut:
        tab.page.evaluate("dispatchEvent(new Event('online'))")
    else:
        tab.page.click(RETRY)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(3)
    assert office.received == first
    assert len(tab.office.posts("/prepare")) == 1
    expected_noise(tab, "ERR_EMPTY_RESPONSE", "503")


def test_network_lost_before_signing(tab: Tab) -> None:
    """Nothing was signed and the key stays open: trying again needs no password."""
    signing(tab, holder("p256"), prepare_answers=[Answer(cut=True)])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_contain_text("Nothing was signed")
    expect(tab.page.locator("#password")).to_have_value("")
    tab.page.click(RETRY)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(3)
    expected_noise(tab, "ERR_EMPTY_RESPONSE")


def test_one_document_refused_at_prepare(tab: Tab) -> None:
    """The others are signed; the refused one carries the server's own sentence."""
    signing(tab, holder("p256"), refused={2: "stale"})
    tab.page.click(SUBMIT)
    failed = tab.page.locator(f'{RESULTS}[data-state="failed"]')
    expect(failed).to_have_text("Văn bản 2: Văn bản đã thay đổi.")
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(2)
    expect(tab.page.locator(RETRY)).to_be_visible()
    assert [entry["document"] for entry in tab.office.posts("/finish")[0]["items"]] == [1, 3]


def test_one_document_refused_at_finish_is_tried_again_alone(tab: Tab) -> None:
    """What was signed stays signed; a second try is about the rest only."""
    mixed = [{"document": 1, "ok": True}, {"document": 2, "ok": False, "code": "busy", "message": "Đang bận."}]
    office = signing(tab, holder("p256"), numbers=(1, 2), finish_answers=[as_json({"items": mixed})])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(f'{RESULTS}[data-state="failed"]')).to_have_text("Văn bản 2: Đang bận.")
    tab.page.click(RETRY)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(2)
    assert [len(body["documents"]) for body in tab.office.posts("/prepare")] == [2, 1]
    assert set(office.received) == {"1", "2"}


def test_signature_that_is_judged_later_is_not_made_twice(tab: Tab) -> None:
    """A kept signature without a verdict yet is neither done nor failed, and there is nothing to try again."""
    mixed = [{"document": 1, "ok": True}, {"document": 2, "ok": False, "pending": True, "message": "Chờ kiểm tra."}]
    signing(tab, holder("p256"), numbers=(1, 2), finish_answers=[as_json({"items": mixed})])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(f'{RESULTS}[data-state="pending"]')).to_have_text("Văn bản 2: Chờ kiểm tra.")
    expect(tab.page.locator(RETRY)).to_be_hidden()


def test_refusal_of_the_whole_request(tab: Tab) -> None:
    """The server's sentence is shown, not a status number."""
    refusal = as_json({"code": "certificate_expired", "message": "Chứng thư hết hạn ngày 20/11/2026."}, status=409)
    signing(tab, holder("p256"), prepare_answers=[refusal])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_contain_text("Chứng thư hết hạn ngày 20/11/2026.")
    expected_noise(tab, "409")


@pytest.mark.parametrize("answer", [Answer(status=302, location="/login"), Answer(status=401)], ids=["302", "401"])
def test_login_ended(tab: Tab, answer: Answer) -> None:
    """A redirect to the login page is not taken for an answer."""
    signing(tab, holder("p256"), prepare_answers=[answer])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "session_lost")
    tab.complaints[:] = [text for text in tab.complaints if "401" not in text]


STRANGE = [
    [],
    {"session": "s", "items": []},
    {"session": "s", "items": [{"document": 9}] * 3},
    {
        "session": "s",
        "items": [{"document": 1, "toBeSigned": "", "preparedUrl": "https://x.example/", "originalUrl": "/"}] * 3,
    },
    {"items": [{"document": number} for number in (1, 2, 3)]},
]


@pytest.mark.parametrize("value", STRANGE, ids=range(len(STRANGE)))
def test_strange_answers(tab: Tab, value: Any) -> None:
    """Other documents, missing ones, addresses of another site: nothing is fetched or signed."""
    signing(tab, holder("p256"), prepare_answers=[as_json(value)])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "bad_answer")
    assert tab.office.posts("/finish") == []


def test_prepared_pdf_of_another_site_is_not_fetched(tab: Tab) -> None:
    """An address outside this site ends the act."""
    items = [
        {"document": n, "toBeSigned": "AA==", "preparedUrl": "https://x.example/", "originalUrl": "/original/1"}
        for n in (1, 2, 3)
    ]
    signing(tab, holder("p256"), prepare_answers=[as_json({"session": "s", "items": items})])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "bad_answer")


def test_prepare_rewritten_in_transit(tab: Tab) -> None:
    """One wrong digest among three: no signature leaves the page, each document says why."""
    owner = holder("p256")

    def bend(entry: Item) -> Item:
        wrong = attributes(owner, hashlib.sha256(b"another paper").digest())
        return entry.changed(to_be_signed=wrong) if entry.document == 2 else entry

    signing(tab, owner, bend=bend)
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "digest_mismatch")
    codes = tab.page.locator(RESULTS).evaluate_all("(lines) => lines.map((line) => line.dataset.code)")
    assert codes == ["batch_refused", "digest_mismatch", "batch_refused"]
    assert tab.office.posts("/finish") == []


def test_many_documents_go_in_parts_of_one_act(tab: Tab) -> None:
    """Ten at a time, one session; the code is computed over all, shown, and said before the first signature leaves;
    an answer that is lost on the way is asked for again, from there on, with the same nonce."""
    numbers = tuple(range(1, 24))
    office = signing(tab, holder("p256"), numbers=numbers, fix_answers=[Answer(cut=True)])
    parts: list[Answer | None] = [None, Answer(cut=True)]
    prepare = office.prepare
    tab.office.routes["/prepare"] = lambda request: (parts.pop(0) if parts else None) or prepare(request)
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "network")
    tab.page.click(RETRY)  # the second part was lost; then the answer about the code
    expect(tab.page.locator("[data-act-code]")).to_be_visible()
    expect(tab.page.locator("form")).to_have_attribute("aria-busy", "false")
    tab.page.click(RETRY)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(23)
    prepares = tab.office.posts("/prepare")
    assert [len(body["documents"]) for body in prepares] == [10, 10, 10, 3]
    assert ["session" in body for body in prepares] == [False, True, True, True]
    assert ["certificate" in body for body in prepares] == [True, False, False, False]
    lost, said = tab.office.posts("/fix")
    assert lost == said
    assert said["order"] == [str(number) for number in numbers]
    shown = tab.page.locator("[data-act-code] strong").inner_text()
    assert shown.replace(" ", "") == said["code"]
    kinds = [request.path for request in tab.office.requests if request.method == "POST"]
    assert kinds.index("/finish") > max(place for place, path in enumerate(kinds) if path == "/fix")
    assert [len(body["items"]) for body in tab.office.posts("/finish")] == [10, 10, 3]
    expected_noise(tab, "ERR_EMPTY_RESPONSE")


@pytest.mark.parametrize(
    "answer",
    [
        as_json({"code": "AAAAAAAAAA"}),
        as_json({}),
        as_json({"code": "act_differs", "message": "Khác."}, status=422),
    ],
    ids=["another code", "none", "refused"],
)
def test_codes_that_differ_stop_the_act(tab: Tab, answer: Answer) -> None:
    """The server speaks of other documents: nothing is signed and nothing is sent; trying again begins anew."""
    signing(tab, holder("p256"), fix_answers=[answer])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "act_differs")
    assert tab.office.posts("/finish") == []
    tab.page.click(RETRY)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(3)
    assert len(tab.office.posts("/prepare")) == 2
    first, second = tab.office.posts("/fix")
    assert first["nonce"] != second["nonce"]
    tab.complaints[:] = [text for text in tab.complaints if "422" not in text]


def test_a_document_that_this_act_signed_before_is_done(tab: Tab) -> None:
    """An ECDSA signature made anew differs from the one accepted; it is fine only where the server says so."""
    differs = {"ok": False, "code": "signature_differs", "message": "Đã có chữ ký khác."}
    answers = [{"document": 1, **differs, "signed": True}, {"document": 2, **differs}, {"document": 3, "ok": True}]
    signing(tab, holder("p256"), finish_answers=[as_json({"items": answers})])
    tab.page.click(SUBMIT)
    expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(2)
    expect(tab.page.locator(f'{RESULTS}[data-state="failed"]')).to_have_text("Văn bản 2: Đã có chữ ký khác.")


@pytest.mark.parametrize("lie", ["", "another version", "a line left out", "another code"])
def test_going_on_with_an_act(tab: Tab, lie: str) -> None:
    """Only what is left is checked and signed, and it has to stand in the manifest of the act word for word."""
    office = SigningOffice(tab.office, holder("p256"))
    office.open(go_on_url="/go-on")
    tab.office.routes["/go-on"] = lambda _: as_json(office.gone_on(left=[2, 3], lie=lie))
    choose(tab.open("/sign"), office.owner)
    tab.page.click(SUBMIT)
    if lie:
        expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "act_differs")
        assert tab.office.posts("/finish") == []
    else:
        expect(tab.page.locator(f'{RESULTS}[data-state="ok"]')).to_have_count(2)
        (sent,) = tab.office.posts("/finish")
        assert (sent["session"], [entry["document"] for entry in sent["items"]]) == ("s-2", [2, 3])
    assert tab.office.posts("/prepare") == tab.office.posts("/fix") == []
    (asked,) = tab.office.posts("/go-on")
    assert base64.b64decode(asked["certificate"]) == office.owner.der


def test_version_swapped_after_it_was_read(tab: Tab) -> None:
    """The page knows the hash of what was read: a whole other document with its own prepared file is refused."""
    other = SigningOffice(tab.office, holder("p256"), numbers=(99,)).items[99]
    signing(tab, holder("p256"), numbers=(1,), bend=lambda _: other)
    tab.page.click(SUBMIT)
    expect(tab.page.locator(ERRORS)).to_have_attribute("data-code", "not_the_version_read")
    assert tab.office.posts("/finish") == []


def test_password_can_be_shown_and_typing_aids_warn(tab: Tab) -> None:
    """Letters with marks raise the warning about Vietnamese typing; the box can be read and is closed after use."""
    signing(tab, holder("p256"))
    warning, box = tab.page.locator("[data-telex-warning]"), tab.page.locator("#password")
    tab.page.fill("#password", "plain-2026")
    expect(warning).to_be_hidden()
    tab.page.fill("#password", "plâin")
    expect(warning).to_be_visible()
    toggle = tab.page.locator("[data-show-password]")
    toggle.click()
    expect(box).to_have_attribute("type", "text")
    expect(toggle).to_have_attribute("aria-pressed", "true")
    tab.page.fill("#password", PASSWORD)
    tab.page.click(SUBMIT)
    expect(tab.page.locator(RESULTS)).to_have_count(3)
    expect(box).to_have_attribute("type", "password")
    expect(warning).to_be_hidden()


def test_without_https_the_page_says_so(tab: Tab) -> None:
    """Over plain HTTP by name there is no WebCrypto: a sentence, and a button that stays shut."""
    SigningOffice(tab.office, holder("p256")).open()
    page = tab.open("/sign", host=PLAIN_HOST)
    expect(page.locator(ERRORS)).to_contain_text("Trang này phải mở qua HTTPS.")
    expect(page.locator(SUBMIT)).to_be_disabled()


def test_names_that_would_post_the_password_are_removed(tab: Tab) -> None:
    """Even where a template gave the two inputs a name, a form posted by accident does not carry them."""
    body = form("enrol", finish_url="/enrol", user="lan", nonce="n").replace(
        "data-key-file", 'name="f" data-key-file'
    )
    tab.office.page("/enrol", body.replace("data-key-password", 'name="p" data-key-password'))
    page = tab.open("/enrol")
    expect(page.locator(SUBMIT)).to_be_enabled()
    names = page.locator("form").evaluate("(form) => [...new FormData(form).keys()]")
    assert names == ["csrf_token", "capacity"]


@pytest.mark.parametrize("kind", ["rsa2048", "p384"])
def test_enrolment_proves_possession(tab: Tab, kind: str) -> None:
    """It verifies over prefix, origin, user and nonce; a lost answer is asked for again with that proof."""
    owner = holder(kind)
    answers = [Answer(cut=True), as_json({})]
    tab.office.routes["/enrolments"] = lambda _: answers.pop(0)
    tab.office.page("/enrol", form("enrol", finish_url="/enrolments", user="lan@xa", nonce="n-42"))
    choose(tab.open("/enrol"), owner)
    tab.page.click(SUBMIT)
    tab.page.click(RETRY)
    expect(tab.page.locator("[data-results]")).to_contain_text("received")
    first, second = tab.office.posts("/enrolments")
    assert first == second
    assert base64.b64decode(first["certificate"]) == owner.der
    assert first["nonce"] == "n-42"
    challenge = f"trinhky-enrol-v1\0{tab.office.origin}\0lan@xa\0n-42".encode()
    verify(owner, base64.b64decode(first["signature"]), first["signatureAlgorithm"], challenge)
    expected_noise(tab, "ERR_EMPTY_RESPONSE")
