"""What the demo's documents say: subjects as offices write them, and bodies that fit them."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass

from workflow.adapters.render import Letter, Part, PartKind, Table
from workflow.demo.province import Agency
from workflow.domain.document_types import TYPES


@dataclass(frozen=True, slots=True)
class Topic:
    """A subject for a type; `body` are its paragraphs."""

    type_code: str
    subject: str
    body: tuple[str, ...]


TOPICS: tuple[Topic, ...] = (
    Topic("letter", "V/v triển khai các biện pháp phòng, chống bão số {n} và mưa lũ sau bão", (
        "Thực hiện Công điện của Chủ tịch Ủy ban nhân dân tỉnh, đề nghị các đơn vị tổ chức trực ban 24/24 giờ.",
        "Rà soát các hộ dân sống ven sông, suối, khu vực có nguy cơ sạt lở; chủ động phương án sơ tán.",
        "Báo cáo tình hình trước 16 giờ 00 hằng ngày qua bộ phận thường trực.")),
    Topic("letter", "V/v rà soát hộ nghèo, hộ cận nghèo theo chuẩn nghèo đa chiều năm {y}", (
        "Đề nghị các thôn, tổ dân phố tổ chức rà soát, lập danh sách và niêm yết công khai theo quy định.",
        "Kết quả rà soát gửi về Phòng Văn hóa – Xã hội để tổng hợp.")),
    Topic("letter", "V/v đôn đốc giải ngân vốn đầu tư công quý {q} năm {y}", (
        "Đến nay tỷ lệ giải ngân còn thấp so với kế hoạch. Đề nghị các chủ đầu tư khẩn trương thanh toán.",
        "Đơn vị nào chậm phải giải trình bằng văn bản, nêu rõ nguyên nhân và trách nhiệm.")),
    Topic("letter", "V/v cung cấp thông tin quy hoạch sử dụng đất khu dân cư thôn {n}", (
        "Qua kiểm tra hồ sơ, thửa đất thuộc quy hoạch đất ở nông thôn đã được phê duyệt.",)),
    Topic("letter", "V/v trả lời kiến nghị của cử tri về nâng cấp đường liên thôn", (
        "Ủy ban nhân dân đã giao đơn vị chuyên môn khảo sát, lập dự toán sửa chữa trong kế hoạch trung hạn.",)),
    Topic("report", "Tình hình kinh tế – xã hội tháng {m} và phương hướng tháng tới", (
        "Sản xuất nông nghiệp cơ bản ổn định; thu ngân sách đạt kế hoạch; an ninh trật tự được giữ vững.",
        "Công tác cải cách hành chính tiếp tục được đẩy mạnh; hồ sơ giải quyết đúng hạn đạt tỷ lệ cao.",
        "Một số tồn tại: tiến độ giải ngân chậm; việc ký số văn bản của một số đơn vị chưa thường xuyên.")),
    Topic("report", "Kết quả cải cách hành chính quý {q} năm {y}", (
        "Bộ phận một cửa tiếp nhận và giải quyết hồ sơ đúng quy định.",
        "Tỷ lệ hồ sơ trực tuyến toàn trình tăng so với cùng kỳ.")),
    Topic("decision", "Phê duyệt quyết toán công trình sửa chữa trường tiểu học thôn {n}", (
        "Phê duyệt quyết toán công trình với các nội dung chủ yếu theo hồ sơ kèm theo.",
        "Chủ đầu tư chịu trách nhiệm tất toán tài khoản theo quy định.",
        "Quyết định này có hiệu lực kể từ ngày ký.")),
    Topic("decision", "Thành lập Ban Chỉ huy phòng thủ dân sự năm {y}", (
        "Thành lập Ban Chỉ huy gồm các ông, bà có tên trong danh sách kèm theo.",
        "Ban Chỉ huy có nhiệm vụ tham mưu, chỉ đạo công tác phòng thủ dân sự trên địa bàn.",
        "Các đơn vị liên quan và các ông, bà có tên chịu trách nhiệm thi hành.")),
    Topic("decision", "Công nhận hộ thoát nghèo, thoát cận nghèo năm {y}", (
        "Công nhận các hộ có tên trong danh sách kèm theo là hộ thoát nghèo, thoát cận nghèo.",
        "Quyết định này có hiệu lực kể từ ngày ký.")),
    Topic("submission", "Đề nghị bổ sung kinh phí duy tu đường giao thông nông thôn", (
        "Tuyến đường xuống cấp, ảnh hưởng đến đi lại và vận chuyển nông sản của nhân dân.",
        "Kính đề nghị cấp có thẩm quyền xem xét, bổ sung kinh phí.")),
    Topic("notice", "Kết luận của đồng chí Chủ tịch tại cuộc họp giao ban tuần {w}", (
        "Giao các phòng rà soát nhiệm vụ chậm tiến độ, báo cáo trước thứ Sáu.",
        "Văn phòng theo dõi, đôn đốc thực hiện thông báo này.")),
    Topic("plan", "Chuyển đổi số và ký số văn bản quý {q} năm {y}", (
        "Mục tiêu: 100% văn bản đi được ký số bởi lãnh đạo và cơ quan.",
        "Tập huấn sử dụng chữ ký số cho toàn bộ công chức.")),
    Topic("invitation", "Họp Ban Chỉ đạo chuyển đổi số phiên thứ {n}", (
        "Thời gian: 14 giờ 00, thứ Năm.", "Địa điểm: Phòng họp số 1.",
        "Đề nghị các thành phần tham dự đầy đủ, đúng giờ.")),
)  # fmt: skip

_NAMES = {kind.code: kind for kind in TYPES}


def subject_of(topic: Topic, chance: random.Random, *, day: dt.date) -> str:
    """The subject with its numbers filled in; month, quarter, week and year are those of the day it is written."""
    return topic.subject.format(
        n=chance.randint(1, 12), m=day.month, q=(day.month + 2) // 3, w=day.isocalendar().week, y=day.year
    )


def letter_of(
    topic: Topic, subject: str, agency: Agency, recipients: Sequence[str], *, long: bool,
    addressees: tuple[str, ...] = (),
) -> Letter:  # fmt: skip
    """The whole document; `long` ones get a table, over a page. `recipients`: the lines under *Nơi nhận*;
    `addressees`: agencies by name, on letters."""
    kind = _NAMES[topic.type_code]
    parts: list[Part | Table] = list(_opening(topic, agency))
    parts += _articles(topic) if topic.type_code == "decision" else [Part(text) for text in topic.body]
    if long:
        parts += [Part(text) for text in topic.body * 4]
        rows = tuple((str(n), f"Thôn {n}", str(12 * n), "Đã kiểm tra") for n in range(1, 9))
        parts.append(Table(("STT", "Đơn vị", "Số lượng", "Ghi chú"), rows, (1, 4, 2, 3)))
    return Letter(
        agency=agency.name.upper(), parent=agency.superior, subject=subject, parts=tuple(parts),
        title="" if not kind.abbreviation else kind.name_vi,
        addressees=(addressees or ("Các đơn vị liên quan",)) if topic.type_code in {"letter", "submission"} else (),
        recipients=tuple(recipients),
    )  # fmt: skip


def _opening(topic: Topic, agency: Agency) -> list[Part]:
    if topic.type_code != "decision":
        return []
    basis = "Căn cứ Luật Tổ chức chính quyền địa phương số 72/2025/QH15 ngày 16 tháng 6 năm 2025;"
    return [
        Part(f"{agency.head_title.upper()} {agency.name.upper()}", PartKind.CENTRE),
        Part(basis, PartKind.BASIS),
        Part("QUYẾT ĐỊNH:", PartKind.CENTRE),
    ]


def _articles(topic: Topic) -> list[Part]:
    return [Part(text, PartKind.ARTICLE, f"Điều {n}.") for n, text in enumerate(topic.body, 1)]
