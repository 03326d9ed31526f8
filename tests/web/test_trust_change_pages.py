"""A change of trust on its pages: proposed, counted, seen, and decided by the second administrator."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest
from sqlalchemy import Engine, select

from signing.testing import Authority, Subject
from tests.support import trust
from tests.support.attached import annex
from tests.support.browser import Browser, Clock
from tests.support.keys import FOUNDED, Keys, founded
from tests.support.office import Office
from tests.support.papers import papers_of
from tests.support.trust import REASON, SECOND, count
from workflow.adapters.blobs import Blobs, open_blobs
from workflow.config import Settings
from workflow.services import trust_changes
from workflow.store.models import Journal, TrustChange, TrustRoot
from workflow.store.session import unit_of_work

NEW = Authority.root(Subject(common_name="Gốc mới"), now=FOUNDED)
PRINTED = " ".join(NEW.identity.fingerprint.upper()[place : place + 4] for place in range(0, 64, 4))
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def blobs(settings: Settings) -> Blobs:
    """The application's own."""
    return open_blobs(settings.blob_url)


@pytest.fixture
def keys(office: Office) -> Keys:
    """A listed root and a second administrator."""
    trust.second_admin(office)
    return founded(office)


def fill(**changes: Any) -> dict[str, Any]:
    """The form for the new root as it should be filled in."""
    given = {
        "file": (io.BytesIO(NEW.identity.pem), "root.pem"), "fingerprint": PRINTED, "label": "Gốc mới",
        "purpose": ["person", "seal"], "kind": "public_service", "reason": REASON,
    }  # fmt: skip
    return given | changes


def propose(client: Browser, **changes: Any) -> str:
    """Send it; the address of the change."""
    answer = client.post("/admin/trust/roots/new", data=fill(**changes))
    assert answer.status_code == 303, re.findall(r'class="invalid"[^>]*>(.*?)</p>', answer.text)
    return str(answer.headers["Location"])


def test_from_proposal_to_the_list(client: Browser, keys: Keys, office: Office, blobs: Blobs) -> None:
    """The whole way. Until the second one has typed the fingerprint too, no page shows it."""
    address = propose(client.login("admin"), scope=[str(office.units["commune"])], trusted_until="31/12/2027")
    assert "confirm" not in client.get(address).text
    assert client.post(f"{address}/confirm", data={"fingerprint": PRINTED}).status_code == 422
    client.login(SECOND)
    early = client.get(address, headers=ENGLISH).text
    assert "once the report is complete" in early
    count(office, blobs, int(address.rpartition("/")[2]), now=client.clock())
    page = client.get(address, headers=ENGLISH).text
    assert "Nothing is signed here yet" in page
    assert NEW.identity.fingerprint[:16] not in page.lower().replace(" ", "")
    typo = client.post(f"{address}/confirm", data={"fingerprint": PRINTED[:-1] + "?"})
    assert typo.status_code == 422
    assert 'id="e-fingerprint"' in typo.text
    assert client.post(f"{address}/confirm", data={"fingerprint": PRINTED}).status_code == 303
    listed = client.get("/admin/trust", headers=ENGLISH).text
    for words in (PRINTED, "31/12/2027", "Vũ Minh Khôi, Ngô Thị Hai", "xã Đồng Tâm and agencies below", "in force"):
        assert words in listed
    assert client.post(f"{address}/refuse", data={"reason": "x"}).status_code == 409


def test_the_report_shows_papers_by_their_symbol_only(
    client: Browser, office: Office, blobs: Blobs, clock: Clock
) -> None:
    """Counts first, then each signature; no subject, no link to a paper; the same as a file."""
    trust.second_admin(office)
    papers = papers_of(office, blobs, now=clock())
    document_id = papers.issued(subject="V/v việc rất riêng")
    client.login("admin")
    assert client.post("/admin/trust/roots/1/retire", data={"reason": ""}).status_code == 422
    answer = client.post("/admin/trust/roots/1/retire", data={"reason": REASON})
    address = str(answer.headers["Location"])
    count(office, blobs, int(address.rpartition("/")[2]), now=clock())
    page = client.get(address, headers=ENGLISH).text
    assert "This would change 3 of 3 stored verdicts." in page
    assert page.count("01/UBND-KT") == 3
    assert f"/outgoing/{document_id}" not in page
    table = client.get(f"{address}/flips.csv").get_data(as_text=True)
    assert len(table.splitlines()) == 4
    assert "rất riêng" not in page + table
    assert "Seal, signed by the agency" not in client.get(f"{address}?after=3", headers=ENGLISH).text
    assert client.post(f"{address}/count").status_code == 303
    assert "Count again" not in client.get(address, headers=ENGLISH).text
    assert client.post(f"{address}/withdraw").status_code == 303
    assert "taken back" in client.get(address, headers=ENGLISH).text


