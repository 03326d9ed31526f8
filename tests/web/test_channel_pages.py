"""How I get notices, who reads reports, the ways and what did not arrive: each to whom it concerns."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

from flask import Flask
from sqlalchemy import Engine, select, update

from schedulers.jobs.outbox import deliver
from tests.support import gateway, mail_server
from tests.support.browser import Browser, Clock
from tests.support.office import Office
from tests.support.told import RECALLED, recalled
from workflow.config import Settings
from workflow.domain.channels import Sort
from workflow.services.channels import delivery
from workflow.services.outbox import Note, queue
from workflow.store import channels, reports
from workflow.store.models import Account, Journal, Outbox, Person
from workflow.store.session import unit_of_work

SECRET = "mot-bi-mat-dai-hon-ba-muoi-hai-ky-tu"


def journal(engine: Engine, tag: str) -> list[dict[str, object]]:
    """Facts of every entry of a tag."""
    with unit_of_work(engine) as uow:
        rows = uow.session.scalars(select(Journal.body).where(Journal.tag == tag).order_by(Journal.id))
        return [json.loads(body)["facts"] for body in rows]


def tell(office: Office, sort: Sort, *, person: str = "drafter", unit: str = "", now: dt.datetime) -> None:
    """A message of a sort to a person, or to a unit."""
    with unit_of_work(office.engine) as uow:
        uow.begin_write()
        about = {"unit_id": office.units[unit]} if unit else {"person_id": office.posts[person].person_id}
        note = Note(cause=f"{sort}:{person}:{unit}", what=recalled(f"Tin {sort}"), sort=sort, **about)
        queue(uow, note, now=now)
        uow.commit()


def serve(app: Flask, settings: Settings) -> None:
    """From now on the pages are those of an installation with these settings."""
    app.extensions["trinhky"] = replace(app.extensions["trinhky"], settings=settings)


def test_a_person_mutes_only_the_digest_and_the_ways_follow(
    app: Flask, client: Browser, settings: Settings, engine: Engine, office: Office, clock: Clock
) -> None:
    """From the form to what arrives over real SMTP and HTTP: each sort by its ways, the page says the same, the
    journal knows and holds no whole number; nobody's notices are listed twice."""
    mood = mail_server.Mood()
    with mail_server.running(mood) as smtp, gateway.running(gateway.Gateway()) as sms:
        body = {"to": "{to}", "text": "{text}"}
        given = json.dumps({"url": sms.url, "private": True, "token": "t0ken", "body": body, "subject": True})
        settings = replace(settings, mail_from="a@b.example", smtp_url=smtp, sms=given)
        serve(app, settings)
        client.login("drafter")
        page = client.get("/account/notices").text
        assert "Tổng hợp buổi sáng" in page
        wrong = client.post("/account/notices", data={"by_sms": "true", "phone": "0263 3822 345"})
        assert wrong.status_code == 422
        assert 'value="0263 3822 345"' in wrong.text
        assert client.post("/account/notices", data={"by_sms": "true"}).status_code == 422
        form = {"muted_digest": "true", "by_sms": "true", "phone": "0912 345 678"}
        assert client.post("/account/notices", data=form).status_code == 303
        page = client.get("/account/notices?done=yes").text
        assert 'value="0912 345 678"' in page
        english = client.get("/account/notices", headers={"Accept-Language": "en"}).text
        assert "How I get notices" in english
        assert client.post("/account/notices/phone/code").status_code == 303
        assert deliver(engine, delivery(settings), clock=clock) == {"sent": 1}
        code = "".join(filter(str.isdigit, sms.asked.pop().json["text"].partition("10")[0]))
        assert client.post("/account/notices/phone/prove", data={"code": code}).status_code == 303
        for sort in Sort:
            tell(office, sort, now=clock.now)
        deliver(engine, delivery(settings), clock=clock)
        assert client.get("/notices").text.count('class="notice new"') == len(Sort)
    assert [str(mail["Subject"]) for mail in mood.mails] == [
        f"{RECALLED}Tin {sort}" for sort in ("urgent", "explanation", "report")
    ]
    assert {str(mail["To"]) for mail in mood.mails} == {"drafter@example.gov.vn"}
    assert [(one.json["to"], one.json["text"]) for one in sms.asked] == [
        ("84912345678", f"{RECALLED}Tin urgent"), ("84912345678", f"{RECALLED}Tin explanation"),
    ]  # fmt: skip
    assert journal(engine, "person:notices:changed")[0]["phone"] == ["", "••••••••678"]
    with unit_of_work(engine) as uow:
        assert uow.session.get_one(Person, office.posts["drafter"].person_id).muted_digest


def test_a_hook_hears_of_its_units_and_never_of_people(
    settings: Settings, engine: Engine, office: Office, clock: Clock
) -> None:
    """Two units, one person: the receiver of one agency gets one message, with the unit's code."""
    with gateway.running(gateway.Gateway()) as hook:
        given = {"name": "so-nv", "url": hook.url, "private": True, "secret": SECRET, "units": ["H99.01"]}
        for unit in ("economy", "far_office"):
            tell(office, Sort.REPORT, unit=unit, now=clock.now)
        tell(office, Sort.URGENT, now=clock.now)
        assert deliver(engine, delivery(replace(settings, webhooks=json.dumps([given]))), clock=clock) == {
            "sent": 1
        }
    (asked,) = hook.asked
    assert (asked.json["unit"], asked.json["subject"]) == ("H99.01.02", f"{RECALLED}Tin report")


def test_the_administrator_sees_every_way_and_no_secret_and_tries_one(
    app: Flask, client: Browser, settings: Settings, engine: Engine, office: Office, clock: Clock
) -> None:
    """Hosts, not passwords; a test message goes by that way alone, and its failure stands on the page."""
    with gateway.running(gateway.Gateway([400])) as hook:
        given = [{"name": "so-nv", "url": hook.url, "private": True, "secret": SECRET}]
        settings = replace(
            settings, smtp_url="smtps://user:mat-khau@mail.example.vn", webhooks=json.dumps(given), sms="{broken",
            bounces="imaps://hop:mat-khau@mail.example.vn/INBOX",
        )  # fmt: skip
        serve(app, settings)
        assert client.login("clerk").get("/admin/channels").status_code == 403
        client.login("admin")
        page = client.get("/admin/channels").text
        for words in ("mail.example.vn:465", "hop@mail.example.vn:993/INBOX", "TRINHKY_SMS", hook.url[7:-5]):
            assert words in page
        assert "mat-khau" not in page
        assert SECRET not in page
        assert client.post("/admin/channels/test", data={"name": "sms"}).status_code == 404
        tried = client.post("/admin/channels/test", data={"name": "webhook:so-nv"})
        assert tried.status_code == 303
        waits = client.get(tried.headers["Location"], headers={"Accept-Language": "en"}).text
        assert "waits since 09:00 23/11/2026" in waits
        how = delivery(settings)
        assert deliver(engine, how, clock=clock) == {"failed": 1}
        page = client.get("/admin/channels", headers={"Accept-Language": "en"}).text
        assert page.count("The other side answered: 400") == 2, "of the way, and of one's own test"
        assert "was not sent" in page
        client.post("/admin/channels/test", data={"name": "webhook:so-nv"})
        assert deliver(engine, how, clock=clock) == {"sent": 1}
        page = client.get("/admin/channels", headers={"Accept-Language": "en"}).text
        assert page.count("The other side answered: 400") == 1
        assert "arrived at the other side" in page
        assert client.get("/notices").text.count('class="notice') == 0
        client.login("far_admin")
        page = client.get("/admin/channels", headers={"Accept-Language": "en"}).text
        assert "mail.example.vn:465" in page
        assert "administrators of the top agency" in page
        for words in ("The other side answered", "Last failure", "My last test", "/admin/channels/test"):
            assert words not in page
        assert client.post("/admin/channels/test", data={"name": "webhook:so-nv"}).status_code == 403
    assert [fact["hook"] for fact in journal(engine, "channel:test:queued")] == ["so-nv", "so-nv"]


