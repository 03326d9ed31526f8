"""Drafts written from templates, remarks on their versions, an office's own templates: on both databases."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from signing import jail
from tests.support.arrivals import Arrivals
from tests.support.papers import Papers, letter
from workflow.domain.errors import BadInput, NotFound, NotPermitted, Refused, WrongState
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.domain.templates import Place
from workflow.services import outbox, replies
from workflow.services.documents import commenting, drafting, files, numbers, plans, remarks, templates, writing
from workflow.services.incoming.arriving import Facts
from workflow.store import documents as store
from workflow.store import drafting as words
from workflow.store.models import DraftText, Journal, Outbox, PostRow
from workflow.store.session import unit_of_work

BODY = "Ủy ban nhân dân xã thống nhất với dự thảo.\n- Biên chế: 24 người.\n- Thời hạn: ngày 30/11/2026./."


def answering(papers: Papers) -> int:
    """A draft without a file that answers a paper from the department."""
    arrived = Arrivals(papers.office).directed()
    document_id = papers.draft(
        file=False, signer="deputy", capacity=Capacity.KT, recipients="Sở Nội vụ tỉnh Lam Giang",
        subject="Trả lời Công văn số 0412/SNV-TCBC ngày 20/11/2026 của Sở Nội vụ tỉnh Lam Giang",
    )  # fmt: skip
    papers.do(replies.link, "drafter", document_id=document_id, incoming_id=arrived.id)
    return document_id


def write(papers: Papers, document_id: int, *, body: str = BODY, who: str = "drafter", basis: str = "") -> None:
    """The next version."""
    papers.do(
        writing.write, who, document_id=document_id, version=papers.row(document_id).version, basis=basis,
        body=body, template="built:reply", blobs=papers.blobs,
    )  # fmt: skip


def read(papers: Papers, document_id: int, *, kind: str = "draft") -> str:
    """The words of the newest file of a kind as the jail reads them."""
    with unit_of_work(papers.office.engine) as uow:
        version = store.latest_file(uow.session, document_id, kind)
        assert version is not None
        data = papers.blobs.get(version.sha256)
    pages: list[str] = jail.run("workflow.adapters.words:text", data).json["texts"]
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


def test_a_template_starts_from_what_is_known(papers: Papers) -> None:
    """The paper that is answered, with number, date, issuer and subject: nobody types them again."""
    document_id = answering(papers)
    with unit_of_work(papers.office.engine) as uow:
        document = store.find(papers.office.scope("drafter"), uow.session, document_id)
        template = templates.template_of(uow, document.agency_id, "built:reply")
        begun = writing.begin_words(
            uow, papers.office.scope("drafter"), document, template=template, now=papers.now
        )
        foreign = writing.known_of(uow, papers.office.scope("far_clerk"), document, now=papers.now)
    assert begun.words.body.startswith(
        "Trả lời Công văn số 0412/SNV-TCBC ngày 20 tháng 11 năm 2026 của Sở Nội vụ tỉnh Lam Giang về việc rà soát "
        "biên chế năm 2027, Ủy ban nhân dân xã Đồng Tâm có ý kiến như sau:"
    )
    assert begun.unknown == ()
    assert foreign.get(Place.ANSWERED_SUBJECT) is None


def test_an_answer_says_nothing_of_what_a_secret_paper_is_about(papers: Papers) -> None:
    """The answer may be an open paper; number, day and sender are what registers say too."""
    secret = Facts(issuer="Sở Nội vụ", symbol="07/SNV-M", subject="về việc bố trí phòng thủ", secret=True)
    arrived = Arrivals(papers.office).directed(facts=secret)
    document_id = papers.draft(file=False, subject="Trả lời Công văn số 07/SNV-M")
    papers.do(replies.link, "drafter", document_id=document_id, incoming_id=arrived.id)
    write(papers, document_id, body="Trả lời {{so_ky_hieu_van_ban_den}} về việc {{trich_yeu_van_ban_den}}./.")
    text = read(papers, document_id)
    assert "07/SNV-M" in text
    assert "phòng thủ" not in text


def test_a_draft_is_set_with_all_that_is_known(papers: Papers) -> None:
    """Head, place, symbol, subject, addressee, capacity, name, file copy; number and day wait for the clerk."""
    document_id = answering(papers)
    write(papers, document_id)
    text = read(papers, document_id)
    for said in (
        "TỈNH LAM GIANG", "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM", "/UBND-KT", "Đồng Tâm, ngày", "V/v trả lời Công văn số",
        "Kính gửi: Sở Nội vụ tỉnh Lam Giang", "- Biên chế: 24 người.", "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "Đặng Quốc Việt", "- Như trên;", "- Lưu: VT, KT.",
    ):  # fmt: skip
        assert said in text
    document = papers.row(document_id)
    with unit_of_work(papers.office.engine) as uow:
        assert remarks.remarks(uow, document, now=papers.now) == ()
        drawn = {str(one.kind): str(one.drawn) for one in plans.fields_of(uow, document_id)}
    assert (drawn["leader"], drawn["number"]) == ("missing", "missing")


def test_a_letter_addresses_only_whom_it_goes_to(papers: Papers) -> None:
    """A unit inside gets a copy and is not addressed; references and the file copy are said once."""
    culture, far = "Phòng Văn hóa – Xã hội", "Sở Tài chính"
    units = (papers.office.units["culture"],)

    def set_of(recipients: str, type_code: str = "letter") -> str:
        facts = drafting.DraftFacts(type_code=type_code, subject="V/v họp", recipients=recipients, units=units)
        document_id = papers.do(drafting.create, "drafter", scoped=False, facts=facts).id
        write(papers, document_id)
        return read(papers, document_id)

    for typed, filed in ((far, "Lưu: VT, KT"), (f"- {far};\n- Như trên;\n- Lưu: VT, TCKH.", "Lưu: VT, TCKH")):
        text = set_of(typed)
        assert f"Kính gửi: {far} " in text
        assert f"Nơi nhận: - Như trên; - {culture}; - {filed}." in text, text
        assert (text.count(culture), text.count("Như trên"), text.count("Lưu:")) == (1, 1, 1)
    text = set_of("")
    assert f"Kính gửi: {culture} " in text, "who alone gets it is addressed"
    assert "Nơi nhận: - Như trên; - Lưu: VT, KT." in text
    text = set_of(f"Như Điều 3\n{far}\nLưu: VT", "decision")
    assert f"- Như Điều 3; - {culture}; - {far}; - Lưu: VT." in text, text
    assert "Kính gửi" not in text


def test_without_a_signer_the_template_keeps_their_place(papers: Papers) -> None:
    """Nobody is named yet: the boxes stand where the template left room, and all of the block is drawn later."""
    facts = drafting.DraftFacts(type_code="decision", subject="Về việc cử cán bộ")
    document_id = papers.do(drafting.create, "drafter", scoped=False, facts=facts).id
    write(papers, document_id, basis="Căn cứ Luật Tổ chức chính quyền địa phương;", body="QUYẾT ĐỊNH:\nĐiều 1. Cử.")
    assert "CHỦ TỊCH ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM Căn cứ Luật" in read(papers, document_id)
    with unit_of_work(papers.office.engine) as uow:
        leader = next(one for one in plans.fields_of(uow, document_id) if one.kind == "leader")
    assert str(leader.drawn) == "whole"
    assert leader.box[2] - leader.box[0] > 200


def test_the_words_are_kept_for_the_next_version(papers: Papers) -> None:
    """Each save is a version with its words; another signer stands on the next one; kept rows cannot change."""
    document_id = answering(papers)
    write(papers, document_id)
    write(papers, document_id, body=f"{BODY}\nKính đề nghị xem xét.")
    with unit_of_work(papers.office.engine) as uow:
        rows = uow.session.scalars(select(DraftText).where(DraftText.document_id == document_id)).all()
        kept = writing.written_here(uow, papers.row(document_id))
    assert [(one.ordinal, one.template) for one in rows] == [(2, "built:reply"), (4, "built:reply")]
    assert kept is not None
    assert kept.body.endswith("Kính đề nghị xem xét.")
    facts = drafting.DraftFacts(
        type_code="letter", subject="V/v khác", signer_post_id=papers.office.posts["leader"].id
    )  # fmt: skip
    papers.do(
        drafting.revise, "drafter", document_id=document_id, version=papers.row(document_id).version, facts=facts
    )  # fmt: skip
    write(papers, document_id, body=kept.body)
    assert "CHỦ TỊCH Nguyễn Thị Lan" in read(papers, document_id)
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        uow.session.get_one(DraftText, rows[0].id).body = "Lời khác"
        with pytest.raises(DBAPIError, match="append-only"):
            uow.flush()


def test_a_file_of_ones_own_ends_the_words(papers: Papers) -> None:
    """What was uploaded since is the draft; nothing is set over it from older words."""
    document_id = answering(papers)
    write(papers, document_id)
    papers.do(
        files.upload_draft, "drafter", document_id=document_id, version=papers.row(document_id).version,
        data=letter(), filename="cv.pdf", blobs=papers.blobs,
    )  # fmt: skip
    with unit_of_work(papers.office.engine) as uow:
        assert writing.written_here(uow, papers.row(document_id)) is None


def test_who_may_not_write(papers: Papers) -> None:
    """Another agency finds nothing, a colleague is refused, bad words change nothing."""
    document_id = answering(papers)
    with pytest.raises(NotFound):
        write(papers, document_id, who="far_drafter")
    with pytest.raises(Refused):
        write(papers, document_id, who="head")
    with pytest.raises(BadInput, match="template_place_unknown"):
        write(papers, document_id, body="{{so_hieu}}")
    assert papers.row(document_id).file_sha256 is None


def test_an_office_keeps_its_own_templates(papers: Papers) -> None:
    """Offered to its drafters only, first in their list, until put out of use; a name once a type."""
    given = {"type_code": "notice", "name": "Thông báo lịch tiếp dân", "basis": "", "body": "{{co_quan}} ……"}
    row = papers.do(templates.add, "clerk", scoped=False, **given)
    key, agency = f"own:{row.id}", papers.office.units["commune"]
    with pytest.raises(BadInput, match="template_name_taken"):
        papers.do(templates.add, "admin", scoped=False, **given | {"name": "THÔNG BÁO lịch tiếp dân"})
    with pytest.raises(NotPermitted):
        papers.do(templates.add, "drafter", scoped=False, **given)
    with pytest.raises(NotFound):
        papers.do(templates.end, "far_admin", scoped=False, template_id=row.id)
    with unit_of_work(papers.office.engine) as uow:
        assert templates.offered(uow, agency)[0].key == key
        assert key not in {one.key for one in templates.offered(uow, papers.office.units["far"])}
        with pytest.raises(NotFound):
            templates.template_of(uow, papers.office.units["far"], key)
    papers.do(templates.end, "admin", scoped=False, template_id=row.id)
    with unit_of_work(papers.office.engine) as uow, pytest.raises(Refused, match="template_ended"):
        templates.template_of(uow, agency, key)
    papers.do(templates.add, "clerk", scoped=False, **given)


def test_remarks_are_tied_to_a_version_and_a_page(papers: Papers) -> None:
    """Written by who may act, answered in one thread, settled by author or drafter, journalled."""
    document_id = papers.in_review()
    said = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, page=1, words="Sửa ngày.")
    back = papers.do(commenting.answer, "drafter", document_id=document_id, comment_id=said.id, words="Đã sửa.")
    again = papers.do(commenting.answer, "head", document_id=document_id, comment_id=back.id, words="Cảm ơn.")
    assert [(one.ordinal, one.page, one.parent_id) for one in (said, back, again)] == [
        (2, 1, None), (2, 1, said.id), (2, 1, said.id),
    ]  # fmt: skip
    settle = {"document_id": document_id, "comment_id": back.id}
    with pytest.raises(NotPermitted, match="comment_of_another"):
        papers.do(commenting.settle, "clerk", settled=True, **settle)
    with unit_of_work(papers.office.engine) as uow:
        assert words.open_comments(uow.session, document_id) == 1
    papers.do(commenting.settle, "drafter", settled=True, **settle)
    papers.do(commenting.settle, "head", settled=True, **settle)
    with unit_of_work(papers.office.engine) as uow:
        assert words.open_comments(uow.session, document_id) == 0
        tags = uow.session.scalars(select(Journal.tag).where(Journal.tag.like("document:comment:%"))).all()
    assert sorted(tags) == ["document:comment:added"] * 3 + ["document:comment:settled"]


def test_a_remark_sent_twice_is_kept_once(papers: Papers) -> None:
    """A double click on a remark and on an answer; later, elsewhere or by another person it is another remark."""
    document_id = papers.in_review()
    given = {"document_id": document_id, "ordinal": 2, "words": "Sửa ngày."}
    said = papers.do(commenting.comment, "head", page=1, **given)
    reply = {"document_id": document_id, "comment_id": said.id, "words": "Đã sửa."}
    answered = papers.do(commenting.answer, "drafter", **reply)
    papers.now += dt.timedelta(seconds=30)
    assert papers.do(commenting.comment, "head", page=1, **given).id == said.id
    assert papers.do(commenting.answer, "drafter", **reply).id == answered.id
    papers.do(commenting.comment, "head", **given)
    papers.do(commenting.comment, "drafter", page=1, **given)
    papers.now += dt.timedelta(seconds=1)
    papers.do(commenting.comment, "head", page=1, **given)
    with unit_of_work(papers.office.engine) as uow:
        rows = [row for row, _by, _settled in words.comments(uow.session, document_id)]
        tags = uow.session.scalars(select(Journal.tag).where(Journal.tag == "document:comment:added")).all()
    assert [(one.page, one.parent_id) for one in rows] == [
        (1, None), (1, said.id), (None, None), (1, None), (1, None),
    ]  # fmt: skip
    assert len(tags) == 5


def told(papers: Papers, name: str) -> list[tuple[str, str]]:
    """(link, words) of what somebody was told of remarks."""
    with unit_of_work(papers.office.engine) as uow:
        query = select(Outbox).where(
            Outbox.person_id == papers.office.posts[name].person_id, Outbox.once_key.like("comment:%")
        )
        rows = uow.session.scalars(query.order_by(Outbox.id)).all()
    return [(row.link, row.body.partition("\n")[2]) for row in rows]


def test_a_remark_is_told_to_whom_it_concerns(papers: Papers) -> None:
    """The drafter, whoever has the draft before them, the thread; nobody of their own words; each remark once."""
    document_id = papers.in_review()
    said = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, page=1, words="Sửa ngày.")
    papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, page=1, words="Sửa ngày.")
    path = f"/outgoing/{document_id}/versions?to=2"
    assert told(papers, "drafter") == [(f"{path}&page=1#comments", "Bản 2, trang 1: Sửa ngày.")]
    assert told(papers, "head") == []
    reply = {"document_id": document_id, "comment_id": said.id}
    papers.do(commenting.answer, "drafter", words="Đã sửa.", **reply)
    papers.do(commenting.answer, "leader", words="Được.", **reply)
    assert [words for _link, words in told(papers, "head")] == [
        "Bản 2, trang 1: Đã sửa.", "Bản 2, trang 1: Được.",
    ]  # fmt: skip
    papers.act("head", document_id, Action.APPROVE)
    papers.do(commenting.comment, "drafter", document_id=document_id, ordinal=2, words="Văn thư xem giúp.")
    assert told(papers, "clerk") == [(f"{path}#comments", "Bản 2: Văn thư xem giúp.")]
    assert [told(papers, name) for name in ("specialist", "culture_head", "far_clerk", "inspector")] == [[]] * 4


def test_remarks_of_one_person_at_once_are_one_notice(papers: Papers) -> None:
    """Within ten minutes, while nobody has read it; then, of another person or draft, it is another notice."""
    document_id, other = papers.in_review(), papers.in_review(subject="Khác")
    given = {"document_id": document_id, "ordinal": 2}
    for place in range(3):
        papers.do(commenting.comment, "head", words=f"Ý {place}", **given)
        papers.now += dt.timedelta(minutes=3)
    assert [words for _link, words in told(papers, "drafter")] == ["Bản 2: Ý 0\nBản 2: Ý 1\nBản 2: Ý 2"]
    papers.do(commenting.comment, "leader", words="Của lãnh đạo", **given)
    papers.do(commenting.comment, "head", document_id=other, ordinal=2, words="Ở văn bản khác")
    papers.now += dt.timedelta(minutes=3)
    papers.do(commenting.comment, "head", words="Sau mười phút", **given)
    assert len(told(papers, "drafter")) == 4
    with unit_of_work(papers.office.engine) as uow:
        outbox.mark_all_read(uow, papers.office.actor("drafter"), now=papers.now)
        uow.commit()
    papers.do(commenting.comment, "head", words="Đã đọc rồi", **given)
    assert told(papers, "drafter")[4][1] == "Bản 2: Đã đọc rồi"


def test_who_may_not_read_the_draft_any_more_hears_nothing_of_it(papers: Papers) -> None:
    """Somebody in a thread whose post ended, or who went to another unit."""
    document_id = papers.in_review()
    said = papers.do(commenting.comment, "specialist", document_id=document_id, ordinal=2, words="Sửa.")
    with unit_of_work(papers.office.engine) as uow:
        uow.begin_write()
        post = uow.session.get_one(PostRow, papers.office.posts["specialist"].id)
        post.unit_id = papers.office.units["culture"]
        uow.commit()
    papers.do(commenting.answer, "head", document_id=document_id, comment_id=said.id, words="Nội bộ phòng.")
    assert told(papers, "specialist") == []
    assert [words for _link, words in told(papers, "drafter")] == ["Bản 2: Sửa.", "Bản 2: Nội bộ phòng."]


def test_remarks_stay_inside(papers: Papers) -> None:
    """Out of reach is not there; inspectors only read; another document's remark cannot be answered here."""
    document_id, other = papers.in_review(), papers.in_review(subject="Khác")
    said = papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, words="Sửa.")
    with pytest.raises(NotFound):
        papers.do(commenting.comment, "far_clerk", document_id=document_id, ordinal=2, words="Tò mò")
    with pytest.raises(NotFound):
        papers.do(commenting.comment, "head", document_id=document_id, ordinal=9, words="Không có")
    with pytest.raises(NotFound):
        papers.do(commenting.answer, "head", document_id=other, comment_id=said.id, words="Nhầm")
    with pytest.raises(NotPermitted):
        papers.do(commenting.comment, "inspector", document_id=document_id, ordinal=2, words="Xem")
    with pytest.raises(BadInput, match="comment_needed"):
        papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, words=" \n")


