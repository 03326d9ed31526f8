"""Search finds what it should and nothing that the searcher may not see, on both databases."""

from __future__ import annotations

import datetime as dt
import random
import unicodedata

import pytest
from sqlalchemy import select

from tests.support.arrivals import LETTER, Arrivals
from tests.support.office import NOON, Office
from workflow.demo.subjects import TOPICS
from workflow.domain.permissions import Scope
from workflow.domain.search import Asked, marked, read_query, words_of
from workflow.domain.text import fold
from workflow.services import search
from workflow.services.documents import drafting
from workflow.services.documents.drafting import DraftFacts
from workflow.services.incoming import arriving
from workflow.store import documents, incoming
from workflow.store import search as store
from workflow.store.models import Incoming, Outgoing, SearchText
from workflow.store.search import Narrowed
from workflow.store.session import unit_of_work

CONFUSABLE = (
    ("quá hạn", "quả hạn"), ("đề án", "dê ăn"), ("bàn giao", "bán giáo"), ("phê duyệt", "phế duyệt"),
    ("cấp đất", "cập đạt"), ("thủy lợi", "thuy loi"), ("hòa giải", "hoa giai"), ("ủy ban", "uy bản"),
)  # fmt: skip
"""What is written the same when accents are lost."""


@pytest.fixture
def arrivals(office: Office) -> Arrivals:
    """Papers that come."""
    return Arrivals(office)


def draft(office: Office, subject: str, who: str = "drafter", **given: object) -> int:
    """An outgoing document."""
    facts = DraftFacts(type_code="letter", subject=subject, **given)  # type: ignore[arg-type]
    with unit_of_work(office.engine) as uow:
        made = drafting.create(uow, office.actor(who), facts=facts, now=NOON)
        uow.commit()
        return made.id


def subjects(office: Office, words: str, who: str = "clerk", **narrowed: object) -> list[str]:
    """What a person finds, newest first."""
    with unit_of_work(office.engine) as uow:
        answer = search.search(
            uow, office.scope(who), words, narrowed=Narrowed(**narrowed), limit=50  # type: ignore[arg-type]
        )  # fmt: skip
        return [row.subject for row in answer.rows] if answer else []


def test_accents_decide_where_there_are_any(office: Office) -> None:
    """Each confusable word finds itself alone, typed composed or not; without accents it finds all of its twins."""
    for pair in CONFUSABLE:
        for words in pair:
            draft(office, f"Về việc {words} năm 2026")
    for pair in CONFUSABLE:
        for words in pair:
            if fold(words) != words:
                own = [f"Về việc {words} năm 2026"]
                assert subjects(office, words) == own
                assert subjects(office, unicodedata.normalize("NFD", words.upper())) == own
        assert len(subjects(office, fold(pair[0]))) == 2


@pytest.mark.parametrize(
    "query", ["0412/SNV-TCBC", "412/snv-tcbc", "412", "SNV", "tcbc", "0412", '"snv tcbc"', "412/SNV", "Thu Trần",
              "nội vụ", "ra soat bien che", "công văn biên chế", "quyet dinh OR bien" , "biên chế 2027"],
)  # fmt: skip
def test_a_letter_is_found_by_what_stands_on_it(arrivals: Arrivals, query: str) -> None:
    """Number with zeros or without, parts of the symbol, sender, signer, subject, type."""
    arrivals.registered()
    wanted = [] if "OR" in query else [LETTER.subject]
    assert subjects(arrivals.office, query) == wanted


def test_tone_marks_may_stand_where_they_like(office: Office) -> None:
    """Uỷ and ủy are one word, quý is left alone."""
    draft(office, "Uỷ ban xã Hoà Bình báo cáo quý II")
    for query in ("ủy ban", "uỷ ban", "Hòa Bình", "hoà bình", "quý"):
        assert len(subjects(office, query)) == 1


