"""The page of search: results, hits, pages, what it says when there is nothing."""

from __future__ import annotations

import re

from sqlalchemy import Engine, insert

from tests.support.arrivals import LETTER, Arrivals
from tests.support.attached import annex
from tests.support.browser import Browser
from tests.support.exchange import Between
from tests.support.office import Office
from tests.support.papers import Papers
from tests.support.statements import statements
from workflow.domain.corrections import Kind
from workflow.services import search as service
from workflow.services.documents import drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.exchange import recalling
from workflow.store.models import Outgoing
from workflow.store.session import unit_of_work


def links(page: str) -> list[str]:
    """Documents that a page of results leads to."""
    found: list[str] = re.findall(r'<a href="(/(?:incoming|outgoing)/\d+)">', page)
    return found


def test_both_kinds_are_found_and_tabs_part_them(client: Browser, papers: Papers, arrivals: Arrivals) -> None:
    """Hits are marked, rows lead to their documents, tabs keep the words."""
    out, came = papers.draft(subject="Rà soát hộ nghèo", file=False), arrivals.registered()
    client.login("clerk")
    page = client.get("/search?q=rà+soát").text
    assert links(page) == [f"/incoming/{came.id}", f"/outgoing/{out}"]
    assert "<mark>rà</mark> <mark>soát</mark> biên chế" in page
    assert links(client.get("/search?q=ra+soat&kind=out").text) == [f"/outgoing/{out}"]
    assert links(client.get("/search?q=ra+soat&kind=in").text) == [f"/incoming/{came.id}"]
    assert links(client.get("/search?q=ra+soat&type=decision").text) == []
    assert 'href="/search?q=r%C3%A0+so%C3%A1t&amp;kind=out"' in page


def test_a_number_alone_and_looser_readings_are_told(client: Browser, arrivals: Arrivals) -> None:
    """A number is the document's own; accents are let go only with a word about it."""
    arrivals.registered()
    client.login("clerk")
    page = client.get("/search?q=412").text
    assert LETTER.symbol.replace("0412", "<mark>0412</mark>") in page
    assert "/search?q=%22412%22" in page
    assert "gõ không dấu được tìm" in client.get("/search?q=biên+che").text


def test_an_empty_answer_says_what_to_try(client: Browser, papers: Papers) -> None:
    """With words and without; foreign papers are no answer and no count."""
    papers.draft(subject="Chuyện của xã", file=False)
    for who, path in (("clerk", "/search"), ("clerk", "/search?q=%22"), ("far_clerk", "/search?q=chuyen+xa")):
        page = client.login(who).get(path).text
        assert "quả hạn" in page
        assert "Chuyện" not in page
        assert "small-count" not in page


def test_pages_of_results_go_on(client: Browser, office: Office, arrivals: Arrivals) -> None:
    """Thirty results are two pages, each once, with their number."""
    facts = [DraftFacts(type_code="letter", subject=f"Giao ban tuần {number}") for number in range(30)]
    with unit_of_work(office.engine) as uow:
        for one in facts:
            drafting.create(uow, office.actor("drafter"), facts=one, now=client.clock())
        uow.commit()
    client.login("clerk")
    first = client.get("/search?q=giao+ban").text
    assert "30 văn bản" in first
    following = re.search(r'href="(/search[^"]+)" rel="next"', first)
    assert following
    second = client.get(following.group(1).replace("&amp;", "&")).text
    assert len(links(first)) == 25
    assert len(set(links(first) + links(second))) == 30


def test_markup_in_texts_stays_text(client: Browser, papers: Papers) -> None:
    """Around and inside of hits."""
    papers.draft(subject='<img src=x onerror="alert(1)"> & <b>bão</b>', file=False)
    page = client.login("clerk").get("/search?q=bão").text
    assert "<img src=x" not in page
    assert "&lt;b&gt;<mark>bão</mark>&lt;/b&gt;" in page


def test_strange_addresses_do_no_harm(client: Browser, papers: Papers) -> None:
    """Damaged filters are left out."""
    papers.draft(subject="Bão", file=False)
    client.login("clerk")
    for query in (
        "since=x&until=31/31/2026", "after=²", "after=-1", "after=99999999999999999999", "kind=x&type=%27", "way=7",
        "since=0000-01-01", "until=9999-12-31",
    ):  # fmt: skip
        assert len(links(client.get(f"/search?q=bão&{query}").text)) == 1