def test_what_did_not_arrive_is_shown_to_head_and_administrator_of_those_it_was_for(
    client: Browser, engine: Engine, office: Office, clock: Clock
) -> None:
    """Address and the server's words, no subject; a neighbour sees nothing, a drafter may not look."""
    tell(office, Sort.EXPLANATION, person="specialist", now=clock.now)
    tell(office, Sort.REPORT, unit="economy", now=clock.now)
    mood = mail_server.Mood(lambda address, time: "refused")
    with mail_server.running(mood) as smtp:
        settings = Settings(database_url="", blob_url="", secret_key="", smtp_url=smtp, mail_from="a@b.example")
        assert deliver(engine, delivery(settings), clock=clock) == {"failed": 1}
    with unit_of_work(engine) as uow:
        uow.begin_write()
        report = uow.session.scalars(select(Outbox).where(Outbox.sort == "report")).one()
        report.channel, report.address, report.state = "mail", "kt@example.gov.vn", "bounced"
        report.error = "5.2.2 mailbox full \u202eabc"
        uow.commit()
    seen = {}
    for who in ("head", "admin", "leader", "culture_head", "far_admin"):
        page = client.login(who).get("/notices/undelivered").text
        seen[who] = ("specialist@example.gov.vn" in page, "5.2.2 mailbox full abc" in page)
        assert "Tin " not in page
    everything = (True, True)
    assert seen == {"head": everything, "admin": everything, "leader": everything, "culture_head": (False, False),
                    "far_admin": (False, False)}  # fmt: skip
    assert client.login("drafter").get("/notices/undelivered").status_code == 403


def test_named_people_get_a_units_reports(client: Browser, engine: Engine, office: Office) -> None:
    """Only who may see reports in that agency; who left no longer does; the journal says who was added."""
    unit, address = office.units["economy"], f"/admin/units/{office.units['economy']}/report-readers"
    wanted = office.posts["clerk"].person_id
    client.login("admin")
    assert "Hoàng Thị Mai" in client.get(address).text
    assert "Trần Văn Đức" not in client.get(address).text
    strangers = [office.posts[who].person_id for who in ("drafter", "far_clerk")]
    for stranger in strangers:
        assert client.post(address, data={"person": [wanted, stranger]}).status_code == 422
    assert client.post(address, data={"person": [wanted]}).status_code == 303
    assert client.login("far_admin").get(address).status_code == 404
    assert client.post(address, data={}).status_code == 404
    with unit_of_work(engine) as uow:
        assert channels.readers_on(uow.session, dt.date(2026, 11, 23)) == {unit: (wanted,)}
        assert channels.readers_on(uow.session, dt.date(2020, 1, 1)) == {}
        heads = {row.person_id for row in reports.heads_on(uow.session, dt.date(2026, 11, 23))}
        assert office.posts["head"].person_id in heads
    (told,) = journal(engine, "unit:report_readers:changed")
    assert (told["added"], told["removed"]) == ([wanted], [])


def test_a_mail_speaks_the_language_of_who_reads_it(
    settings: Settings, engine: Engine, office: Office, clock: Clock
) -> None:
    """An explanation that is owed, to one who chose English and to one who chose nothing."""
    mood = mail_server.Mood()
    with unit_of_work(engine) as uow:
        uow.begin_write()
        person = office.posts["drafter"].person_id
        uow.session.execute(update(Account).where(Account.person_id == person).values(language="en"))
        uow.commit()
    for who in ("drafter", "head"):
        tell(office, Sort.EXPLANATION, person=who, now=clock())
    with mail_server.running(mood) as smtp:
        deliver(engine, delivery(replace(settings, mail_from="a@b.example", smtp_url=smtp)), clock=clock)
    found = {str(mail["To"]).partition("@")[0]: mail for mail in mood.mails}
    pages = {who: mail.get_body(("html",)).get_content() for who, mail in found.items()}  # type: ignore[union-attr]
    assert str(found["drafter"]["Subject"]) == "The sender recalled: Tin explanation"
    assert str(found["head"]["Subject"]) == f"{RECALLED}Tin explanation"
    assert ('lang="en"' in pages["drafter"], 'lang="vi"' in pages["head"]) == (True, True)