def test_open_remarks_are_counted_at_submission(papers: Papers) -> None:
    """They hold nobody up; how many there were stands in the journal. Once it is signed none are taken."""
    document_id = papers.draft()
    papers.do(commenting.comment, "head", document_id=document_id, ordinal=2, words="Sửa.")
    papers.act("drafter", document_id, Action.SUBMIT)
    with unit_of_work(papers.office.engine) as uow:
        body = uow.session.scalars(select(Journal.body).where(Journal.tag == "document:outgoing:submit")).one()
    assert json.loads(body)["facts"]["open_comments"] == 1
    signed = papers.signed()
    with pytest.raises(WrongState, match="comments_closed"):
        papers.do(commenting.comment, "clerk", document_id=signed, ordinal=2, words="Muộn")


def test_a_written_draft_goes_the_whole_road(papers: Papers) -> None:
    """Number and day are drawn into the blanks of the template, the signature under the typed title."""
    document_id = answering(papers)
    write(papers, document_id)
    papers.act("drafter", document_id, Action.SUBMIT)
    papers.act("head", document_id, Action.APPROVE)
    papers.confirm_format(document_id)
    papers.sign("deputy", "leader", papers.keys.held["deputy"], document_id)
    papers.do(numbers.number, "clerk", document_id=document_id, version=None)
    papers.sign("clerk", "number", papers.keys.held["commune"], document_id)
    with unit_of_work(papers.office.engine) as uow:
        drawn = {one.name: one.expected_text for one in plans.planned_fields(uow, document_id)}
    assert drawn["number"] == "01 23 11 2026"
    assert read(papers, document_id, kind="numbered").count("Đặng Quốc Việt") == 1
    assert papers.row(document_id).leader_verdict == "passed"
