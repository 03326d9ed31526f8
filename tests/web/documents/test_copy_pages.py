"""Certified copies through their pages: from the document to the seal, the register, the check by a stranger."""

from __future__ import annotations

import base64
import io
import json
import re
from html import unescape
from typing import Any

from tests.support.arrivals import Arrivals
from tests.support.browser import Browser
from tests.support.copied import asked, numbered, row, scan
from tests.support.forms import version_of
from tests.support.papers import Papers
from workflow.domain.copies import Form, Medium
from workflow.domain.signing_acts import Line, manifest
from workflow.services import checking
from workflow.services.signing.certificates import digest
from workflow.store.models import CertifiedCopy
from workflow.store.session import unit_of_work


def act(client: Browser, copy_id: int, verb: str, **more: str) -> Any:
    """Press a button on the copy's page as it stands."""
    page = client.get(f"/copies/{copy_id}").text
    return client.post(f"/copies/{copy_id}/{verb}", data={"version": version_of(page), **more})


def test_from_the_arrived_paper_to_the_sealed_copy(client: Browser, papers: Papers) -> None:
    """Clerk asks, head approves, clerk numbers and seals with the key in the browser; the check knows it."""
    arrival = Arrivals(papers.office).registered().id
    client.set_cookie("trinhky_language", "en")
    clerk = client.login("clerk")
    assert f"/copies/new?incoming={arrival}" in clerk.get(f"/incoming/{arrival}").text
    copy_id = _asked(clerk, papers, arrival)
    assert act(clerk, copy_id, "number").status_code == 409  # not before its signer
    leader = client.login("leader")
    assert "/copies?state=asked" in leader.get("/desk").text
    assert act(leader, copy_id, "approve").status_code == 303
    clerk = client.login("clerk")
    assert act(clerk, copy_id, "number").status_code == 303
    page = clerk.get(f"/sign/copy?documents={copy_id}").text
    (entry,) = json.loads(unescape(re.findall(r'data-documents="([^"]+)"', page)[0]))
    assert (entry["id"], entry["sha256"]) == (copy_id, row(papers, copy_id).sha256)
    assert 'data-prepare-url="/sign/copy/prepare"' in page
    assert "/sign/obstacle" not in page  # those are about documents
    _seal(clerk, papers, entry)
    shown = clerk.get(f"/copies/{copy_id}?done=seal").text
    assert "01/SY-UBND" in shown
    assert "sealed it" in shown
    file = clerk.get(f"/copies/{copy_id}/content")
    assert file.data == papers.blobs.get(row(papers, copy_id).sealed_sha256 or "")
    assert clerk.get(f"/copies/{copy_id}/pages/1.webp").status_code == 200
    assert f"/copies/{copy_id}" in clerk.get(f"/incoming/{arrival}").text
    with unit_of_work(papers.office.engine) as uow:
        checked = checking.check(uow, file.data, now=papers.now)
    assert (str(checked.standing), [str(one.verdict) for one in checked.verdict.signatures]) == (
        "copied",
        ["passed"],
    )
    told = clerk.post("/verify", data={"file": (io.BytesIO(file.data), "ban-sao.pdf")}).text
    assert "certified copy, sealed here under this number" in told
    assert "0412/SNV-TCBC" in told
    assert act(clerk, copy_id, "cancel", reason="").status_code == 422
    assert act(clerk, copy_id, "cancel", reason="Sao nhầm").status_code == 303
    assert (
        "was cancelled by the agency" in clerk.post("/verify", data={"file": (io.BytesIO(file.data), "a.pdf")}).text
    )
    _hidden_from_others(client, copy_id, arrival, papers.office.units["commune"])


def _hidden_from_others(client: Browser, copy_id: int, arrival: int, agency: int) -> None:
    for client_of in ("far_clerk", "far_leader"):
        far = client.login(client_of)
        assert far.get(f"/copies/{copy_id}").status_code == 404
        assert far.get(f"/copies/{copy_id}/content").status_code == 404
        for named in ("", f"?outgoing={copy_id}&incoming={copy_id}", f"?agency={agency}"):
            assert "01/SY-UBND" not in far.get(f"/copies{named}").text
        assert far.get(f"/copies/new?incoming={arrival}").status_code in {403, 404}