def test_words_without_accents_among_accented_ones(office: Office) -> None:
    """Exact while that finds anything, else folded word by word."""
    draft(office, "Quyết định bán giáo cụ")
    assert subjects(office, "quyết dinh") == ["Quyết định bán giáo cụ"]
    assert subjects(office, "quyết giao") == ["Quyết định bán giáo cụ"]
    draft(office, "Quyết toán và giao nhận")
    assert subjects(office, "quyết giao") == ["Quyết toán và giao nhận"]


def test_nothing_typed_breaks_a_search(office: Office) -> None:
    """Syntax of either index, quotes, controls, other scripts."""
    draft(office, "Bình thường")
    odd = (
        '"', '""', "'", "\\", "a' | 'b", "words : x", "NEAR(a b)", "a*", "^a", "-a", "a AND NOT b", "(", "%",
        "\x00", "ﬁ ²x ①", "\ud800", "İstanbul ß", "한국어", "đ\u0301\u0301", "a" * 5000, "x " * 500, ":*", "<->",
        "!a", "a:b",
    )  # fmt: skip
    for query in odd:
        subjects(office, query)
        subjects(office, f"bình {query} thường")
    assert subjects(office, 'bình "thường') == ["Bình thường"]


def test_the_row_follows_the_document(office: Office, arrivals: Arrivals) -> None:
    """A corrected subject is found, the old one is not; who was given the paper finds it, others do not."""
    paper = arrivals.assigned()
    assert subjects(office, "biên chế", "specialist") == [LETTER.subject]
    assert subjects(office, "biên chế", "culture_head") == [LETTER.subject]
    for stranger in ("lone_drafter", "far_clerk", "far_leader", "admin"):
        assert subjects(office, "biên chế", stranger) == []
    changed = arriving.Facts(issuer=LETTER.issuer, symbol=LETTER.symbol, subject="Về việc tinh giản")
    arrivals.do(
        "clerk", arriving.correct, incoming_id=paper.id, version=None, facts=changed, remark="Sai trích yếu"
    )
    assert subjects(office, "biên chế") == []
    assert subjects(office, "tinh giản") == ["Về việc tinh giản"]


def test_filters(office: Office, arrivals: Arrivals) -> None:
    """Kind, type and days."""
    arrivals.registered()
    draft(office, "Rà soát đi")
    assert subjects(office, "rà soát", kinds=("out",)) == ["Rà soát đi"]
    assert subjects(office, "rà soát", kinds=("in",)) == [LETTER.subject]
    assert subjects(office, "rà soát", type_code="decision") == []
    since, until = dt.date(2026, 11, 20), dt.date(2026, 11, 22)
    assert subjects(office, "rà soát", since=since, until=until) == [LETTER.subject]
    assert subjects(office, "rà soát", since=until) == ["Rà soát đi"]
    assert subjects(office, "rà soát", until=until) == [LETTER.subject]


def test_pages_go_on_and_counts_stop(office: Office) -> None:
    """By key, without a gap or a repetition, over both kinds."""
    made = [draft(office, f"Giao ban tuần {number}") for number in range(7)]
    asked, scope = read_query("giao ban")[0], office.scope("clerk")
    with unit_of_work(office.engine) as uow:
        seen, after = [], None
        while rows := store.found(scope, uow.session, asked, narrowed=Narrowed(), after=after, limit=3)[:3]:
            seen += [row.document_id for row in rows]
            after = rows[-1].id
        assert seen == made[::-1]
        assert store.count(scope, uow.session, asked, narrowed=Narrowed(), cap=5) == 6
        assert store.count(scope, uow.session, asked, narrowed=Narrowed(), cap=50) == 7


def test_rebuilding_changes_nothing_that_was_right(office: Office, arrivals: Arrivals) -> None:
    """Rows are written again as they were; a missing one comes back."""
    arrivals.in_progress()
    draft(office, "Đề án số 5")
    columns = (
        SearchText.kind,
        SearchText.document_id,
        SearchText.text,
        SearchText.tags,
        SearchText.words,
        SearchText.day,
    )
    with unit_of_work(office.engine) as uow:
        before = uow.session.execute(select(*columns).order_by(SearchText.kind)).all()
        uow.begin_write()
        uow.session.query(SearchText).filter_by(kind="out").delete()
        uow.commit()
    assert subjects(office, "đề án") == []
    with unit_of_work(office.engine) as uow:
        assert search.rebuild(uow) == 2
        assert search.write_some(uow, now=NOON, limit=10)[0] == 2
        uow.commit()
        assert uow.session.execute(select(*columns).order_by(SearchText.kind)).all() == before
    assert subjects(office, "đề án") == ["Đề án số 5"]


