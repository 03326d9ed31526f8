"""No figure, count, chart, list or export shows what another agency or unit has: random trees, posts and work,
every page and file of reports, bundles, inspections and copies, by whoever it may be."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from werkzeug.test import TestResponse

from tests.support import counts, strangers
from tests.support.anchored import anchor
from tests.support.applications import application
from tests.support.browser import Browser, Clock
from tests.support.engines import lent
from tests.support.office import NOON
from tests.support.strangers import DAY, PLANS, Province, found_in, hidden, mark, paper
from workflow.adapters.blobs import open_blobs
from workflow.config import Settings
from workflow.domain.people import Role

WITHIN = re.compile(r"^/(reports|bundles|inspections|copies|account/signs)\b|/bundle$")
"""What auditors and leaders look at. A page that is added there needs its line below."""
_CLOSED = ("2026-10", "2026-Q4")

_MONTHS, _BOARD, _SIGNS, _MORNING = "/reports/months", "/reports/board", "/reports/signs", "/reports/unsigned"
_ONE, _SAMPLE = "/inspections/{inspection}", "/inspections/{inspection}/samples/{sample}"
_COUNTED = ("issued", "open", "entered")
SURFACES: dict[str, tuple[str, ...]] = {
    "/reports": ("/reports", "/reports?period=2026-10", "/reports?agency={agency}"),
    "/reports/rates.csv": ("/reports/rates.csv?period=2026-Q4",),
    "/reports/rates.xlsx": ("/reports/rates.xlsx",),
    "/reports/documents": ("/reports/documents?figure=denominator&period=2026-Q4",
                           "/reports/documents?figure=denominator&agency={agency}"),
    "/reports/documents.csv": ("/reports/documents.csv?figure=denominator&period=2026-Q4",
                               "/reports/documents.csv?figure=denominator&unit={unit}"),
    "/reports/documents.xlsx": ("/reports/documents.xlsx?figure=denominator&signer={person}",),
    _BOARD: (_BOARD, f"{_BOARD}?period=2026-10", f"{_BOARD}?agency={{agency}}&period=2026-Q4"),
    f"{_BOARD}/figures.csv": (f"{_BOARD}/figures.csv?table=rows", f"{_BOARD}/figures.csv?agency={{agency}}"),
    f"{_BOARD}/figures.xlsx": (f"{_BOARD}/figures.xlsx?period=2026-Q4",),
    f"{_BOARD}/documents": tuple(
        f"{_BOARD}/documents?period=2026-Q4&count={one}" for one in ("sign_counted", "unsigned", "received")
    ),
    f"{_BOARD}/documents.csv": (f"{_BOARD}/documents.csv?period=2026-Q4&count=issued&unit={{unit}}",),
    f"{_BOARD}/documents.xlsx": (f"{_BOARD}/documents.xlsx?period=2026-Q4&count=received",),
    f"{_BOARD}/compare": (f"{_BOARD}/compare", f"{_BOARD}/compare?unit={{unit}}"),
    f"{_BOARD}/compare/figures.csv": (f"{_BOARD}/compare/figures.csv?table=units&unit={{unit}}",),
    f"{_BOARD}/compare/figures.xlsx": (f"{_BOARD}/compare/figures.xlsx?table=counts",),
    f"{_BOARD}/units/<int:unit_id>": (f"{_BOARD}/units/{{unit}}",),
    f"{_BOARD}/units/<int:unit_id>/figures.csv": (f"{_BOARD}/units/{{unit}}/figures.csv?table=people",),
    f"{_BOARD}/units/<int:unit_id>/figures.xlsx": (f"{_BOARD}/units/{{unit}}/figures.xlsx",),
    f"{_BOARD}/people/<int:person_id>": (f"{_BOARD}/people/{{person}}",),
    f"{_BOARD}/people/<int:person_id>/figures.csv": (f"{_BOARD}/people/{{person}}/figures.csv",),
    f"{_BOARD}/people/<int:person_id>/figures.xlsx": (f"{_BOARD}/people/{{person}}/figures.xlsx",),
    _MONTHS: (_MONTHS, f"{_MONTHS}?agency={{agency}}"),
    f"{_MONTHS}/<period>": tuple(
        f"{_MONTHS}/2026-{month}agency={{agency}}" for month in ("10?", "11?", "11?as_of=2026-11-20&")
    ),
    f"{_MONTHS}/<period>/figures.csv": (f"{_MONTHS}/2026-10/figures.csv?agency={{agency}}",),
    f"{_MONTHS}/<period>/figures.xlsx": (f"{_MONTHS}/2026-11/figures.xlsx?agency={{agency}}",),
    f"{_MONTHS}/<period>/documents": tuple(
        f"{_MONTHS}/2026-{month}/documents?agency={{agency}}&count={one}" for month in (10, 11) for one in _COUNTED
    ),
    f"{_MONTHS}/<period>/documents.csv": (f"{_MONTHS}/2026-10/documents.csv?agency={{agency}}&count=issued",),
    f"{_MONTHS}/<period>/documents.xlsx": (f"{_MONTHS}/2026-11/documents.xlsx?agency={{agency}}&count=open",),
    f"{_MONTHS}/<period>/bundle": (f"{_MONTHS}/2026-10/bundle?agency={{agency}}&count=sign_counted",),
    f"{_MONTHS}/<period>/close": (f"{_MONTHS}/2026-10/close",),
    f"{_MONTHS}/<period>/report": (f"{_MONTHS}/2026-10/report",),
    f"{_MONTHS}/<period>/report/<int:document_id>/bundle": (f"{_MONTHS}/2026-10/report/{{document}}/bundle",),
    f"{_MONTHS}/<period>/report.pdf": (f"{_MONTHS}/2026-10/report.pdf",),
    f"{_MONTHS}/backlog": (f"{_MONTHS}/backlog",),
    f"{_MONTHS}/closing-day": (f"{_MONTHS}/closing-day",),
    f"{_MONTHS}/report-plan": (f"{_MONTHS}/report-plan",),
    "/reports/indicators": ("/reports/indicators",),
    "/reports/indicators/new": ("/reports/indicators/new",),
    "/reports/indicators/target": ("/reports/indicators/target", "/reports/indicators/target?unit={unit}"),
    "/reports/entered": ("/reports/entered",),
    "/reports/entered/<int:line>": ("/reports/entered/{line}",),
    "/reports/entered/new": ("/reports/entered/new",),
    "/reports/entered/sheet": ("/reports/entered/sheet",),
    _SIGNS: (_SIGNS, f"{_SIGNS}?period=2026"),
    f"{_SIGNS}/<sign>": (f"{_SIGNS}/registered_late?agency={{agency}}", f"{_SIGNS}/exemptions?agency={{agency}}"),
    f"{_SIGNS}/<sign>/papers.csv": (f"{_SIGNS}/registered_late/papers.csv?agency={{agency}}",),
    f"{_SIGNS}/<sign>/papers.xlsx": (f"{_SIGNS}/registered_late/papers.xlsx?agency={{agency}}",),
    f"{_SIGNS}/offices.csv": (f"{_SIGNS}/offices.csv",),
    f"{_SIGNS}/offices.xlsx": (f"{_SIGNS}/offices.xlsx",),
    f"{_SIGNS}/thresholds/<sign>": (f"{_SIGNS}/thresholds/too_fast",),
    "/account/signs": ("/account/signs",),
    _MORNING: (_MORNING, f"{_MORNING}?all=1"),
    f"{_MORNING}/reasons.csv": (f"{_MORNING}/reasons.csv",),
    f"{_MORNING}/reasons.xlsx": (f"{_MORNING}/reasons.xlsx",),
    f"{_MORNING}/<int:unit_id>": (f"{_MORNING}/{{unit}}", f"{_MORNING}/{{agency}}?show=overdue"),
    f"{_MORNING}/<int:unit_id>/<period>": (f"{_MORNING}/{{unit}}/2026-11-23",),
    f"{_MORNING}/<int:unit_id>/<period>/report.csv": (f"{_MORNING}/{{agency}}/2026-11-23/report.csv",),
    f"{_MORNING}/<int:unit_id>/<period>/report.xlsx": (f"{_MORNING}/{{unit}}/2026-11-23/report.xlsx",),
    f"{_MORNING}/<int:unit_id>/<period>/report.pdf": (f"{_MORNING}/{{unit}}/2026-11-23/report.pdf",),
    f"{_MORNING}/<int:unit_id>/stored": (f"{_MORNING}/{{unit}}/stored",),
    "/outgoing/<int:document_id>/bundle": ("/outgoing/{document}/bundle",),
    "/inspections": ("/inspections",),
    **{
        f"{path}.{form}": (f"{path}.{form}",)
        for path in ("/inspections", "/reports/entered", "/reports/indicators/targets") for form in ("csv", "xlsx")
    },
    **{
        f"{_MONTHS}/<period>/report.{form}": tuple(f"{_MONTHS}/{key}/report.{form}" for key in _CLOSED)
        for form in ("csv", "xlsx")
    },
    "/inspections/new": ("/inspections/new",),
    "/inspections/<int:inspection_id>": (_ONE,),
    **{
        f"/inspections/<int:inspection_id>/{name}{form}": (f"{_ONE}/{name}{form}",)
        for name in ("looks", "findings", "commitments") for form in ("", ".csv", ".xlsx")
    },
    "/inspections/<int:inspection_id>/samples": (f"{_ONE}/samples",),
    "/inspections/<int:inspection_id>/samples/<int:sample_id>": (_SAMPLE,),
    **{
        f"/inspections/<int:inspection_id>/samples/<int:sample_id>{name}.{form}": (f"{_SAMPLE}{name}.{form}",)
        for name in ("", "/population") for form in ("csv", "xlsx")
    },
    "/copies": ("/copies",),
    "/copies/<int:copy_id>": ("/copies/{copy}",),
    "/copies/export.csv": ("/copies/export.csv",),
    "/copies/export.xlsx": ("/copies/export.xlsx",),
    "/copies/new": ("/copies/new?outgoing={document}",),
    "/copies/signers": ("/copies/signers",),
}  # fmt: skip
NO_FIGURES = {
    **dict.fromkeys(
        ("/inspections/standing", "/inspections/standing.csv", "/inspections/standing.xlsx"),
        "grows with each look of the reader's own agency (test_standing_looks)",
    ),
    "/bundles/orders/<int:order_id>": "only what one asked for oneself (test_bundle_orders)",
    "/bundles/<name>": "two programs, the same for everybody",
    "/copies/<int:copy_id>/content": "the file of a copy whose page is asked for (test_foreign_hands)",
    "/copies/<int:copy_id>/pages/<int:number>.webp": "a picture of that file",
    "/copies/<int:copy_id>/print.pdf": "that file with its form",
}
TAKEN = (f"{_MONTHS}/2026-10/bundle?agency={{agency}}&count=issued", "/outgoing/{document}/bundle")
"""What is given away by a POST: zips."""
SHUT = {403, 404}


NAMED = {("commune", "/inspections/new"): mark("far")} | {
    ("far", f"/reports/{name}"): mark("commune")
    for name in ("indicators", "indicators/target", "indicators/targets.csv", "indicators/targets.xlsx",
                 "entered/new", "entered/sheet")
}  # fmt: skip
"""Where one lies below the other: whom a team may be sent to and taken from; and what figures and targets are that
the one above set for all below."""
UNHEARD = {"/reports/indicators/target?unit={unit}", "/reports/documents.xlsx?figure=denominator&signer={person}"}
"""Where another's key is heard as none, or as one of whom nothing is counted."""


