"""Markup and formulas in every name, subject, remark, file name and certificate: shown as typed, run nowhere."""

from __future__ import annotations

import csv
import io
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from tests.attacks.crowd import every_address
from tests.support.browser import Browser
from tests.support.papers import Papers
from workflow.domain.outgoing import Action
from workflow.store.models import Certificate, DocumentType, FileVersion, Outgoing, Person, PostRow, Register, Unit
from workflow.store.session import unit_of_work

X = "\"'><img src=x onerror=alert(7)><script>alert(7)</script>"
FORMULA = '=HYPERLINK("http://evil.example";"x")'
PAGES_AT_LEAST = 10


def poison(papers: Papers, text: str) -> int:
    """An issued and a returned document, and every text in the tables replaced; the key of the issued one."""
    issued, returned = papers.issued(), papers.in_review()
    papers.act("head", returned, Action.RETURN, remark=text)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        for table, columns in (
            (Person, ("full_name",)), (PostRow, ("title",)), (Register, ("name",)), (FileVersion, ("filename",)),
            (Unit, ("name", "abbreviation", "place", "superior", "decree")), (DocumentType, ("name_vi", "name_en")),
            (Certificate, ("subject_name", "organisation", "title", "issuer_name")),
            (Outgoing, ("subject", "recipients")),
        ):  # fmt: skip
            uow.session.execute(update(table).values(dict.fromkeys(columns, text)))
        uow.commit()
    return issued


def runs(element: Element) -> bool:
    """Whether an element would do something that none of our pages asks for."""
    handlers = any(str(name).lower().startswith("on") for name in element.attrib)
    return handlers or element.get("src") == "x" or (element.tag == "script" and bool(element.text))


@pytest.mark.parametrize("who", ["drafter", "clerk", "leader", "admin", "inspector"])
def test_no_page_makes_an_element_of_a_word(app: Flask, client: Browser, papers: Papers, who: str) -> None:
    """Every page of every role, parsed as a browser does."""
    document, seen = poison(papers, X), 0
    client.login(who)
    for path in every_address(app, document):
        answer = FlaskClient.open(client, f"{path}&q={X}&filters=1", buffered=True)
        if answer.mimetype == "text/html" and answer.status_code < 300:
            seen += 1
            tree = html5lib.parse(answer.text, namespaceHTMLElements=False)
            assert [element.tag for element in tree.iter() if runs(element)] == [], path
    assert seen >= PAGES_AT_LEAST


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("clerk", "/outgoing/export.csv"), ("clerk", "/register/export.csv"), ("admin", "/admin/people.csv"),
        ("admin", "/admin/units.csv"), ("leader", "/reports/documents.csv"), ("leader", "/reports/rates.csv"),
    ],
)  # fmt: skip
def test_no_export_holds_a_formula(client: Browser, papers: Papers, who: str, path: str) -> None:
    """No cell begins as what a spreadsheet computes, whether it splits at semicolons or at commas."""
    poison(papers, FORMULA)
    answer = client.login(who).get(path)
    assert "HYPERLINK" in answer.text
    for delimiter in (";", ","):
        for row in csv.reader(io.StringIO(answer.text), delimiter=delimiter):
            assert not [cell for cell in row if cell.lstrip(' "').startswith("=")]
    assert answer.headers["Content-Disposition"].isascii()


def test_names_of_files_write_no_headers(client: Browser, papers: Papers) -> None:
    """What a download is called comes from the number and the kind, in plain letters."""
    document = poison(papers, 'a"\r\nSet-Cookie: x=1')
    answer = client.login("clerk").get(f"/outgoing/{document}/files/1/content")
    assert "Set-Cookie" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Disposition"].count('"') == 2
    assert "sandbox" in answer.headers["Content-Security-Policy"]