def _asked(clerk: Browser, papers: Papers, arrival: int) -> int:
    """The form, first with a scan that is too coarse: nothing typed is lost."""
    form = clerk.get(f"/copies/new?incoming={arrival}").text
    assert "Scan of the paper" in form
    assert "true_copy:digital" in form
    assert "true_copy:paper" not in form  # from paper to paper is the copier's
    head = papers.office.posts["leader"].id
    given = {"incoming": str(arrival), "way": "true_copy:digital", "signer": str(head), "copies": "2",
             "recipients": "Phòng Kinh tế"}  # fmt: skip

    def send(data: bytes) -> Any:
        return clerk.post("/copies/new", data={**given, "scan": (io.BytesIO(data), "giay.pdf")})

    refused = send(scan(dpi=150))
    assert refused.status_code == 422
    assert "150 dpi" in refused.text
    assert "Scan the paper again in colour" in refused.text
    assert "Phòng Kinh tế" in refused.text  # nothing typed is lost
    made = send(scan())
    return int(re.findall(r"/copies/(\d+)", made.headers["Location"])[0])


def _seal(clerk: Browser, papers: Papers, entry: dict[str, Any]) -> None:
    key = papers.keys.held["commune"]
    body = {"certificate": base64.b64encode(key.der).decode(), "chain": [], "documents": [entry]}
    prepared = clerk.post("/sign/copy/prepare", json=body).json
    (item,) = prepared["items"]
    assert clerk.get(item["preparedUrl"]).data.startswith(clerk.get(item["originalUrl"]).data)
    line = Line(str(entry["id"]), entry["version"], digest(clerk.get(item["preparedUrl"]).data), digest(
        base64.b64decode(item["toBeSigned"])
    ))  # fmt: skip
    act = manifest(purpose="copy", certificate=digest(key.der), nonce="n" * 20, lines=[line])
    told = {"session": prepared["session"], "nonce": "n" * 20, "order": [str(entry["id"])]}
    assert clerk.post("/sign/seal/fix", json={**told, "code": act.code}).json["code"] == "signing_session_not_found"
    assert clerk.post("/sign/copy/fix", json={**told, "code": "AAAAAAAAAA"}).json["code"] == "act_differs"
    assert clerk.post("/sign/copy/fix", json={**told, "code": act.code}).json == {"code": act.code}
    signature = base64.b64encode(key.sign(base64.b64decode(item["toBeSigned"]), raw=True)).decode()
    sent = {"session": prepared["session"], "items": [{"document": item["document"], "signature": signature}]}
    wrong = clerk.post("/sign/seal/finish", json=sent).json  # a document's door takes no copy
    assert wrong["items"][0]["ok"] is False
    (done,) = clerk.post("/sign/copy/finish", json=sent).json["items"]
    assert done["ok"] is True, done


def test_the_register_and_the_printed_copy(client: Browser, papers: Papers) -> None:
    """Filters, order, place, what is taken away; a paper copy is printed and written down as given out."""
    document = papers.issued()
    copy_id = numbered(papers, outgoing_id=document, medium=Medium.PAPER)
    asked(papers, outgoing_id=document, form=Form.EXTRACT, pages="1")
    client.set_cookie("trinhky_language", "en")
    clerk = client.login("clerk")
    printed = clerk.get(f"/copies/{copy_id}/print.pdf")
    assert printed.data.startswith(b"%PDF")
    assert act(clerk, copy_id, "give-out").status_code == 303
    page = clerk.get("/copies?form=extract").text
    assert "01/SY-UBND" not in page
    assert "Extract" in page
    assert "01/SY-UBND" in clerk.get("/copies?q=bão&sort=number&state=done&year=2026").text
    assert "No copy fits these filters" in clerk.get("/copies?q=nothing").text
    assert "/copies/new" not in client.login("inspector").get(f"/outgoing/{document}").text
    table = client.login("clerk").get("/copies/export.csv?state=done").text
    assert "01/SY-UBND" in table
    assert "Phòng Kinh tế" in table
    draft = papers.draft()
    assert "Only an issued document" in clerk.get(f"/copies/new?outgoing={draft}").text
    with unit_of_work(
        papers.office.engine
    ) as uow:  # fifty more, copied from the first: the list goes on by its place
        uow.begin_write()
        first = uow.session.get_one(CertifiedCopy, copy_id)
        columns = {c.key: getattr(first, c.key) for c in CertifiedCopy.__table__.columns if c.key != "id"}
        uow.add(*(CertifiedCopy(**columns | {"number": n, "symbol": f"{n:02d}/SY-UBND"}) for n in range(2, 53)))
        uow.commit()
    for sort in ("newest", "oldest", "number"):
        whole: list[str] = []
        address = f"/copies?sort={sort}&state=done"
        while address:
            page = clerk.get(address).text
            whole += re.findall(r'class="symbol">(\d+)/SY', page)
            onward = re.findall(r'href="([^"]+)" rel="next"', page)
            address = unescape(onward[0]) if onward else ""
        assert sorted(map(int, whole)) == list(range(1, 53)), sort