WORDS = ("biên", "chế", "giao", "ban", "quá", "hạn", "qua", "han", "412", "văn", "bản")


def test_nothing_leaves_a_scope(office: Office, arrivals: Arrivals) -> None:
    """Random scopes and words: rows, counts and texts are just those of `within` that hold the words."""
    chance = random.Random(412)
    who = ("drafter", "lone_drafter", "far_drafter", "head", "clerk", "culture_head", "far_clerk")
    for number in range(24):
        subject = f"Văn bản {number} " + " ".join(chance.choice(WORDS) for _ in range(3))
        draft(office, subject, chance.choice(who))
    for made in (arrivals.paper, arrivals.registered, arrivals.directed, arrivals.assigned, arrivals.in_progress):
        made()
    arrivals.registered(clerk="far_clerk")
    units, people = list(office.units.values()), [post.person_id for post in office.posts.values()]
    with unit_of_work(office.engine) as uow:
        for _ in range(60):
            scope = Scope(
                agency_ids=tuple(
                    chance.sample([office.units["commune"], office.units["far"]], chance.randrange(2))
                ),
                unit_ids=tuple(chance.sample(units, chance.randrange(3))),
                person_id=chance.choice([None, *people]),
                person_in=chance.choice([office.units["commune"], office.units["far"]]),
                office_of=tuple(chance.sample([office.units["commune"]], chance.randrange(2))),
            )
            allowed = {
                ("out", key) for key in uow.session.scalars(select(Outgoing.id).where(documents.within(scope)))
            }
            allowed |= {
                ("in", key) for key in uow.session.scalars(select(Incoming.id).where(incoming.within(scope)))
            }
            query = " ".join(chance.sample(WORDS, chance.randrange(1, 3)))
            for asked in read_query(query):
                rows = store.found(scope, uow.session, asked, narrowed=Narrowed(), limit=100)
                wanted = {
                    (row.kind, row.document_id)
                    for row in uow.session.execute(select(SearchText.kind, SearchText.document_id, SearchText.text))
                    if (row.kind, row.document_id) in allowed and _holds(row.text, asked)
                }
                if not asked.number:
                    assert {(row.kind, row.document_id) for row in rows} == wanted
                assert {(row.kind, row.document_id) for row in rows} <= allowed
                assert store.count(scope, uow.session, asked, narrowed=Narrowed(), cap=100) == len(rows)
                for row in rows:
                    assert "".join(text for text, _hit in marked(row.text, asked)) == row.text


def _holds(text: str, asked: Asked) -> bool:
    """Searched by hand."""
    exact = words_of(text)
    plainly = [fold(word) for word in exact]
    return all(all(word in (exact if term.exact else plainly) for word in term.asked) for term in asked.terms)


def test_subjects_of_the_demo_province(office: Office) -> None:
    """Each subject's own words, with accents, find what holds them all and nothing else, however they were typed;
    without accents they find at least as much."""
    known = sorted({topic.subject.format(n=3, m=5, y=2026, q=2, w=7) for topic in TOPICS})
    for subject in known:
        draft(office, subject)
    exact = {subject: set(words_of(subject)) for subject in known}
    for subject in known:
        some = [word for word in words_of(subject) if word != fold(word)][:3]
        right = {other for other in known if set(some) <= exact[other]}
        assert set(subjects(office, " ".join(some))) == right
        assert set(subjects(office, unicodedata.normalize("NFD", " ".join(some)))) == right
        assert set(subjects(office, fold(" ".join(some)))) >= right
