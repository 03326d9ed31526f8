"""The receipt: what was signed, with which key, by whose leave; also right after the server's key was used."""

from __future__ import annotations

import re

from sqlalchemy import select

from tests.support.attached import BOTH
from tests.support.browser import Browser
from tests.support.office import Office
from tests.support.papers import Papers
from workflow.domain.outgoing import Action
from workflow.services.sealing import allow_server_seal
from workflow.store.models import Signature, SigningSession
from workflow.store.session import unit_of_work


def by_server(papers: Papers, document_id: int) -> None:
    """As if the seal process had made the number's signature, by the leader's leave."""
    office = papers.office
    with unit_of_work(office.engine) as uow:
        allow_server_seal(uow, office.actor("leader"), allowed=True, reason="Biên bản số 01", now=papers.now)
        wanted = select(Signature).where(Signature.document_id == document_id, Signature.purpose == "number")
        uow.session.scalars(wanted).one().key_holder = "server_seal"
        uow.commit()


def test_the_receipt_names_key_and_leave(client: Browser, papers: Papers, office: Office) -> None:
    """A key on the server is told from a key file, with who allowed it; both link to the verdict."""
    document_id = papers.number_signed()
    by_server(papers, document_id)
    page = client.login("clerk").get(f"/sign/receipt?documents={document_id}").text
    assert "khóa trên máy chủ" in page
    assert "tệp khóa" in page
    assert f"được phép của {office.names['leader']} ngày" in page
    assert f'href="/outgoing/{document_id}#signatures-title"' in page


def test_a_seal_on_an_attachment_is_told_like_the_others(client: Browser, papers: Papers) -> None:
    """Leader, number, attachment and document: each with how its key was controlled and the code of its act."""
    document_id = papers.sealed(attach=BOTH)
    page = client.login("clerk").get(f"/sign/receipt?documents={document_id}").text
    assert page.count("kiểm soát khóa: trung bình") == 4
    with unit_of_work(papers.office.engine) as uow:
        codes = uow.session.scalars(select(SigningSession.manifest_code)).all()
    assert len(codes) == 4
    assert all(f"{code[:5]} {code[5:]}" in page for code in codes)


def test_the_receipt_says_first_what_came_of_it_and_what_is_next(client: Browser, papers: Papers) -> None:
    """How many, whether valid, who goes on; the clerk has the button, and after the seal the one to issue."""
    client.set_cookie("trinhky_language", "en")
    two = [papers.signed(), papers.signed()]
    address = "/sign/receipt?" + "&".join(f"documents={one}" for one in two)
    page = client.login("leader").get(address).text
    said = page.partition("<table")[0]
    assert "2 documents signed, all 2 valid." in said
    assert "Next: the clerk gives the number" in said
    assert 'href="/desk"' in said
    assert "/bulk/new" not in page
    numbered = client.login("clerk").get(address).text
    assert f'href="/bulk/new?act=number_and_seal&amp;documents={two[0]}:' in numbered.replace("%3A", ":")
    sealed = papers.sealed()
    page = client.get(f"/sign/receipt?documents={sealed}").text.partition("<table")[0]
    assert "1 document signed; every signature on it is valid." in page
    assert f'href="/outgoing/{sealed}">Issue (1)' in page
    client.set_cookie("trinhky_language", "vi")
    assert "Đã ký 2 văn bản, cả 2 hợp lệ." in client.get(address).text


def test_what_was_withdrawn_stands_there_and_counts_by_itself(client: Browser, papers: Papers) -> None:
    """Whoever has the earlier receipt in hand finds the signature again, and that it stands no more."""
    client.set_cookie("trinhky_language", "en")
    stands, gone = papers.signed(), papers.signed()
    papers.act("leader", gone, Action.WITHDRAW_SIGNATURE, "Sai số liệu")
    page = client.login("leader").get(f"/sign/receipt?documents={stands}&documents={gone}").text
    assert "1 document signed; every signature on it is valid. Signatures withdrawn: 1." in page
    assert len(re.findall(r"<strong>withdrawn \d", page)) == 1
    alone = client.get(f"/sign/receipt?documents={gone}").text
    assert "<strong>Signatures withdrawn: 1.</strong>" in alone
    assert "signed;" not in alone