def test_ten_and_a_thousand_documents_need_as_many_queries(
    client: Browser, papers: Papers, arrivals: Arrivals, engine: Engine
) -> None:
    """Results, count and menu together."""
    arrivals.registered()
    for number in range(9):
        papers.draft(subject=f"Giao ban tuần {number}", file=False)
    client.login("clerk")
    client.get("/search?q=x")  # names of types are read once
    told = {}
    for query in ("q=giao+ban", "q=412", "q=tuần+giao&kind=out"):
        with statements(engine) as sent:
            client.get(f"/search?{query}")
        told[query] = len(sent)
    _many(engine)
    for query, before in told.items():
        with statements(engine) as sent:
            client.get(f"/search?{query}")
        assert len(sent) == before, query


def _many(engine: Engine) -> None:
    with unit_of_work(engine) as uow:
        uow.begin_write()
        row = uow.session.query(Outgoing).first()
        assert row is not None
        table = Outgoing.__table__
        like = {c.name: getattr(row, c.name) for c in table.columns if c.name not in {"id", "code", "once_key"}}
        uow.session.execute(insert(Outgoing), [{**like, "code": f"X{number}"} for number in range(991)])
        service.rebuild(uow)
        service.write_some(uow, now=row.created_at, limit=2000)
        uow.commit()


def test_a_result_says_in_which_attachment_the_words_stand(client: Browser, papers: Papers) -> None:
    """On the page and to a program, its name as text; a page of many asks no more than a page of one."""
    made = [papers.draft(attach=[("Phụ lục <I>.pdf", annex("Mường Lò khảo sát"))]) for _copy in range(3)]
    other = papers.draft(subject="Mường Lò", file=False)
    with unit_of_work(papers.office.engine) as uow:
        (sha256,) = service.unread_files(uow, "out", made[0])[1:]
    with unit_of_work(papers.office.engine) as uow:
        service.read_file(uow, sha256, blobs=papers.blobs, now=papers.now)
        uow.commit()
    client.login("clerk")
    client.get("/search?q=khao+sat")
    sent = []
    for ready in (1, 3):
        for document_id in made[:ready]:
            with unit_of_work(papers.office.engine) as uow:
                service.finish(uow, "out", document_id)
                uow.commit()
        with statements(papers.office.engine) as counted:
            page = client.get("/search?q=khảo+sát").text
        sent.append(len(counted))
        assert links(page) == [f"/outgoing/{key}" for key in reversed(made[:ready])]
    assert sent[0] == sent[1]
    assert page.count("Trong tệp kèm theo Phụ lục &lt;I&gt;:") == 3
    page = client.get("/search?q=mường+lò").text
    assert links(page)[0] == f"/outgoing/{other}"
    assert page.count("Trong tệp kèm theo") == 3


def test_results_say_what_became_of_them(client: Browser, office: Office) -> None:
    """Recalled, replaced, amended, on either side, on the page and to a program; as many questions for one as for
    all of them, and nothing about what stands."""
    post, word = Between(office), "Xyz"
    open_one = {"secret": False, "state": "sealed", "sealed_at": post.now}
    stands, gone, old, amended = (post.sent("far", **open_one, subject=f"{word} {place}") for place in range(4))
    rows = [post.registered(one) for one in (stands, gone, old, amended)]
    with unit_of_work(office.engine) as uow:
        service.rebuild(uow)
        service.write_some(uow, now=post.now, limit=100)
        uow.commit()
    client.login("clerk").get(f"/search?q={word}")
    with statements(office.engine) as before:
        client.get(f"/search?q={word}")
    post.do("clerk", recalling.ask_recall, document_id=gone, reason="Sai")
    post.do("far_clerk", recalling.refuse_recall, incoming_id=rows[1].id, version=None, remark="Đã thi hành")
    for kind, earlier in ((Kind.REPLACE, old), (Kind.AMEND, amended)):
        later = post.ready("far", **open_one, subject="Khác")
        post.says(later, kind=kind, earlier_id=earlier, reason="Sai số")
        post.issue(later)
    with statements(office.engine) as after:
        page = client.get(f"/search?q={word}").text
    assert len(after) == len(before)
    told = ("Đã thu hồi", "Đã được thay thế", "Đã được sửa đổi, bổ sung")
    for who, found in (("clerk", page), ("far_clerk", client.login("far_clerk").get(f"/search?q={word}").text)):
        lines = re.findall(r'<p class="result-head">.*?</p>', found, re.DOTALL)
        assert len(lines) == 4, who
        marked = {
            re.sub("<[^>]+>", "", line).split()[-1]: [word for word in told if f">{word}</span>" in line]
            for line in lines
        }
        assert marked == {"0": [], "1": [told[0]], "2": [told[1]], "3": [told[2]]}, who
