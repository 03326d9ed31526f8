"""How drafts of the tour's office come about: from templates, in versions, with remarks, opinions and initials."""

from __future__ import annotations

import datetime as dt

from workflow.demo.life import Life
from workflow.demo.subjects import Topic
from workflow.domain.opinions import Kind, Verdict
from workflow.domain.outgoing import Action
from workflow.domain.people import Capacity
from workflow.services.documents import commenting, templates, writing
from workflow.services.documents.drafting import DraftFacts, create
from workflow.services.opinions import answering, asking
from workflow.services.opinions.asking import To
from workflow.store import opinions
from workflow.store.documents import latest_file
from workflow.store.models import Outgoing

OWN = {
    "type_code": "invitation",
    "name": "Giấy mời họp thôn",
    "basis": "",
    "body": "{{co_quan}} kính mời {{noi_nhan}} dự {{trich_yeu}}.\n"
    "Thời gian: 19 giờ 30, ngày …… tháng …… năm {{nam}}.\nĐịa điểm: Nhà văn hóa thôn.\n"
    "Đề nghị đại biểu mang theo tài liệu đã gửi./.",
}
SUBJECT = "Tuyên truyền chuyển đổi số và dịch vụ công trực tuyến"
FIRST = """I. MỤC ĐÍCH, YÊU CẦU
1. Mục đích: giúp người dân nộp hồ sơ trực tuyến và nhận kết quả bằng bản điện tử.
2. Yêu cầu: thiết thực, tiết kiệm, đúng đối tượng.
II. NỘI DUNG
1. Mỗi thôn tổ chức một buổi hướng dẫn trong tháng.
2. Phát tờ rơi tại Trung tâm Phục vụ hành chính công.
III. KINH PHÍ
Từ nguồn sự nghiệp của xã.
IV. TỔ CHỨC THỰC HIỆN
1. Phòng Kinh tế chủ trì, theo dõi, đôn đốc việc thực hiện.
2. Các thôn báo cáo kết quả về Phòng Kinh tế./."""
SECOND = FIRST.replace(
    "Từ nguồn sự nghiệp của xã.", "Từ nguồn sự nghiệp của xã, không quá 15.000.000 đồng."
).replace(
    "2. Các thôn báo cáo kết quả về Phòng Kinh tế./.",
    "2. Phòng Văn hóa – Xã hội phối hợp, phân công người hướng dẫn tại từng thôn.\n"
    "3. Các thôn báo cáo kết quả về Phòng Kinh tế trước ngày 25 hằng tháng./.",
)
"""What the head asked for: how much it costs, who helps, until when one reports."""

MEETING = Topic("invitation", "Họp thôn về vệ sinh môi trường và nước sạch", ())


