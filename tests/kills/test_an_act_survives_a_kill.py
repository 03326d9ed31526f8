"""One act over a hundred documents of 200 KB; the server is killed while it writes the 58th signature.

Restarted, the act goes on: the page that stayed open sends what was not answered, a page that was closed takes the
act up with a new secret. Every document then bears exactly one signature, and three programs find each valid.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from sqlalchemy import Engine, func, select

import signing
from signing.testing import Identity
from tests.support import counts, engines
from tests.support.browser import COOKIE, open_session
from tests.support.office import NOON, build
from tests.support.papers import Papers, letter, papers_of
from workflow.adapters.blobs import open_blobs
from workflow.domain.outgoing import Action, State
from workflow.domain.signing_acts import Line, manifest
from workflow.services.documents import files
from workflow.store.models import Crl, History, Journal, Outgoing, Signature, SigningItem, SigningSession
from workflow.store.session import unit_of_work

SERVER = Path(__file__).with_name("signing_server.py")
PART, WEIGHT = 10, 190_000
FEW = counts.times(12, soak=100)
NONCE = "nonce-of-the-page-1"


@contextmanager
def serving(url: str, blobs: Path, began: float, *, fatal: int = 0) -> Iterator[str]:
    """The service in a process of its own."""
    command = [sys.executable, str(SERVER), url, str(blobs), str(began), str(fatal)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield f"http://127.0.0.1:{int(process.stdout.readline())}"
            if fatal:
                assert process.wait(30) == -9
        finally:
            process.kill()


@dataclass(slots=True)
class Page:
    """The leader's browser: its cookie outlives the server; ten documents a request, as the page does it."""

    secret: str
    key: Identity
    base: str = ""
    _cookies: CookieJar = field(default_factory=CookieJar)
    _token: str = ""

    def at(self, base: str) -> Page:
        """A server (again)."""
        self.base, self._cookies, self._token = base, CookieJar(), ""
        self._token = re.findall(r'name="csrf-token" content="([^"]+)"', self.get("/desk").decode())[0]
        return self

    def get(self, path: str) -> bytes:
        return self._ask(urllib.request.Request(self.base + path))

    def post(self, path: str, body: object) -> Any:
        heads = {"Content-Type": "application/json", "X-CSRFToken": self._token}
        data = json.dumps(body).encode()
        return json.loads(self._ask(urllib.request.Request(self.base + path, data=data, headers=heads)))

    def _ask(self, request: urllib.request.Request) -> bytes:
        self._cookies.add_cookie_header(request)
        others = request.get_header("Cookie") or ""
        request.add_unredirected_header("Cookie", "; ".join(filter(None, (f"{COOKIE}={self.secret}", others))))
        with urllib.request.urlopen(request, timeout=60) as answer:
            self._cookies.extract_cookies(answer, request)
            return bytes(answer.read())

    def prepare(self, documents: list[dict[str, int]]) -> dict[str, Any]:
        which: dict[str, Any] = {"certificate": base64.b64encode(self.key.der).decode(), "chain": []}
        items = []
        for first in range(0, len(documents), PART):
            answer = self.post("/sign/leader/prepare", which | {"documents": documents[first : first + PART]})
            which = {"session": answer["session"]}
            items += answer["items"]
        return which | {"items": items}

    def line(self, item: dict[str, Any], version: int) -> Line:
        """From the bytes that came, not from what the server says of them."""
        file, signed = self.get(item["preparedUrl"]), base64.b64decode(item["toBeSigned"])
        return Line(
            str(item["document"]), version, hashlib.sha256(file).hexdigest(), hashlib.sha256(signed).hexdigest()
        )

    def sign(self, items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [
            {"document": item["document"], "signatureAlgorithm": "ECDSA",
             "signature": base64.b64encode(self.key.sign(base64.b64decode(item["toBeSigned"]), raw=True)).decode()}
            for item in items
        ]  # fmt: skip

    def send(self, session: str, signed: list[dict[str, Any]], *, answered: list[Any]) -> None:
        """A part at a time; `answered` is what came back so far."""
        while len(answered) < len(signed):
            part = signed[len(answered) : len(answered) + PART]
            answered += self.post("/sign/leader/finish", {"session": session, "items": part})["items"]


def heavy(number: int) -> bytes:
    """A letter with a picture; no two are alike, none is smaller than 200 KB."""
    noise = b"".join(hashlib.sha256(f"{number}/{part}".encode()).digest() for part in range(WEIGHT // 32))
    with pikepdf.open(io.BytesIO(letter())) as pdf:
        picture = pdf.make_stream(
            noise[:WEIGHT], Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=380, Height=500,
            ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8,
        )  # fmt: skip
        name = pdf.pages[0].add_resource(picture, pikepdf.Name.XObject)
        pdf.pages[0].contents_add(f"q 90 0 0 120 420 60 cm {name} Do Q".encode())
        made = io.BytesIO()
        pdf.save(made)
        return made.getvalue()


def waiting(papers: Papers, number: int) -> dict[str, int]:
    """On the leader's desk, as the page names it."""
    document = papers.draft(file=False, subject=f"V/v việc số {number}")
    papers.do(files.upload_draft, "drafter", document_id=document, version=1, data=heavy(number),
              filename="cv.pdf", blobs=papers.blobs)  # fmt: skip
    papers.act("drafter", document, Action.SUBMIT)
    papers.act("head", document, Action.APPROVE)
    papers.confirm_format(document)
    row = papers.row(document)
    assert len(papers.blobs.get(str(row.file_sha256))) > 200_000
    return {"id": document, "version": row.version}


def begun_and_killed(page: Page, documents: list[dict[str, int]], answered: list[Any]) -> tuple[Any, Any, str]:
    """Prepared, fixed, signed, sent until the server is gone."""
    prepared = page.prepare(documents)
    lines = [page.line(item, one["version"]) for item, one in zip(prepared["items"], documents, strict=True)]
    code = manifest(purpose="leader", certificate=page.key.fingerprint, nonce=NONCE, lines=lines).code
    said = {
        "session": prepared["session"],
        "nonce": NONCE,
        "code": code,
        "order": [str(one["id"]) for one in documents],
    }
    assert page.post("/sign/leader/fix", said) == {"code": code}
    signed = page.sign(prepared["items"])
    with pytest.raises((urllib.error.URLError, HTTPException, ConnectionError)):
        page.send(prepared["session"], signed, answered=answered)
    return prepared, signed, code


def gone_on(page: Page, act_id: int, code: str, whole: int, done: int) -> None:
    """A new page: only what is left, the same bytes, an act of the same code."""
    for path in ("/desk", "/sign"):
        assert f"Lượt ký dở dang: đã ký {done}/{whole}, còn {whole - done}." in page.get(path).decode()
    assert code[:5] in page.get(f"/sign/acts/{act_id}").decode()
    certificate = base64.b64encode(page.key.der).decode()
    gone = page.post(f"/sign/acts/{act_id}/go-on", {"certificate": certificate})
    lines = [Line(*line) for line in gone["lines"]]
    assert len(gone["items"]) == whole - done
    assert manifest(purpose="leader", certificate=page.key.fingerprint, nonce=NONCE, lines=lines).code == code
    known = {line.document: line for line in lines}
    assert all(page.line(item, known[str(item["document"])].version) in lines for item in gone["items"])
    answered: list[Any] = []
    page.send(gone["session"], page.sign(gone["items"]), answered=answered)
    assert all(one["ok"] for one in answered)


CASES = [
    pytest.param("sqlite_url", 100, "closed", id="sqlite-100-page-closed"),
    pytest.param("postgresql_url", FEW, "open", id="postgresql-page-open", marks=pytest.mark.postgresql),
]


@pytest.mark.slow
@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.tools("pdfsig", "mutool")
@pytest.mark.parametrize(("database", "whole", "page_is"), CASES)
def test_killed_resumed_and_none_signed_twice(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, whole: int, page_is: str
) -> None:
    """Between the writing of a signature and its commit; then exactly one for each, and three opinions agree."""
    url, blobs = request.getfixturevalue(database), tmp_path / "blobs"
    with engines.lent(url) as engine:
        papers = papers_of(build(engine), open_blobs(str(blobs)))
        documents = [waiting(papers, number) for number in range(whole)]
        leader, done = papers.office.posts["leader"], whole * 57 // 100
        secret = open_session(engine, leader.person_id, post_id=leader.id, now=NOON)
        page, began = Page(secret, papers.keys.held["leader"]), time.time()
        answered: list[Any] = []
        with serving(url, blobs, began, fatal=done + 1) as base:
            prepared, signed, code = begun_and_killed(page.at(base), documents, answered)
        act_id = half_done(engine, done)
        with serving(url, blobs, began) as base:
            if page_is == "closed":
                gone_on(page.at(base), act_id, code, whole, done)
            else:
                page.at(base).send(prepared["session"], signed, answered=answered)
                assert [one["ok"] for one in answered] == [True] * whole
        once_each(engine, act_id, code, [one["id"] for one in documents])
        assert agreed(engine, papers, tmp_path) == dict.fromkeys(("ours", "pdfsig", "mutool"), whole)


def half_done(engine: Engine, done: int) -> int:
    """What was committed before the kill and nothing else; the act's key."""
    with unit_of_work(engine) as uow:
        assert uow.session.scalar(select(func.count()).select_from(Signature)) == done
        count = select(func.count()).where(SigningItem.status == "done")
        assert uow.session.scalar(count) == done
        return uow.session.scalars(select(SigningSession.id)).one()


def once_each(engine: Engine, act_id: int, code: str, documents: list[int]) -> None:
    """One live signature, one step of its history, one line of its journal; one act, begun and ended once."""
    with unit_of_work(engine) as uow:
        signed = uow.session.execute(select(Signature.document_id, Signature.act_id, Signature.withdrawn_at)).all()
        assert sorted(signed) == [(one, act_id, None) for one in documents]
        steps = uow.session.scalars(select(History.document_id).where(History.action == "sign"))
        assert sorted(steps) == documents
        assert set(uow.session.scalars(select(Outgoing.state))) == {State.SIGNED}
        bodies = uow.session.scalars(select(Journal.body).where(Journal.subject.startswith("outgoing:")))
        acts = [body["facts"]["act"] for body in map(json.loads, bodies) if "act" in body["facts"]]
        assert acts == [code] * len(documents)
        told = uow.session.execute(select(Journal.tag, Journal.body).where(
            Journal.subject == f"signing_act:{act_id}").order_by(Journal.ordinal)).all()  # fmt: skip
        assert [tag for tag, _ in told] == ["signing:act:begun", "signing:act:ended"]
        assert {json.loads(body)["facts"]["count"] for _, body in told} == {len(documents)}


def agreed(engine: Engine, papers: Papers, folder: Path) -> dict[str, int]:
    """How many of the signed files each program finds valid."""
    with unit_of_work(engine) as uow:
        lists = tuple(uow.session.scalars(select(Crl.der)).all())
        hashes = uow.session.scalars(select(Outgoing.file_sha256)).all()
    evidence = signing.Evidence(crls=lists, receipt=signing.Receipt(NOON, signing.TimeSource.RECEIPT))
    trust, found = signing.TrustStore.of(papers.keys.root.der), {"ours": 0, "pdfsig": 0, "mutool": 0}
    for sha256 in hashes:
        data = papers.blobs.get(str(sha256))
        (folder / "a.pdf").write_bytes(data)
        verdict = signing.verify(data, trust=trust, at=NOON, evidence=evidence, policy=signing.DAILY)
        (signature,) = verdict.signatures
        found["ours"] += str(signature.verdict) == "passed"
        said = said_by(folder, "pdfsig", "-nocert")
        found["pdfsig"] += said.count("Signature Validation: Signature is Valid.") == 1
        found["mutool"] += mutool_finds_it_valid(said_by(folder, "mutool", "sign", "-v"))
    return found


def mutool_finds_it_valid(said: str) -> bool:
    """One signed field, unchanged since; the others are empty. It knows no root of ours."""
    return len(re.findall("The document is unchanged since signing", said)) == 1


def said_by(folder: Path, *program: str) -> str:
    run = subprocess.run([*program, "a.pdf"], cwd=folder, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr
