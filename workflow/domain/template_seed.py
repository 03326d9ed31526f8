"""The templates that come with the program: the ten usual types of Decree 30/2020/NĐ-CP, as data.

What offices write is Vietnamese on every screen. Head, number, recipients and signer are not part of a template:
they come from the draft itself.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltIn:
    """`key` is stable: drafts remember what they began from. `answers`: made for answering what arrived."""

    key: str
    type_code: str
    name: str
    body: str
    basis: str = ""
    answers: bool = False


_ORGANISATION = "Căn cứ Luật Tổ chức chính quyền địa phương;"

BUILT_IN: tuple[BuiltIn, ...] = (
    BuiltIn(
        key="reply", type_code="letter", name="Công văn trả lời", answers=True,
        body="Trả lời {{van_ban_den}} về việc {{trich_yeu_van_ban_den}}, {{co_quan}} có ý kiến như sau:\n"
        "……\n"
        "Trên đây là ý kiến của {{co_quan}}, kính gửi {{noi_gui}} tổng hợp./.",
    ),
    BuiltIn(
        key="letter", type_code="letter", name="Công văn đề nghị, trao đổi",
        body="Thực hiện ……, {{co_quan}} đề nghị quý cơ quan một số nội dung sau:\n"
        "1. ……\n2. ……\n"
        "Đề nghị quý cơ quan quan tâm, phối hợp thực hiện./.",
    ),
    BuiltIn(
        key="decision", type_code="decision", name="Quyết định cá biệt",
        basis=f"{_ORGANISATION}\nTheo đề nghị của {{{{don_vi_soan}}}}.",
        body="QUYẾT ĐỊNH:\n"
        "Điều 1. ……\nĐiều 2. Quyết định này có hiệu lực kể từ ngày ký.\n"
        "Điều 3. {{don_vi_soan}} và các tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./.",
    ),
    BuiltIn(
        key="notice", type_code="notice", name="Thông báo",
        body="{{co_quan}} thông báo {{trich_yeu}} như sau:\n1. ……\n2. ……\n"
        "{{co_quan}} thông báo để các cơ quan, tổ chức, cá nhân biết và thực hiện./.",
    ),
    BuiltIn(
        key="report", type_code="report", name="Báo cáo",
        body="Thực hiện ……, {{co_quan}} báo cáo {{trich_yeu}} như sau:\n"
        "I. KẾT QUẢ THỰC HIỆN\n1. ……\n2. ……\n"
        "II. TỒN TẠI, HẠN CHẾ VÀ NGUYÊN NHÂN\n……\n"
        "III. PHƯƠNG HƯỚNG, KIẾN NGHỊ\n……\n"
        "Trên đây là báo cáo của {{co_quan}}./.",
    ),
    BuiltIn(
        key="submission", type_code="submission", name="Tờ trình",
        body="{{co_quan}} kính trình {{noi_nhan}} xem xét {{trich_yeu}} như sau:\n"
        "I. SỰ CẦN THIẾT\n……\nII. NỘI DUNG TRÌNH\n1. ……\n2. ……\nIII. KIẾN NGHỊ\n……\n"
        "{{co_quan}} kính trình {{noi_nhan}} xem xét, quyết định./.",
    ),
    BuiltIn(
        key="plan", type_code="plan", name="Kế hoạch",
        body="{{co_quan}} ban hành Kế hoạch {{trich_yeu}} như sau:\n"
        "I. MỤC ĐÍCH, YÊU CẦU\n1. Mục đích: ……\n2. Yêu cầu: ……\n"
        "II. NỘI DUNG\n1. ……\n2. ……\nIII. KINH PHÍ\n……\n"
        "IV. TỔ CHỨC THỰC HIỆN\n1. {{don_vi_soan}} chủ trì, theo dõi, đôn đốc việc thực hiện.\n2. ……./.",
    ),
    BuiltIn(
        key="invitation", type_code="invitation", name="Giấy mời họp",
        body="{{co_quan}} trân trọng kính mời {{noi_nhan}} dự {{trich_yeu}}.\n"
        "Thời gian: …… giờ, ngày …… tháng …… năm {{nam}}.\nĐịa điểm: ……\nChủ trì: ……\nNội dung: ……\n"
        "Đề nghị đại biểu đến dự đúng thành phần, thời gian và địa điểm./.",
    ),
    BuiltIn(
        key="telegram", type_code="telegram", name="Công điện",
        body="{{chuc_vu_nguoi_ky}} {{co_quan}} điện:\n- {{noi_nhan}}.\n"
        "Trước tình hình ……, yêu cầu:\n1. ……\n2. ……\n"
        "Nhận được Công điện này, yêu cầu các cơ quan, đơn vị khẩn trương thực hiện./.",
    ),
    BuiltIn(
        key="minutes", type_code="minutes", name="Biên bản họp",
        body="Thời gian bắt đầu: …… giờ, ngày …… tháng …… năm {{nam}}.\nĐịa điểm: ……\n"
        "Thành phần tham dự: ……\nChủ trì: ……\nThư ký (người ghi biên bản): ……\n"
        "I. NỘI DUNG\n1. ……\n2. ……\nII. KẾT LUẬN\n……\n"
        "Cuộc họp kết thúc vào …… giờ cùng ngày./.",
    ),
    BuiltIn(
        key="introduction", type_code="introduction", name="Giấy giới thiệu",
        body="{{co_quan}} trân trọng giới thiệu:\nÔng (bà): ……\nChức vụ: ……\n"
        "Được cử đến: {{noi_nhan}}\nNội dung công tác: {{trich_yeu}}\n"
        "Đề nghị quý cơ quan tạo điều kiện để ông (bà) có tên ở trên hoàn thành nhiệm vụ.\n"
        "Giấy này có giá trị đến hết ngày ……./.",
    ),
)  # fmt: skip

BY_KEY = {one.key: one for one in BUILT_IN}
