"""Coming in: passwords, delays, sessions, second factors, the demo's one click."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

import pyotp
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, func, select, update

from tests.support.browser import COOKIE, Browser, Clock
from tests.support.office import Office
from workflow.config import Settings
from workflow.services import passwords
from workflow.services.logins import digest
from workflow.store.models import Account, DeviceDay, Journal, LoginDelay, LoginSession, PostRow, Setting
from workflow.store.session import unit_of_work
from workflow.web.app import create_app

MARK = "trinhky_device"
PASSWORD = "sông Hương chảy êm đềm"
HASH = passwords.make_hash(PASSWORD)


@pytest.fixture
def office(office: Office, engine: Engine) -> Office:
    """The office, everybody with a password."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(password_hash=HASH))
        uow.commit()
    return office


def enter(client: Browser, username: str, password: str = PASSWORD, **named: str) -> int:
    """Log in by the form; the status of the answer."""
    return client.post("/login", data={"username": username, "password": password}, **named).status_code


def test_name_and_password_let_in(client: Browser, engine: Engine) -> None:
    """The cookie's value is stored as a hash only, and the login stands in the journal."""
    answer = client.post("/login?next=/account", data={"username": " Drafter ", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site) == (True, "Lax")
    with unit_of_work(engine) as uow:
        row = uow.session.scalars(select(LoginSession)).one()
        assert row.id_hash != cookie.value
        assert uow.session.scalars(select(Journal.tag)).all() == ["account:login:accepted"]
    assert client.get("/account").status_code == 200


def test_a_browser_is_known_again(client: Browser, engine: Engine) -> None:
    """It is marked at the first login and keeps its mark; only the hash is stored, one row a person and day."""
    assert client.get_cookie(MARK) is None
    marks = []
    for name in ("leader", "leader", "clerk"):
        assert enter(client, name) == 303
        cookie = client.get_cookie(MARK)
        assert cookie is not None
        assert (cookie.http_only, cookie.same_site) == (True, "Lax")
        marks.append(cookie.value)
        client.logout()
    assert len(set(marks)) == 1
    with unit_of_work(engine) as uow:
        assert set(uow.session.scalars(select(LoginSession.device_hash))) == {digest(marks[0])}
        assert len(uow.session.scalars(select(DeviceDay)).all()) == 2


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:1"])
def test_next_never_leads_to_another_host(client: Browser, place: str) -> None:
    """A crafted link cannot use the login page to send people elsewhere."""
    answer = client.post("/login", query_string={"next": place}, data={"username": "drafter", "password": PASSWORD})
    assert answer.headers["Location"] == "/"


@pytest.mark.parametrize(("name", "password"), [("drafter", "wrong password here"), ("nobody", PASSWORD), ("", "")])
def test_wrong_name_and_wrong_password_read_the_same(client: Browser, name: str, password: str) -> None:
    """The page does not tell which of the two was wrong, nor whether a name exists."""
    answer = client.post("/login", data={"username": name, "password": password})
    assert answer.status_code == (401 if name else 422)
    assert client.get_cookie(COOKIE) is None


def test_a_decomposed_password_is_the_same_password(client: Browser) -> None:
    """A keyboard that types letters and marks apart gets in too."""
    assert enter(client, "drafter", unicodedata.normalize("NFD", PASSWORD)) == 303


def test_failures_slow_the_name_down_and_never_lock_it(client: Browser, clock: Clock) -> None:
    """After four failures the next attempt waits, at most a minute; then the right password works."""
    for _number in range(4):
        assert enter(client, "drafter", "wrong password") == 401
        clock.advance(seconds=1)
    for _number in range(12):
        clock.advance(seconds=61)
        assert enter(client, "drafter", "wrong password") == 401
    assert enter(client, "drafter") == 429
    assert enter(client, "leader") == 303
    client.logout()
    clock.advance(seconds=61)
    assert enter(client, "drafter") == 303


def test_waiting_attempts_do_not_lengthen_the_wait(client: Browser, clock: Clock, engine: Engine) -> None:
    """Hammering the form while it waits changes nothing, so nobody can be shut out for good."""
    for _number in range(6):
        enter(client, "drafter", "wrong password")
    with unit_of_work(engine) as uow:
        counts = select(func.max(LoginDelay.failures))
        before = uow.session.scalar(counts)
        enter(client, "drafter", "wrong password")
        assert uow.session.scalar(counts) == before


def test_one_address_is_slowed_over_many_names(client: Browser) -> None:
    """Twenty failures from one address slow it down whatever the names."""
    for number in range(20):
        assert enter(client, f"nobody{number}", "wrong password") == 401
    assert enter(client, "drafter") == 429


@pytest.mark.parametrize(
    ("hops", "header", "address"),
    [(0, "203.0.113.9", "127.0.0.1"), (1, "203.0.113.9", "203.0.113.9"),
     (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"), (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
     (2, "1.2.3.4", "127.0.0.1")],
)  # fmt: skip
def test_the_address_comes_only_from_declared_proxies(
    settings: Settings, engine: Engine, clock: Clock, office: Office, hops: int, header: str, address: str
) -> None:
    """What a client writes into X-Forwarded-For itself is never believed."""
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__} | {"proxy_hops": hops}
    app = create_app(Settings(**values), engine=engine, clock=clock)
    app.testing, app.test_client_class = True, Browser
    client = app.test_client()
    assert isinstance(client, Browser)
    assert enter(client, "drafter", headers={"X-Forwarded-For": header}) == 303
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(LoginSession.address)).one() == address