def test_the_head_names_who_signs_copies(client: Browser, papers: Papers) -> None:
    """With a reason, taken back with a reason; nobody but the head."""
    client.set_cookie("trinhky_language", "en")
    assert client.login("clerk").get("/copies/signers").status_code == 403
    head = client.login("leader")
    chief = papers.office.posts["chief"].id
    assert head.post("/copies/signers", data={"signer": f"{chief}:tl", "reason": ""}).status_code == 422
    assert head.post("/copies/signers", data={"signer": f"{chief}:kt", "reason": "x"}).status_code == 422
    assert head.post("/copies/signers", data={"signer": f"{chief}:tl", "reason": "QĐ 12"}).status_code == 303
    assert "Trịnh Xuân Hòa" in head.get("/copies/signers").text.split("Name somebody")[0]
    copy_id = asked(papers, signer="chief")
    assert act(client.login("chief"), copy_id, "decline", reason="Không cần").status_code == 303
    assert client.login("chief").get("/copies").status_code == 200
    assert client.login("head").get(f"/copies/{copy_id}").status_code == 404  # another unit's head
    head = client.login("leader")
    assert head.post(f"/copies/signers/{chief}/end", data={"reason": "Thôi"}).status_code == 303
    assert "Nobody was named" in head.get("/copies/signers").text


def test_a_form_sent_twice_is_answered_done_already(client: Browser, papers: Papers) -> None:
    """Each act by the same person from the same version; of anybody else's act the refusal speaks of the copy."""
    client.set_cookie("trinhky_language", "en")
    copy_id = asked(papers, outgoing_id=papers.issued(), medium=Medium.PAPER)
    for who, verb in (("leader", "approve"), ("clerk", "number"), ("clerk", "give-out"), ("clerk", "cancel")):
        browser = client.login(who)
        sent = {"version": version_of(browser.get(f"/copies/{copy_id}").text), "reason": "Sao nhầm"}
        first, second = (browser.post(f"/copies/{copy_id}/{verb}", data=sent) for _time in range(2))
        assert (first.status_code, second.status_code) == (303, 303), verb
        assert second.headers["Location"] == f"{first.headers['Location']}&already=1"
        assert "This was done already." in browser.get(second.headers["Location"]).text
        assert "This was done already." not in browser.get(first.headers["Location"]).text
    assert row(papers, copy_id).state == "cancelled"
    stale = client.login("clerk").post(f"/copies/{copy_id}/give-out", data={"version": "1"})
    assert (stale.status_code, "This copy was acted on since" in stale.text) == (409, True)
    other = asked(papers, outgoing_id=papers.issued(), medium=Medium.PAPER)
    assert act(client.login("leader"), other, "decline", reason="Không cần").status_code == 303
    again = client.post(f"/copies/{other}/decline", data={"version": "1", "reason": "Không cần"})
    assert again.headers["Location"].endswith("?done=decline&already=1")
    assert client.post(f"/copies/{other}/approve", data={"version": "1"}).status_code == 409
