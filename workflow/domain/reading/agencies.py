"""Names of agencies in the head matter: where one begins, what its abbreviation may be."""

from __future__ import annotations

import re

from workflow.domain.reading.fuzzy import squeezed
from workflow.domain.reading.tables import listed
from workflow.domain.text import fold

BEGINNINGS = listed("""
    ủy ban | uỷ ban | ubnd | hội đồng | hđnd | sở | bộ | tổng cục | cục | chi cục | vụ | văn phòng | phòng
    ban | trường | trung tâm | công ty | tổng công ty | tập đoàn | viện | học viện | đại học | đảng bộ
    đảng ủy | đảng uỷ | đảng đoàn | huyện ủy | huyện uỷ | tỉnh ủy | tỉnh uỷ | thành ủy | thành uỷ | thị ủy
    quận ủy | chi bộ | tòa án | toà án | công an | chính phủ | thủ tướng | quốc hội | thanh tra | bảo hiểm
    kho bạc | ngân hàng | hội | liên đoàn | liên hiệp | liên minh | đoàn | bệnh viện | trạm | hợp tác xã
    mặt trận | điện lực | chi nhánh | khoa | tổ | đội | hạt kiểm lâm | nhà máy | nhà hát | nhà xuất bản
    nhà khách | nhà văn hóa | nhà thiếu nhi | đài | báo | tạp chí | thường trực | chủ tịch | kiểm toán
    hải quan | thuế | quỹ | bộ chỉ huy | quân khu | lữ đoàn | sư đoàn | ubmttq | cơ quan | xí nghiệp
    doanh nghiệp | hiệp hội | cảng | bưu điện | vnpt | viettel | thi hành án | phân viện | quân đoàn
    binh chủng | đảng cộng sản | mầm non | thành đoàn | tỉnh đoàn | huyện đoàn | tòa soạn | khu | ngân sách
    cục thuế | xã đoàn | công đoàn | câu lạc bộ | làng | ban quản lý | ngành | vườn quốc gia | tổng đội
    thư viện | bảo tàng | trại | đồn | bưu cục
    """)
"""First words of agencies in small letters, with their marks: BÁO begins one, BẢO is a place's."""
_FOLDED = tuple(fold(start) for start in BEGINNINGS if " " in start or len(start) >= 6)

UNFINISHED = frozenset(
    listed("""
    ban | ban chap hanh | ban chi dao | ban chi huy | ban quan ly | ban thuong vu | ban to chuc | benh vien
    benh vien da khoa | bo | chi cuc | chi nhanh | chu tich | cong ty | cong ty co phan | cong ty tnhh
    cong ty trach nhiem huu han | cuc | dai hoc | doan dai bieu quoc hoi | hoc vien | hoi dong
    hoi dong nhan dan | phong | so | thu tuong | thuong truc | thuong truc hdnd | to cong tac | toa an
    tong cong ty | trung tam | truong | truong cao dang | truong dai hoc | truong mam non | truong thcs
    truong thcs va thpt | truong thpt | truong tieu hoc | truong trung hoc co so | truong trung hoc pho thong
    uy ban | uy ban nhan dan | van phong | van phong dang ky | van phong dieu phoi | van phong doan dai bieu
    vien | vien kiem sat
    """)
)
"""Names that go on in the next line although that line could begin an agency of its own."""

SHORT_OF = {
    "uy ban nhan dan": "ubnd",
    "hoi dong nhan dan": "hdnd",
    "thu tuong chinh phu": "ttg",
    "chinh phu": "cp",
    "van phong chinh phu": "vpcp",
    "toa an nhan dan": "ta",
    "vien kiem sat nhan dan": "vks",
    "bao hiem xa hoi": "bhxh",
    "tinh uy": "tu",
    "thanh uy": "tu",
    "huyen uy": "hu",
    "dang uy": "du",
    "cong an": "ca",
    "chu tich nuoc": "ctn",
}
_SMALL = frozenset(listed("va | cua | tinh | thanh | pho | huyen | xa | phuong | thi | tran | quan | nuoc"))
_ADDRESS = re.compile(
    r"^(dia chi|d/c|dien thoai|dt|tel|fax|email|e-mail|website|web|mst|ma so thue|hotline|tru so)\b"
)


def begins_agency(line: str) -> bool:
    """Does the line begin like an agency's name?"""
    exact, plain = " ".join(line.casefold().split()) + " ", " ".join(fold(line).split()) + " "
    return any(exact.startswith(start + " ") for start in BEGINNINGS) or any(
        plain.startswith(start + " ") for start in _FOLDED
    )


def is_unfinished(line: str) -> bool:
    """Must the next line belong to the same name?"""
    plain = " ".join(fold(line).split())
    return plain in UNFINISHED or plain.endswith((" va", ",", " -", " –", " cua"))


def is_address(line: str) -> bool:
    """Of a company's letter head."""
    plain = fold(line).strip()
    return bool(_ADDRESS.match(plain)) or "@" in plain or "www." in plain


def initials(name: str) -> frozenset[str]:
    """What may stand for the agency in a symbol, folded: `SỞ NỘI VỤ` → snv, nv; `ỦY BAN NHÂN DÂN XÃ …` → ubnd."""
    plain = " ".join(fold(name).replace("-", " ").replace(",", " ").split())
    found = {short for long, short in SHORT_OF.items() if plain.startswith(long)}
    found |= {short for short in ("ubnd", "hdnd", "ubmttq", "bhxh") if plain.startswith(short)}
    words = plain.split()
    every = "".join(word[0] for word in words)
    large = "".join(word[0] for word in words if word not in _SMALL)
    found |= {every, large, large[1:]}
    return frozenset(one for one in found if len(one) >= 2)


def stands_for(part: str, name: str) -> bool:
    """Could this part of a symbol be the agency's abbreviation (`SGDĐT`, `SGD&ĐT`, `UBND`, `CTMP` …)?"""
    bare = squeezed(part)
    if len(bare) < 2 or not name:
        return False
    options = initials(name)
    if bare in options:
        return True
    joined = max(options, key=len, default="")
    return len(bare) >= 3 and joined.startswith(bare)