def test_every_page_of_figures_is_asked_for(app: Flask) -> None:
    """Who adds one says here how it is asked for, or why it holds nothing of anybody."""
    rules = {
        one.rule for one in app.url_map.iter_rules() if "GET" in (one.methods or ()) and WITHIN.search(one.rule)
    }
    assert set(SURFACES) | set(NO_FIGURES) == rules
    assert not set(SURFACES) & set(NO_FIGURES)


def read(client: FlaskClient, address: str, *, post: bool = False) -> tuple[int, str]:
    """A page's own part, or all that a file holds, as text."""
    if post:
        answer = client.post(address)
    else:
        answer = FlaskClient.open(client, address, buffered=True)  # how pages are written is looked at elsewhere
    return answer.status_code, _text(answer)


def _text(answer: TestResponse) -> str:
    if answer.mimetype == "application/pdf":
        with pdfium.PdfDocument(answer.data) as pages:
            return "\n".join(page.get_textpage().get_text_bounded() for page in pages)
    if answer.data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
            names = [name for name in archive.namelist() if not name.startswith("docProps")]
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in names)
    main = re.search(r"<main.*</main>", answer.text, re.DOTALL)
    return re.sub(r'name="(csrf_token|once)" value="[^"]*"', "", main[0] if main else answer.text)