class Drafts:
    """Acts of the tour's office on three drafts of the last days, each at an hour of its own."""

    def __init__(self, life: Life) -> None:
        self.life, self.parts = life, life.parts()

    def own_template(self) -> str:
        """The clerk added one some weeks ago; its key."""
        self.life.at(20, 9)
        row = self.life.do(templates.add, "clerk", scoped=False, **OWN)
        return f"own:{row.id}"

    def from_own_template(self, template: str) -> int:
        """A specialist began with it yesterday and asks around: nobody has answered yet."""
        self.life.at(1, 14, 10)
        document_id = self._begun("specialist", MEETING.type_code, MEETING.subject, recipients="Trưởng các thôn")
        with self.life.work() as uow:
            document = uow.session.get_one(Outgoing, document_id)
            kind = templates.template_of(uow, self.life.agency_id, template)
            words = writing.begin_words(uow, self.life.scope, document, template=kind, now=self.life.now).words
        self._write("specialist", document_id, words.body, template=template)
        asked = [self._post(key) for key in ("drafter", "clerk", "deputy1", "chair")]
        self._ask("specialist", document_id, [*asked, To(unit_id=self.parts["kt"])],
                  "Nhờ góp ý về thành phần mời và thời gian họp.", due=1)  # fmt: skip
        return document_id

    def in_two_versions(self) -> int:
        """From a template that comes with the program: returned once, remarks settled and open, one opinion given,
        one late, and no initials yet."""
        life = self.life
        life.at(3, 9)
        document_id = self._begun(
            "drafter", "plan", SUBJECT, recipients="Các thôn\nTrung tâm Phục vụ hành chính công"
        )
        self._write("drafter", document_id, FIRST, template="built:plan")
        office, _late = self._ask(
            "drafter", document_id, [To(unit_id=self.parts["vp"]), self._post("specialist")],
            "Nhờ góp ý về nội dung và kinh phí.", due=-1,
        )  # fmt: skip
        life.at(3, 14)
        self._answer("office", document_id, office, Verdict.AGREE_WITH_REMARKS, "Cần nêu rõ mức kinh phí tối đa.")
        life.at(3, 15, 30)
        life.act("drafter", document_id, Action.SUBMIT)
        life.at(2, 8, 30)
        money = self._remark("head", document_id, "Mức chi là bao nhiêu? Văn phòng cũng đã hỏi.")
        self._remark("head", document_id, "Nên thêm hình ảnh minh họa ở phụ lục.")
        life.act("head", document_id, Action.RETURN, "Bổ sung kinh phí, đơn vị phối hợp và thời hạn báo cáo")
        life.at(2, 10)
        self._write("drafter", document_id, SECOND, template="built:plan")
        life.do(commenting.answer, "drafter", document_id=document_id, comment_id=money,
                words="Đã bổ sung mức tối đa 15.000.000 đồng.")  # fmt: skip
        life.do(commenting.settle, "drafter", document_id=document_id, comment_id=money, settled=True)
        self._ask("drafter", document_id, [To(kind=Kind.INITIALS, unit_id=self.parts["vhxh"])], "", due=1)
        life.at(2, 10, 30)
        life.act("drafter", document_id, Action.SUBMIT)
        return document_id

    def initialled(self, drafter: str, document_id: int, *, by: str, part: str) -> None:
        """A coordinating unit puts its name to the present text within the hour."""
        (asked,) = self._ask(drafter, document_id, [To(kind=Kind.INITIALS, unit_id=self.parts[part])], "", due=1)
        self.life.now += dt.timedelta(minutes=40)
        self._answer(by, document_id, asked, Verdict.AGREE, "")

    def _begun(self, drafter: str, type_code: str, subject: str, *, recipients: str) -> int:
        """Facts only; the words come from a template."""
        life = self.life
        facts = DraftFacts(
            type_code=type_code, subject=subject, recipients=recipients, capacity=Capacity.KT,
            signer_post_id=life.cast.actors[life.deputy()].post_id,
        )  # fmt: skip
        made: Outgoing = life.do(create, drafter, scoped=False, facts=facts)
        return made.id

    def _write(self, drafter: str, document_id: int, body: str, *, template: str) -> None:
        with self.life.work() as uow:
            version = uow.session.get_one(Outgoing, document_id).version
        self.life.do(writing.write, drafter, document_id=document_id, version=version, basis="", body=body,
                     template=template, blobs=self.life.blobs)  # fmt: skip

    def _remark(self, who: str, document_id: int, words: str) -> int:
        """On the first page of the present version."""
        with self.life.work() as uow:
            file = latest_file(uow.session, document_id, "draft")
        assert file is not None, "what was written has a file"
        row = self.life.do(
            commenting.comment, who, document_id=document_id, ordinal=file.ordinal, page=1, words=words
        )
        self.life.now += dt.timedelta(minutes=2)
        return int(row.id)

    def _ask(self, who: str, document_id: int, to: list[To], question: str, *, due: int) -> list[int]:
        """`due`: working days from today."""
        day = self.life.calendar.add_working_days(self.life.today, due)
        rows = self.life.do(asking.ask, who, document_id=document_id, to=to, question=question, due_on=day)
        return [row.id for row in rows]

    def _answer(self, who: str, document_id: int, request_id: int, verdict: Verdict, words: str) -> None:
        with self.life.work() as uow:
            file = opinions.draft_file(uow.session, document_id)
        assert file is not None, "what somebody was asked about has a file"
        self.life.do(answering.answer, who, request_id=request_id, verdict=verdict, words=words, seen=file.sha256)

    def _post(self, key: str) -> To:
        return To(post_id=self.life.cast.actors[key].post_id)
