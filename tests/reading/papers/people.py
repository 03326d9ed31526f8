"""Names, places and dates as they stand on papers. Persons and communes are invented; provinces are real."""

from __future__ import annotations

import datetime as dt
from random import Random

PROVINCES = (
    "Nghệ An", "Hà Tĩnh", "Đắk Lắk", "Đồng Tháp", "Thanh Hóa", "Quảng Trị", "Phú Thọ", "Bắc Ninh", "Hưng Yên",
    "Ninh Bình", "Lào Cai", "Tuyên Quang", "Lâm Đồng", "Gia Lai", "Khánh Hòa", "Tây Ninh", "An Giang", "Cà Mau",
    "Vĩnh Long", "Điện Biên", "Sơn La", "Cao Bằng", "Quảng Ngãi", "Thái Nguyên", "Lạng Sơn", "Lai Châu",
)  # fmt: skip
CITIES = ("Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "Cần Thơ", "Hồ Chí Minh")
COMMUNES = (
    "Vinh", "Gia", "Hòa An", "Đồng Tâm", "Yên Bình", "Tân Phú Đông", "Thuận Lợi", "Kim Liên", "Ea Kao", "Mỹ Thọ",
    "Bình Sơn", "Đức Thọ", "Quỳnh Lưu", "Tam Đảo", "Phước Thành Hưng", "Lũng Cú", "Nậm Cắn", "Hương Khê", "Sơn Mỹ",
    "Đại Đồng", "Ngọc Sơn", "Thạch Hà", "Cẩm Xuyên", "Vĩnh Phước Tây", "Bù Đăng", "Ô Môn", "Y Tý", "Núi Thành",
    "Giao Thủy", "Kỳ Anh", "Lộc Ninh", "Trà Bồng", "Xuân Lộc", "Nhơn Hội", "Thủy Nguyên", "Ba Đình", "Ân Thi",
)  # fmt: skip
SURNAMES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương",
    "Lý", "Đinh", "Đoàn", "Trịnh", "Mai", "Tô", "Hà", "Lương", "Cao", "Đào", "Thái", "Lò", "Vàng", "Kiều", "Ông",
)  # fmt: skip
MIDDLES = ("Văn", "Thị", "Đình", "Hữu", "Quốc", "Ngọc", "Minh", "Đức", "Thanh", "Xuân", "Thị Bích", "Thị Thùy",
    "Công",
           "Hoàng", "Thị Kim", "Thế", "Viết", "Nguyễn Thị", "Trọng", "Thị Như")  # fmt: skip
GIVEN = (
    "Lan", "Hùng", "Dũng", "Hạnh", "Sơn", "Tuấn", "Thủy", "Phượng", "Hải", "Quân", "Cường", "Yến", "Nga", "Đạt",
    "Vỹ", "Ái", "Nguyệt", "Thiện", "Hiếu", "Ký", "Ngân Hà", "Bảo Châu", "Anh Thư", "Phương Uyên", "Khánh", "Lợi",
    "Thành", "Long", "Tâm", "Trường",
)  # fmt: skip
WHOLE = (
    "Lê Na", "Y Bhiên", "Đỗ Ỷ", "Tôn Nữ Thị Diệu Huyền", "Công Tằng Tôn Nữ Hoàng Yến", "H Yim Kđoh", "Lò Thị Ún",
    "Nguyễn Phúc Bảo Ngọc Trân", "Trần Lê", "Vàng A Sử", "Nguyễn Lê Hoàng Minh Khuê",
)  # fmt: skip


def name(rng: Random) -> str:
    """A full name of two to six syllables."""
    if rng.random() < 0.12:
        return rng.choice(WHOLE)
    middle = "" if rng.random() < 0.12 else rng.choice(MIDDLES) + " "
    return f"{rng.choice(SURNAMES)} {middle}{rng.choice(GIVEN)}"


def two_names(rng: Random) -> tuple[str, str]:
    """Two different ones."""
    first = name(rng)
    while (second := name(rng)) == first:
        pass
    return first, second


def day(rng: Random) -> dt.date:
    """A working day between August 2025 and November 2026; early days and months a little oftener than chance."""
    made = dt.date(2025, 8, 1) + dt.timedelta(days=rng.randrange(480))
    if rng.random() < 0.2:
        made = made.replace(day=rng.randint(1, 9))
    return made + dt.timedelta(days=max(0, 8 - made.isoweekday()) if made.isoweekday() > 5 else 0)


def earlier(rng: Random, date: dt.date, most: int = 200) -> dt.date:
    """Some day before."""
    return date - dt.timedelta(days=rng.randint(3, most))


def spoken(date: dt.date) -> str:
    """`05 tháng 02 năm 2026`: zeros before days under 10 and months 1 and 2 (Decree 30/2020, Annex I)."""
    month = f"{date.month:02d}" if date.month < 3 else f"{date.month}"
    return f"{date.day:02d} tháng {month} năm {date.year}"


def sloppy(rng: Random, date: dt.date) -> str:
    """The same as people type it who do not know the rule."""
    ways = (
        f"{date.day} tháng {date.month} năm {date.year}",
        f"{date.day:02d} tháng {date.month:02d} năm {date.year}",
        f"{date.day}  tháng {date.month:02d}  năm  {date.year}",
        f"{date.day:02d} Tháng {date.month} Năm {date.year}",
    )
    return rng.choice(ways)


def short(date: dt.date) -> str:
    """`05/02/2026`."""
    return date.strftime("%d/%m/%Y")
