"""The frame: headers, static files, errors, lost forms, health, words."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
from flask import Blueprint, Flask

from tests.support.browser import Browser
from workflow.config import Settings
from workflow.domain.errors import BadInput, Conflict, Missing, NotFound, WrongState
from workflow.web import format as words
from workflow.web import guards
from workflow.web.assets import asset
from workflow.web.guards import open_to_all
from workflow.web.i18n import best_locale
from workflow.web.security import Policy, content_policy, page_policy

ERRORS = {
    "stale": Conflict("stale"),
    "state": WrongState("wrong_state"),
    "missing": Missing("has_something"),
    "input": BadInput("control_character", character="U+0000"),
    "gone": NotFound("nothing_here"),
}


def _failing_pages(app: Flask) -> None:
    bp = Blueprint("try", __name__)

    @bp.route("/try/<name>", methods=["GET", "POST"])
    @open_to_all("a test")
    def fail(name: str) -> str:
        if name in ERRORS:
            raise ERRORS[name]
        raise ZeroDivisionError(name)

    @bp.get("/view")
    @open_to_all("a test")
    @page_policy(Policy.VIEWER)
    def view() -> str:
        return "<!doctype html><title>view</title>"

    @bp.get("/key-page/gone")
    @open_to_all("a test")
    @page_policy(Policy.SIGNING)
    def key_page() -> str:
        raise ERRORS["gone"]

    app.register_blueprint(bp)
    guards.seal(app)


@pytest.fixture
def more() -> Callable[[Flask], None]:
    """Pages that fail on purpose."""
    return _failing_pages


@pytest.mark.parametrize(
    ("name", "status"), [("stale", 409), ("state", 409), ("missing", 422), ("input", 422), ("gone", 404)]
)
def test_a_refusal_is_a_page_or_a_problem_document(client: Browser, name: str, status: int) -> None:
    """The same error reads as a kind page for people and as RFC 9457 for programs."""
    page = client.get(f"/try/{name}")
    assert (page.status_code, page.mimetype) == (status, "text/html")
    told = client.get(f"/try/{name}", headers={"Accept": "application/json"})
    assert (told.status_code, told.mimetype) == (status, "application/problem+json")
    assert told.get_json()["code"] == ERRORS[name].code


def test_a_message_without_its_values_is_still_a_page(client: Browser) -> None:
    """An error that forgot to say a number is told with a dash, not with another error."""
    ERRORS["poor"] = BadInput("password_short")
    assert "– ký tự" in client.get("/try/poor").text


def test_an_accident_has_a_number_and_shows_nothing_of_itself(client: Browser, app: Flask) -> None:
    """An unforeseen exception becomes a page with the request's number; its text stays in the log."""
    app.testing = False
    answer = client.get("/try/secret-text-of-the-exception")
    assert answer.status_code == 500
    assert answer.headers["X-Request-Id"] in answer.text
    assert "ZeroDivisionError" not in answer.text


def test_a_lost_form_shows_what_was_typed_but_no_secret(client: Browser) -> None:
    """After an expired token the words are there to be copied; the password is not."""
    data = {"username": "lan.nt", "password": "do not show me", "remark": "một đoạn dài <b>đã gõ</b>"}
    answer = client.post("/login", data=data, csrf=False)
    assert answer.status_code == 400
    assert "một đoạn dài &lt;b&gt;đã gõ&lt;/b&gt;" in answer.text
    assert "do not show me" not in answer.text