def test_sessions_end_when_idle_and_after_half_a_day(client: Browser, clock: Clock) -> None:
    """Thirty quiet minutes end a session; a busy one ends after twelve hours."""
    client.login("drafter")
    clock.advance(minutes=29)
    assert client.get("/account").status_code == 200
    clock.advance(minutes=31)
    assert client.get("/account").status_code == 302
    client.login("drafter")
    for _number in range(25):
        clock.advance(minutes=28)
        assert client.get("/account").status_code == 200
    clock.advance(minutes=28)
    assert client.get("/account").status_code == 302


def test_reading_notes_that_the_session_lives_once_a_minute(client: Browser, clock: Clock, engine: Engine) -> None:
    """The only write of a GET is the session's `seen_at`, at most once a minute."""
    client.login("drafter")
    seen: list[dt.datetime] = []
    for _number in range(4):
        clock.advance(seconds=40)
        client.get("/account")
        with unit_of_work(engine) as uow:
            seen.append(uow.session.scalars(select(LoginSession.seen_at)).one())
    assert len(set(seen)) == 3


def test_logging_out_ends_the_session_on_the_server(client: Browser, engine: Engine) -> None:
    """The cookie is worth nothing afterwards, even if somebody kept it."""
    client.login("drafter")
    cookie = client.get_cookie(COOKIE)
    assert cookie is not None
    client.post("/logout")
    client.set_cookie(COOKIE, cookie.value)
    assert client.get("/account").status_code == 302


def test_other_browsers_are_listed_and_ended(client: Browser) -> None:
    """One's own other browsers can be logged out one by one; somebody else's cannot."""
    client.login("leader")
    foreign = client.get("/account").text
    client.login("drafter")
    client.login("drafter")
    rows = re.findall(r"/account/sessions/(\d+)/end", client.get("/account").text)
    assert len(rows) == 1
    assert client.post(f"/account/sessions/{rows[0]}/end").status_code == 303
    assert "/sessions/" not in client.get("/account").text
    assert client.post("/account/sessions/1/end").status_code == 404
    assert "/sessions/" not in foreign


def test_changing_the_password_ends_the_other_browsers(client: Browser, engine: Engine) -> None:
    """The new password works, the old one does not, and this browser goes on under a new secret."""
    client.login("drafter")
    client.login("drafter")
    before = client.get_cookie(COOKIE)
    new = "núi Ngự Bình trước tròn sau méo"
    answer = client.post("/account/password", data={"old": PASSWORD, "password": new, "again": new})
    assert answer.status_code == 303
    after = client.get_cookie(COOKIE)
    assert before is not None
    assert after is not None
    assert before.value != after.value
    assert client.get("/account").status_code == 200
    with unit_of_work(engine) as uow:
        live = uow.session.scalars(select(LoginSession).where(LoginSession.ended_at.is_(None))).all()
    assert len(live) == 1
    client.post("/logout")
    assert enter(client, "drafter") == 401
    assert enter(client, "drafter", new) == 303