def seen(client: Browser, keys: dict[str, int], *, named: bool = False) -> dict[str, tuple[int, str]]:
    """Every surface, with these keys in its addresses; `named`: those alone that have such keys."""
    asked = [one for many in SURFACES.values() for one in many if "{" in one or not named]
    return {one: read(client, one.format(**keys)) for one in asked}


def holds(client: Browser, made: Province, reader: str, more: list[dict[str, Any]]) -> None:
    """Nothing of other agencies and nothing of papers out of reach, by own addresses or by theirs, before and after
    the others worked on; and after it every byte as it was."""
    client.login(reader)
    foreign = made.foreign(reader)
    home = next(
        name for name in strangers.AGENCIES if made.office.units[name] == made.office.posts[reader].agency_id
    )
    words = [mark(agency) for agency in foreign]
    words += [paper(unit) for unit in made.shut(reader, arrivals=False)]
    words += [paper(unit, arrived=True) for unit in made.shut(reader, arrivals=True)]
    if made.office.posts[reader].role not in {Role.CLERK, Role.LEADER, Role.DEPUTY}:
        words += [hidden(agency) for agency in strangers.AGENCIES]
    before = seen(client, made.keys[home])
    strangers.add(made, foreign, more)
    after = seen(client, made.keys[home])
    for address, (status, text) in after.items():
        known = NAMED.get((home, address.partition("?")[0]), "") if made.below else ""
        assert [one for one in found_in(text, words) if one != known] == [], (reader, address)
        assert (status, text) == before[address], (reader, address)
    for agency in foreign if counts.SOAK else foreign[-1:]:
        answers = seen(client, made.keys[agency], named=True)
        held = {one: {*found_in(text, words)} for one, (_status, text) in answers.items()}
        for one, found in held.items():
            known = NAMED.get((home, one.partition("?")[0]), "") if made.below else ""
            assert found <= {known}, (reader, agency, one)
        assert {one for one, (status, _text) in answers.items() if status not in SHUT} <= UNHEARD
        for address in TAKEN:
            assert read(client, address.format(**made.keys[agency]), post=True)[0] in SHUT, (reader, address)


