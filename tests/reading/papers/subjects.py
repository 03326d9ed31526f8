"""What papers are about: topics, and the line under the number or the type's name, one to five lines long."""

from __future__ import annotations

import datetime as dt
from random import Random

from tests.reading.papers.people import COMMUNES, earlier, name, short

TOPICS = (
    "công tác phòng, chống thiên tai và tìm kiếm cứu nạn", "công tác chuyển đổi số", "cải cách thủ tục hành chính",
    "quản lý, sử dụng chữ ký số chuyên dùng công vụ", "công tác văn thư, lưu trữ",
    "xây dựng nông thôn mới nâng cao",
    "phòng cháy, chữa cháy và cứu nạn, cứu hộ", "quản lý đất đai, trật tự xây dựng", "bảo đảm an toàn thực phẩm",
    "phòng, chống dịch tả lợn Châu Phi", "phổ cập giáo dục, xóa mù chữ", "giải quyết việc làm cho người lao động",
    "cấp nước sạch sinh hoạt nông thôn", "phát triển đối tượng tham gia bảo hiểm y tế", "dân quân tự vệ",
    "chăm sóc, giáo dục và bảo vệ trẻ em", "tiếp công dân, giải quyết khiếu nại, tố cáo", "bảo vệ môi trường",
    "giảm nghèo bền vững và an sinh xã hội", "cung cấp dịch vụ công trực tuyến toàn trình", "thi đua, khen thưởng",
    "tuyển chọn và gọi công dân nhập ngũ", "số hóa hồ sơ, kết quả giải quyết thủ tục hành chính", "y tế học đường",
    "quản lý bảo vệ rừng và phòng cháy, chữa cháy rừng", "thực hiện Đề án 06 trên địa bàn", "an toàn giao thông",
)  # fmt: skip
EVENTS = (
    "Hội nghị sơ kết công tác cải cách hành chính quý III năm 2026", "Lễ khai giảng năm học 2025 - 2026",
    "cuộc họp thẩm định hồ sơ quy hoạch chi tiết khu dân cư", "Hội nghị tiếp xúc cử tri trước kỳ họp thứ 6",
    "buổi làm việc về giải phóng mặt bằng dự án đường ven biển", "lớp tập huấn sử dụng phần mềm quản lý văn bản",
    "Hội nghị toàn quốc triển khai Nghị quyết số 57-NQ/TW ngày 22/12/2024 của Bộ Chính trị",
)  # fmt: skip
WHERE = ("trên địa bàn xã", "trên địa bàn tỉnh", "tại các cơ quan, đơn vị", "trong tình hình mới",
    "của xã {commune}",
         "trên địa bàn xã {commune}", "theo mô hình chính quyền địa phương 02 cấp")  # fmt: skip
WHEN = ("năm {year}", "6 tháng đầu năm {year}", "giai đoạn 2026 - 2030", "quý {quarter} năm {year}",
        "tháng {month} năm {year}",
        "9 tháng đầu năm và phương hướng, nhiệm vụ 3 tháng cuối năm {year}")  # fmt: skip