@pytest.mark.parametrize(
    ("old", "new", "again", "word"),
    [("not this one", "núi Ngự Bình", "núi Ngự Bình", "f-old"), (PASSWORD, "ngắn", "ngắn", "f-password"),
     (PASSWORD, "núi Ngự Bình", "núi Ngự Binh", "f-again"),
     (PASSWORD, "matkhau12345", "matkhau12345", "f-password")],
)  # fmt: skip
def test_a_bad_new_password_is_refused_beside_its_field(
    client: Browser, old: str, new: str, again: str, word: str
) -> None:
    """Short, known, mistyped or unproven: the page says which."""
    client.login("drafter")
    answer = client.post("/account/password", data={"old": old, "password": new, "again": again})
    assert answer.status_code == 422
    assert f'href="#{word}"' in answer.text


def test_a_leader_enrols_an_app_and_is_in(client: Browser, clock: Clock, engine: Engine) -> None:
    """First login of a post that needs a second factor: led to the set-up, in after the first code."""
    enter(client, "leader")
    assert client.get("/").headers["Location"].startswith("/account/factors")
    first = client.get_cookie(COOKIE)
    assert client.post("/account/factors/totp").headers["Location"] == "/account/factors/totp"
    page = client.get("/account/factors/totp").text
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert client.get("/account/factors/totp/qr.svg").mimetype == "image/svg+xml"
    assert client.post("/account/factors/totp/confirm", data={"code": "000000"}).status_code == 422
    code = pyotp.TOTP(secret).at(clock.now)
    assert client.post("/account/factors/totp/confirm", data={"code": code}).status_code == 303
    second = client.get_cookie(COOKIE)
    assert first is not None
    assert second is not None
    assert first.value != second.value
    assert client.get("/account").status_code == 200
    client.post("/logout")
    clock.advance(minutes=2)
    enter(client, "leader")
    assert client.get("/account").headers["Location"].startswith("/step-up")
    code = pyotp.TOTP(secret).at(clock.now)
    assert client.post("/step-up?next=/account", data={"step_up_code": code}).headers["Location"] == "/account"
    assert client.get("/account").status_code == 200
    assert client.post("/step-up", data={"step_up_code": code}).status_code == 422, "a code works once"


def test_a_stolen_password_adds_no_factor(client: Browser, engine: Engine) -> None:
    """Who has a factor must have just used it to add or remove one."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
        uow.commit()
    enter(client, "leader")
    assert client.post("/account/factors/totp").status_code == 403
    assert client.post("/account/factors/totp/remove").status_code == 403
    assert client.post("/account/factors/passkeys/begin").status_code == 403


def test_guessing_codes_is_slowed(client: Browser, clock: Clock, engine: Engine) -> None:
    """Six digits are few: wrong ones make the next one wait."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
        uow.commit()
    enter(client, "leader")
    for _number in range(5):
        client.post("/step-up", data={"step_up_code": "123456"})
    assert client.post("/step-up", data={"step_up_code": "123456"}).status_code == 429