def taken(client: Browser, made: Province, reader: str) -> None:
    """What a bundle of one's own agency holds of the others: nothing but how long their chains are."""
    anchor(client.engine, "h", now=NOON - DAY)
    client.login(reader)
    status, text = read(client, TAKEN[0].format(**made.keys["commune"]), post=True)
    assert (status, found_in(text, [mark(name) for name in made.foreign(reader)])) == (200, [])
    assert found_in(text, [paper(unit) for unit in made.shut(reader, arrivals=False)]) == []


def shown(client: Browser, made: Province) -> set[str]:
    """Where an agency's mark does stand, for one of those who look after it."""
    found: set[str] = set()
    for who in ("leader", "admin", "clerk"):
        client.login(who)
        for rule in set(SURFACES) - found - SHOWS_NOBODY:
            answers = (read(client, one.format(**made.keys["commune"])) for one in SURFACES[rule])
            if any(status == 200 and found_in(text, [mark("commune")]) for status, text in answers):
                found.add(rule)
    return found


SHOWS_NOBODY = {
    "/reports/indicators/new", "/reports/entered/sheet", f"{_MONTHS}/backlog", f"{_MONTHS}/closing-day",
    f"{_SIGNS}/thresholds/<sign>", "/account/signs", f"{_BOARD}/compare/figures.xlsx", f"{_MONTHS}/<period>/bundle",
    f"{_MONTHS}/<period>/report/<int:document_id>/bundle",
    f"{_MONTHS}/<period>/close",
}  # fmt: skip
"""Pages without a name, a subject or a number of anybody."""


@pytest.mark.soak
def test_random_people_in_random_trees(sqlite_template: Path, tmp_path: Path) -> None:
    """Each province as one person finds it, in the soak as three; and what is searched for can be found."""
    shows: set[str] = set()
    number = itertools.count()

    @settings(
        max_examples=counts.times(2, soak=150), deadline=None, derandomize=not counts.SOAK,
        suppress_health_check=list(HealthCheck), phases=(Phase.generate,),
    )  # fmt: skip
    @given(PLANS)
    def provinces(plan: dict[str, Any]) -> None:
        path = tmp_path / f"{next(number)}.db"
        path.write_bytes(sqlite_template.read_bytes())
        with of(path) as client:
            made = strangers.province(client.engine, plan, open_blobs(str(tmp_path / "blobs")))
            client.office = made.office
            heads = sorted(name for name, post in made.office.posts.items() if post.role is Role.UNIT_HEAD)
            anybody, place = sorted(made.office.posts), plan["reader"] // 3
            chosen = [heads[place % len(heads)], "inspector", anybody[place % len(anybody)]]
            for who in chosen if counts.SOAK else chosen[plan["reader"] % 3 :][:1]:
                holds(client, made, who, plan["more"])
            if not shows:
                taken(client, made, "head")
                shows.update(shown(client, made))
        path.unlink()

    provinces()
    assert sorted((set(SURFACES) - shows) ^ SHOWS_NOBODY) == []


@contextmanager
def of(path: Path) -> Iterator[Browser]:
    """A browser before an application on this database."""
    url = f"sqlite:///{path}"
    given = Settings(database_url=url, blob_url=str(path.parent / "blobs"), secret_key="k" * 40)
    clock = Clock(NOON)
    with lent(url, durable=False) as engine, application(given, engine=engine, clock=clock) as app:
        app.testing, app.test_client_class = True, Browser
        client = app.test_client()
        assert isinstance(client, Browser)
        client.engine, client.clock = engine, clock
        yield client