TEMPLATES: dict[str, tuple[str, ...]] = {
    "letter": (
        "triển khai {topic} {when}", "tăng cường {topic}", "báo cáo kết quả {topic} {where} {when}",
        "góp ý dự thảo Kế hoạch {topic} {when}", "đôn đốc thực hiện {topic}", "mời dự {event}",
        "trả lời kiến nghị của cử tri về {topic}", "phối hợp cung cấp thông tin, số liệu phục vụ {topic} {when}",
        "thực hiện Công văn số {other} ngày {earlier} của {giver} về {topic} {where}",
        "đính chính Quyết định số {other_decision} ngày {earlier}", "cử cán bộ tham gia {event}",
        "hướng dẫn lập dự toán kinh phí {topic} và {topic2} {where} {when}", "lấy ý kiến nhân sự",
    ),
    "decision": (
        "Về việc thành lập Tổ công tác {topic} {when}", "Về việc ban hành Kế hoạch {topic} {where} {when}",
        "Ban hành Quy chế phối hợp trong {topic} {where}", "Về việc kiện toàn Ban Chỉ đạo {topic}",
        "Về việc khen thưởng các tập thể, cá nhân có thành tích xuất sắc trong {topic} {when}",
        "Về việc phê duyệt dự toán kinh phí {topic} {where} {when}", "Về việc nghỉ hưu đối với ông {name}",
        "Về việc điều động và bổ nhiệm bà {name} giữ chức vụ Phó Trưởng phòng Kinh tế",
        "Sửa đổi, bổ sung một số điều của Quyết định số {other_decision} ngày {earlier} về {topic}",
    ),
    "resolution": ("Về nhiệm vụ phát triển kinh tế - xã hội {when}", "Về dự toán ngân sách địa phương {when}",
                   "Về việc thông qua Đề án {topic} {where} giai đoạn 2026 - 2030",
                   "Về việc bầu Ủy viên Ủy ban nhân dân khóa XII, nhiệm kỳ 2021 - 2026"),
    "directive": ("Về việc tăng cường {topic} {where}", "Về {topic} trong dịp Tết Nguyên đán Bính Ngọ năm 2026"),
    "regulation": ("Làm việc của cơ quan và {topic}", "Quản lý, sử dụng hệ thống quản lý văn bản và điều hành"),
    "rule": ("Về {topic} {where}", "Về phân công nhiệm vụ và quan hệ phối hợp trong {topic}"),
    "communique": ("Về kết quả {event}", "Về {topic} {when}"),
    "notice": ("Kết luận của đồng chí {name} tại {event}", "Về việc nghỉ lễ Quốc khánh 02/9 năm 2026",
               "Về việc tiếp nhận hồ sơ {topic} {when}", "Về lịch tiếp công dân định kỳ {when}",
               "Về việc tuyển dụng viên chức phục vụ {topic} {when}"),
    "guideline": ("Thực hiện {topic} {where}", "Một số nội dung về {topic} {when}"),
    "programme": ("Công tác {when}", "Hành động thực hiện {topic} {where} giai đoạn 2026 - 2030"),
    "plan": ("Triển khai {topic} {where} {when}", "Tổ chức {event}", "Thực hiện {topic} {when}",
             "Kiểm tra việc thực hiện Chỉ thị số 05/CT-UBND ngày {earlier} về {topic} {where}"),
    "option": ("Ứng phó thiên tai theo cấp độ rủi ro {where} {when}", "Bảo đảm {topic} {when}"),
    "scheme": ("Nâng cao chất lượng {topic} {where} giai đoạn 2026 - 2030", "Vị trí việc làm phục vụ {topic}"),
    "project": ("Đầu tư hạ tầng phục vụ {topic} {where}", "Hỗ trợ sinh kế và {topic} {when}"),
    "report": ("Kết quả {topic} {where} {when}", "Tình hình thực hiện {topic} {when}", "Công tác {when}",
               "Kết quả thực hiện Kế hoạch số {other_plan} ngày {earlier} về {topic} {where} {when}",
               "Về việc giải trình nội dung liên quan đến {topic}"),
    "minutes": ("Họp triển khai {topic}", "Kiểm tra {topic} {where}", "Về việc bàn giao hồ sơ {topic} {when}"),
    "submission": ("Về việc đề nghị phê duyệt Kế hoạch {topic} {when}", "Về việc xin bổ sung kinh phí {topic}",
                   "Dự thảo Nghị quyết về {topic} {where} giai đoạn 2026 - 2030"),
    "contract": ("Về việc cung cấp dịch vụ phục vụ {topic}", "Mua sắm trang thiết bị phục vụ {topic} {when}"),
    "telegram": ("Về việc chủ động ứng phó với bão số 9", "Về {topic} trong đợt mưa lũ từ ngày {earlier}",
                 "Về việc tập trung khắc phục hậu quả mưa lũ, sạt lở đất và {topic}"),
    "memorandum": ("Về hợp tác trong {topic}",),
    "agreement": ("Về việc phối hợp thực hiện {topic} giai đoạn 2026 - 2030",),
    "authorisation": ("Về việc ký văn bản thuộc lĩnh vực {topic}", "Về việc tham gia tố tụng tại Tòa án"),
    "invitation": ("Dự {event}", "Họp triển khai {topic} {when}", "Họp báo thông tin về {topic}"),
    "public_letter": ("Nhân dịp kỷ niệm 80 năm Ngày Truyền thống ngành", "Nhân dịp khai giảng năm học mới"),
}  # fmt: skip
"""Types that are not here have no subject on paper."""


def subject(rng: Random, kind: str, date: dt.date) -> str:
    """One subject for a type; may name other papers and days, which are not this paper's."""
    before = earlier(rng, date)
    commune = rng.choice(COMMUNES)
    when = rng.choice(WHEN).format(year=date.year, quarter=rng.choice(("I", "II", "III", "IV")), month=date.month)
    topic, other = rng.sample(TOPICS, 2)
    text = rng.choice(TEMPLATES[kind]).format(
        topic=topic, topic2=other, when=when, where=rng.choice(WHERE).format(commune=commune),
        event=rng.choice(EVENTS),
        name=name(rng), earlier=short(before),
        other=f"{rng.randint(12, 4900)}/{rng.choice(('UBND-VP', 'SNV-TCBC'))}",
        other_decision=f"{rng.randint(2, 900):02d}/QĐ-UBND", other_plan=f"{rng.randint(2, 300):02d}/KH-UBND",
        giver=rng.choice(("Ủy ban nhân dân tỉnh", "Sở Nội vụ", f"Ủy ban nhân dân xã {commune}")),
    )  # fmt: skip
    return " ".join(text.split())


def topic_of(text: str, rng: Random) -> str:
    """The topic that a subject names, so that the body speaks of the same; else any."""
    return next((topic for topic in TOPICS if topic in text), None) or rng.choice(TOPICS)