def test_the_last_factor_stays_where_the_post_needs_one(client: Browser, engine: Engine) -> None:
    """A leader cannot be left without a second factor by removing the only one."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.execute(update(Account).values(totp_secret="JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"))
        uow.commit()
    client.login("leader")
    assert client.post("/account/factors/totp/remove").status_code == 422
    client.login("drafter")
    assert client.post("/account/factors/totp/remove").status_code == 303


def test_switching_the_post_is_visible_and_journalled(client: Browser, office: Office, engine: Engine) -> None:
    """A person with two posts acts in one at a time; the change stands in the journal."""
    drafter = office.posts["drafter"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(
            PostRow(person_id=drafter.person_id, unit_id=office.units["culture"], agency_id=drafter.agency_id,
                    role="unit_head", title="Phụ trách phòng", valid_from=drafter.valid_from)
        )  # fmt: skip
        uow.commit()
    client.login("drafter")
    page = client.get("/account/posts").text
    wanted = re.search(r'name="post" value="(\d+)"', page)
    assert wanted is not None
    assert client.post("/post", data={"post": wanted[1]}).status_code == 303
    assert "Phụ trách phòng, Phòng Văn hóa" in client.get("/account").text
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Journal.tag)).all() == ["account:post:switched"]
    foreign = office.posts["leader"].id
    assert client.post("/post", data={"post": str(foreign)}).status_code == 404


def test_a_post_that_ended_yesterday_gives_nothing(client: Browser, office: Office, engine: Engine) -> None:
    """Posts have dates: the day after the last one the person is logged in and may do nothing."""
    post = office.posts["drafter"]
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(PostRow, post.id).valid_to = dt.date(2026, 11, 22)
        uow.commit()
    client.login("drafter")
    assert "không giữ chức vụ" in client.get("/").text
    assert client.get("/admin/people").status_code == 403


def test_the_language_stays_with_the_account(client: Browser) -> None:
    """Account first, then the browser's choice, then what the browser asks for, Vietnamese in doubt."""
    assert '<html lang="vi">' in client.get("/login").text
    assert '<html lang="en">' in client.get("/login", headers={"Accept-Language": "de,en;q=0.8,vi;q=0.5"}).text
    assert client.post("/language/en?next=/help").headers["Location"] == "/help"
    assert '<html lang="en">' in client.get("/help").text
    client.login("drafter")
    client.post("/language/vi")
    assert '<html lang="vi">' in client.get("/help").text
    client.delete_cookie("trinhky_language")
    assert '<html lang="vi">' in client.get("/account", headers={"Accept-Language": "en"}).text


def test_one_click_logins_exist_only_in_a_demo(client: Browser, office: Office, engine: Engine) -> None:
    """Neither the address nor the button works where settings or database do not say demo."""
    leader = office.posts["leader"].id
    mark_as_demo(engine)
    assert client.post(f"/login/demo/{leader}").status_code == 404
    assert "/login/demo/" not in client.get("/login").text
    client.login("leader")
    assert client.post("/step-up/demo").status_code == 404


@pytest.fixture
def demo_client(settings: Settings, engine: Engine, clock: Clock, office: Office) -> Browser:
    """A browser before an application whose settings say demo."""
    values = {name: getattr(settings, name) for name in settings.__dataclass_fields__} | {"demo": True}
    app: Flask = create_app(Settings(**values), engine=engine, clock=clock)
    app.testing, app.test_client_class = True, Browser
    made = app.test_client()
    assert isinstance(made, Browser)
    made.engine, made.clock, made.office = engine, clock, office
    return made


def mark_as_demo(engine: Engine) -> None:
    """Write the mark that only the demo's seed writes."""
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.add(Setting(name="demo", value={"seeded": True}))
        uow.commit()


def test_demo_settings_alone_open_nothing(demo_client: Browser, office: Office) -> None:
    """A real database under demo settings stays shut."""
    assert demo_client.post(f"/login/demo/{office.posts['leader'].id}").status_code == 404
    demo_client.login("leader")
    assert demo_client.post("/step-up/demo").status_code == 404


def test_the_demo_lets_a_newcomer_in(demo_client: Browser, office: Office, engine: Engine, clock: Clock) -> None:
    """One click in, one click to step up, and a banner on every page."""
    mark_as_demo(engine)
    page = demo_client.get("/login").text
    leader = office.posts["leader"].id
    assert f"/login/demo/{leader}" in page
    assert demo_client.post(f"/login/demo/{leader}").status_code == 303
    page = demo_client.get("/account").text
    assert 'class="demo"' in page
    clock.advance(minutes=10)
    answer = demo_client.post("/step-up/demo?next=/account")
    assert answer.status_code == 303, answer.text
    assert answer.headers["Location"] == "/account"


def test_who_has_no_account_takes_as_long() -> None:
    """The hash that stands in for a missing one is of the same settings as those of accounts, and is nobody's."""
    assert not PasswordHasher().check_needs_rehash(passwords._NOBODY)
    assert not passwords.matches("nobody has this password", "")