def test_what_was_typed_wrongly_is_said_beside_its_field(client: Browser, keys: Keys, engine: Engine) -> None:
    """Nothing is proposed."""
    client.login("admin")
    for field, changes in (
        ("fingerprint", {"fingerprint": "00" * 32}),
        ("file", {"file": (io.BytesIO(b"x"), "x.pem")}),
        ("trusted_until", {"trusted_until": "31/31/2027"}),
        ("reason", {"reason": " "}),
    ):
        answer = client.post("/admin/trust/roots/new", data=fill(**changes))
        assert (answer.status_code, f'id="e-{field}"' in answer.text) == (422, True), field
    answer = client.post("/admin/trust/roots/new", data=fill(purpose=[]))
    assert (answer.status_code, 'href="#f-purposes"' in answer.text) == (422, True)
    same = {"label": "Gốc thử", "kind": "dedicated", "purpose": ["person", "seal"], "reason": REASON}
    assert client.post("/admin/trust/roots/1/amend", data=same).status_code == 422
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(TrustChange)).all() == []


def test_an_amendment_shows_before_and_after(client: Browser, keys: Keys) -> None:
    """Only what differs; and the policy goes the same way."""
    client.login("admin")
    given = {"label": "Gốc thử", "kind": "dedicated", "purpose": ["person"], "reason": REASON}
    answer = client.post("/admin/trust/roots/1/amend", data=given)
    page = client.get(str(answer.headers["Location"]), headers=ENGLISH).text
    assert "persons, seals of agencies" in page
    assert "<dt>Kind</dt>" not in page
    again = client.post("/admin/trust/roots/1/retire", data={"reason": REASON})
    assert again.status_code == 422
    policy = client.post("/admin/trust/policy", data={"name": "strict", "reason": REASON})
    assert "strict" in client.get(str(policy.headers["Location"]), headers=ENGLISH).text
    assert client.get("/admin/trust", headers=ENGLISH).text.count("Look at the change that waits") == 2


def test_nobody_else_gets_in(client: Browser, keys: Keys, engine: Engine, clock: Clock) -> None:
    """Neither another agency's administrator nor any other role; without token or fresh factor nothing moves."""
    address = propose(client.login("admin"))
    acts = [f"{address}/{verb}" for verb in ("confirm", "refuse", "withdraw", "count")]
    pages = [
        address,
        f"{address}/flips.csv",
        *(f"/admin/trust/roots/{what}" for what in ("new", "1/amend", "1/retire")),
    ]
    for who in ("far_admin", "clerk", "leader", "inspector", "drafter"):
        client.login(who)
        assert {client.get(page).status_code for page in pages} == {403}
        assert {client.post(page, data={"reason": "x"}).status_code for page in (*acts, *pages[2:])} == {403}
    client.login("admin")
    assert {client.post(page, data={"reason": "x"}, csrf=False).status_code for page in acts} == {400}
    assert client.get("/admin/trust/changes/99").status_code == 404
    assert client.get("/admin/trust/roots/99/amend").status_code == 404
    clock.advance(minutes=6)
    assert client.get(address).status_code == 200
    assert client.post(f"{address}/withdraw").status_code == 403
    client.logout()
    assert client.get(address).status_code == 302
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(TrustChange.state)).one() == "counting"


def test_roots_say_who_stands_behind_them(client: Browser, keys: Keys, engine: Engine, clock: Clock) -> None:
    """One that the shell listed has nobody; retired ones are shown on demand; an empty list says what to do."""
    client.login("admin")
    assert "listed by the shell" in client.get("/admin/trust", headers=ENGLISH).text
    with unit_of_work(engine) as uow:
        uow.begin_write()
        uow.session.get_one(TrustRoot, 1).retired_at = clock()
        uow.commit()
    page = client.get("/admin/trust", headers=ENGLISH).text
    assert "No root is listed" in page
    assert "Gốc thử" not in page
    assert "Gốc thử" in client.get("/admin/trust?retired=1").text
    with unit_of_work(engine) as uow:
        assert uow.session.scalars(select(Journal.tag)).all() == []


def test_a_seal_on_an_attachment_is_named_by_its_place(client: Browser, office: Office, blobs: Blobs) -> None:
    """Page and CSV: the paper's symbol, which attachment it is, and no name of it."""
    papers = papers_of(office, blobs)
    papers.sealed(attach=[("Hộ nghèo.pdf", annex("I")), ("Kinh phí.pdf", annex("II"))])
    change = trust.do(office, trust_changes.propose_retirement, root_id=1, reason=REASON)
    count(office, blobs, change.id)
    address = f"/admin/trust/changes/{change.id}"
    page = client.login("admin").get(address, headers=ENGLISH).text
    table = client.get(f"{address}/flips.csv", headers=ENGLISH).get_data(as_text=True)
    for told in (page, table):
        assert [f"Seal on attachment {n}" in told for n in (1, 2, 3)] == [True, True, False]
        assert "Hộ nghèo" not in told
    assert "Dấu số trên tệp kèm theo số 2" in client.get(address, headers={"Accept-Language": "vi"}).text