def test_what_another_site_sends_is_refused(client: Browser) -> None:
    """The browser says where a request comes from; a token alone does not help a foreign page."""
    answer = client.post("/login", data={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403


def test_pages_carry_the_strict_headers(client: Browser) -> None:
    """Every answer, errors included, says what a browser may do with it. A refusal is a common page: its scripts
    are those of the frame, also where the page that was asked for takes the signer's only."""
    for address in ("/login", "/nope", "/key-page/gone"):
        headers = client.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src localhost/static/; style-src 'self'; ")
        assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers


def test_https_adds_hsts_and_a_host_bound_cookie(settings: Settings) -> None:
    """Over HTTPS browsers are told to stay there."""
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__}
    made = Settings(**{**values, "base_url": "https://van-ban.example.gov.vn"})
    assert made.secure_cookies


@pytest.mark.parametrize(
    ("profile", "has", "lacks"),
    [
        (Policy.VIEWER, "trusted-types pdfjs", "trusted-types 'none'"),
        (Policy.SIGNING, "script-src h/static/v1/signer/;", "wasm"),
        (Policy.DOWNLOAD, "sandbox", "script-src"),
        (Policy.KEY_WORKER, "connect-src 'none'", "'self'"),
        (Policy.DEFAULT, "worker-src 'none'", "unsafe"),
    ],
)
def test_each_profile_allows_what_it_needs(profile: Policy, has: str, lacks: str) -> None:
    """The page that takes a password runs the signer's modules and nothing else; its worker has no network."""
    policy = content_policy(profile, "h", "v1")
    assert has in policy
    assert lacks not in policy


def test_a_view_chooses_its_profile(client: Browser) -> None:
    """The decorator reaches the header."""
    assert "'wasm-unsafe-eval'" in client.get("/view").headers["Content-Security-Policy"]


def test_a_forged_host_does_not_reach_the_policy(client: Browser) -> None:
    """What a client writes into Host cannot add a source."""
    assert "evil" not in content_policy(Policy.DEFAULT, "x; script-src evil", "v1")


def test_static_files_stay_with_the_browser_for_a_year(client: Browser) -> None:
    """Under the present version a file is immutable; under another it is asked for again."""
    answer = client.get(asset("css/frame.css"))
    assert answer.status_code == 200
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    assert "immutable" in answer.headers["Cache-Control"]
    again = client.get(asset("css/frame.css"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    old = client.get("/static/0123/css/frame.css")
    assert "immutable" not in old.headers["Cache-Control"]
    assert client.get(asset("bootstrap/css/bootstrap.min.css")).mimetype == "text/css"


@pytest.mark.parametrize(
    "name", ["../app.py", "..%2fapp.py", "bootstrap/../../__init__.py", ".hidden", "css/../../app.py", "nope.css"]
)
def test_static_files_are_only_those(client: Browser, name: str) -> None:
    """Nothing outside the static folders is ever served."""
    assert client.get(f"/static/x/{name}").status_code == 404


def test_every_asset_a_page_names_exists(client: Browser) -> None:
    """Style sheets, scripts and images of the frame are there, and none comes from another host."""
    page = client.login("admin").get("/account").text
    links = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(links) >= 3
    assert {client.get(link).status_code for link in links} == {200}
    assert "http://" not in page.replace("http://www.w3.org", "")


def test_health_for_machines(client: Browser) -> None:
    """Alive and ready are told to anybody, numbers only to this machine."""
    assert client.get("/healthz").get_json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 200
    assert b"trinhky_requests_total" in client.get("/metrics").data
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.5"}).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status_code == 404


@pytest.mark.parametrize(
    ("header", "locale"),
    [("", "vi"), ("en", "en"), ("en-GB,vi;q=0.9", "en"), ("fr, vi;q=0.8, en;q=0.3", "vi"), ("fr", "vi"),
     ("en;q=x,vi;q=0.1", "vi"), ("," * 5000, "vi")],
)  # fmt: skip
def test_the_browser_s_language(header: str, locale: str) -> None:
    """The first of our languages by weight; Vietnamese in doubt."""
    assert best_locale(header) == locale


def test_dates_and_counts_read_as_in_offices(app: Flask) -> None:
    """dd/mm/yyyy, local time, deadlines in working days, decimal commas."""
    late = dt.datetime(2026, 11, 25, 18, 30, tzinfo=dt.UTC)
    with app.test_request_context("/help", headers={"Accept-Language": "vi"}):
        app.preprocess_request()
        assert words.moment(late, zone=True) == "01:30 26/11/2026 (+07:00)"
        assert words.day(late) == "26/11/2026"
        assert words.remaining(2, late) == "còn 2 ngày làm việc · thứ Năm 26/11"
        assert words.remaining(-1, late) == "quá hạn 1 ngày làm việc · thứ Năm 26/11"
        assert words.percent(984, 1000) == "98,4 %"
        assert words.percent(2, 3) == "66,7 %"
        assert words.percent(1, 8) == "12,5 %"
        assert words.percent(9999, 10000) == "99,9 %"
        assert words.percent(1, 10000) == "0,1 %"
        assert (words.percent(0, 7), words.percent(7, 7)) == ("0,0 %", "100,0 %")
        assert words.capped(1001, 1000) == "hơn 1.000"
    with app.test_request_context("/help", headers={"Accept-Language": "en"}):
        app.preprocess_request()
        assert words.remaining(2, late) == "2 working days left · Thu 26/11"
        assert words.remaining(1, late) == "1 working day left · Thu 26/11"
        assert words.percent(0, 0) == "–"


def test_deep_json_is_a_problem_document_too(client: Browser) -> None:
    """404 under the API is JSON whatever the Accept header says."""
    answer = client.get("/api/v1/nothing-here", headers={"Accept": "text/html"})
    assert answer.status_code == 404
    assert json.loads(answer.data)["status"] == 404
