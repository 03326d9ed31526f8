"""Names of the demo province: ordinary ones, long ones, and hostile ones that a page must survive."""

from __future__ import annotations

import unicodedata
from itertools import product

FAMILIES = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô",
            "Dương", "Lý", "Đào", "Đinh", "Mai", "Trịnh", "Lương", "Hà", "Cao", "Tạ", "Thái")  # fmt: skip

GIVEN = ("Văn Hùng", "Thị Hương", "Minh Tuấn", "Thị Thu Hà", "Quốc Việt", "Ngọc Ánh", "Đức Thắng", "Thị Lan",
         "Thanh Bình", "Xuân Trường", "Thị Bích Ngọc", "Hữu Nghĩa", "Thị Kim Oanh", "Công Danh", "Thị Mỹ Duyên",
         "Trọng Nhân", "Thị Phương Thảo", "Gia Bảo", "Hồng Đăng", "Thị Tuyết Mai")  # fmt: skip

LONG = "Công Tằng Tôn Nữ Nguyễn Thị Phương Hoàng Mai"
"""The longest name a signature block has to hold."""

HOSTILE = (
    "Trần Thị <b>Hương</b> & Đồng sự",
    "Lê Văn \u202etựhN\u202c Nhật",  # a right-to-left override inside the name
    unicodedata.normalize("NFD", "Nguyễn Thị Hồng"),  # decomposed: every mark is a character of its own
    "O'Connor \"Đạt\" Nguyễn",
    "=HYPERLINK(\"x\") Vũ",  # a formula, should a spreadsheet ask
)  # fmt: skip

SPECIAL = {
    ("vpub", "admin2"): "Lương Thị Khánh Vân",
    ("dongtam", "office"): "Đinh Quang Hưng",
    ("dongtam", "head2"): "Lương Thị Thanh Hà",
    ("dongtam", "specialist"): "Tạ Minh Quân",
    ("nasang", "chair"): LONG,
    ("nasang", "deputy1"): HOSTILE[0],
    ("nasang", "deputy2"): HOSTILE[1],
}
"""Who carries them: people of the remote commune, who sign with these names. The second administrator of the
province, without whom nobody could confirm a change of trust, and those who came with the incoming documents take
no name from the row of ordinary ones."""


FIRST = 110
"""Names of the first row, for the people of the first day; those who came later have the next ones."""


def ordinary(count: int) -> list[str]:
    """`count` different names, always the same ones."""
    pairs = sorted(
        product(range(len(FAMILIES)), range(len(GIVEN))), key=lambda pair: (pair[0] * 7 + pair[1] * 11) % 97
    )
    return [f"{FAMILIES[family]} {GIVEN[given]}" for family, given in pairs[:count]]
