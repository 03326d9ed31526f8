"""Which column of a sheet is which of our fields: guessed from its heading, whatever its accents, case and dots.

The canonical heading of a field is what our own exports write, so that an export can be read in again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.dispatch import ALIASES_LENGTH
from workflow.domain.text import fold


class Kind(StrEnum):
    """What a sheet holds."""

    OUTGOING = "outgoing"
    INCOMING = "incoming"
    UNITS = "units"
    PEOPLE = "people"
    OUTSIDE = "outside"


@dataclass(frozen=True, slots=True)
class Field:
    """One of our fields: its name, the heading of our own exports, other usual wordings, how much it holds."""

    name: str
    heading: str
    others: tuple[str, ...] = ()
    longest: int = 200
    required: bool = False


_STATUS = Field("status", "Tình trạng số", ("trạng thái số", "trạng thái", "tình trạng"), 30)
_REASON = Field("reason", "Lý do giữ hoặc hủy số", ("lý do", "lý do hủy", "lý do hủy số", "lý do giữ số"), 500)
_SECRECY = Field("secrecy", "Độ mật", ("mức độ mật", "mật"), 30)
_SUBJECT = Field(
    "subject",
    "Trích yếu",
    (
        "trích yếu nội dung",
        "trích yếu nội dung văn bản",
        "nội dung",
        "nội dung trích yếu",
        "về việc",
        "tóm tắt nội dung",
    ),
    2000,
)
_BOTH = Field(
    "type_subject",
    "Tên loại và trích yếu nội dung",
    (
        "tên loại và trích yếu",
        "tên loại và trích yếu nội dung văn bản",
        "tên loại, trích yếu",
        "tên loại và trích yếu nội dung vb",
    ),
    2000,
)
_TYPE = Field(
    "type", "Tên loại", ("loại văn bản", "tên loại văn bản", "loại vb", "thể loại", "hình thức văn bản"), 60
)
_MOVED = ("ngày phát hành", "ngày gửi", "ngày chuyển văn bản", "ngày giao")
_REMARKS = Field("remarks", "Ghi chú", ("chú thích",), 1000)
_RECEIPT = Field("receipt", "Ký nhận", ("người ký nhận",), 300)

FIELDS: dict[Kind, tuple[Field, ...]] = {
    Kind.OUTGOING: (
        Field(
            "symbol",
            "Số, ký hiệu",
            (
                "số ký hiệu",
                "số và ký hiệu",
                "số hiệu",
                "số, ký hiệu văn bản",
                "số kí hiệu",
                "số/ký hiệu",
                "số hiệu văn bản",
                "ký hiệu",
                "số ký hiệu văn bản",
            ),
            60,
        ),
        Field("number", "Số", ("số văn bản", "số đi", "số vb", "số văn bản đi"), 11),
        Field(
            "date",
            "Ngày tháng văn bản",
            (
                "ngày văn bản",
                "ngày ban hành",
                "ngày ký",
                "ngày tháng",
                "ngày vb",
                "ngày",
                "ngày tháng năm",
                "ngày, tháng, năm văn bản",
            ),
            40,
        ),
        _BOTH,
        _TYPE,
        _SUBJECT,
        Field("signer", "Người ký", ("họ tên người ký", "lãnh đạo ký", "người ký văn bản"), 200),
        Field("parties", "Nơi nhận", ("nơi nhận văn bản", "nơi gửi đến", "đơn vị nhận", "cơ quan nhận"), 2000),
        Field(
            "keeper",
            "Đơn vị, người nhận bản lưu",
            ("đơn vị hoặc người nhận bản lưu", "nơi lưu", "người nhận bản lưu", "đơn vị lưu", "đơn vị soạn thảo"),
            300,
        ),
        Field("copies", "Số lượng bản", ("số bản", "số lượng", "số bản phát hành"), 60),
        Field("moved", "Ngày chuyển", _MOVED, 40),
        _RECEIPT,
        _REMARKS,
        _STATUS,
        _REASON,
        _SECRECY,
    ),
    Kind.INCOMING: (
        Field("arrived", "Ngày đến", ("ngày nhận", "ngày tiếp nhận", "ngày văn bản đến"), 40),
        Field("number", "Số đến", ("số văn bản đến", "số thứ tự đến", "số vb đến"), 11),
        Field(
            "issuer",
            "Tác giả",
            ("cơ quan ban hành", "nơi ban hành", "cơ quan gửi", "nơi gửi", "đơn vị ban hành"),
            300,
        ),
        Field(
            "symbol",
            "Số, ký hiệu",
            (
                "số ký hiệu",
                "số và ký hiệu",
                "số hiệu",
                "số kí hiệu",
                "số/ký hiệu",
                "số ký hiệu văn bản",
                "số, ký hiệu văn bản",
            ),
            60,
        ),
        Field(
            "date", "Ngày tháng văn bản", ("ngày văn bản", "ngày ban hành", "ngày ký", "ngày tháng", "ngày vb"), 40
        ),
        _BOTH,
        _TYPE,
        _SUBJECT,
        Field(
            "parties",
            "Đơn vị hoặc người nhận",
            ("đơn vị, người nhận", "đơn vị xử lý", "người nhận", "đơn vị nhận", "người xử lý", "đơn vị giải quyết"),
            2000,
        ),
        Field("moved", "Ngày chuyển", _MOVED, 40),
        _RECEIPT,
        _REMARKS,
        Field("time_limit", "Thời hạn giải quyết", ("hạn xử lý", "thời hạn", "hạn giải quyết", "hạn trả lời"), 60),
        Field("progress", "Tiến độ", ("tiến độ giải quyết", "tình trạng xử lý", "kết quả xử lý"), 200),
        Field("answers", "Số, ký hiệu văn bản trả lời", ("số ký hiệu văn bản trả lời", "văn bản trả lời"), 300),
        Field("follow_up_remarks", "Ghi chú theo dõi", (), 1000),
        _STATUS,
        _REASON,
        _SECRECY,
    ),
    Kind.UNITS: (
        Field("code", "Mã đơn vị", ("mã", "mã định danh", "mã cơ quan", "mã số"), 35, required=True),
        Field(
            "name",
            "Tên đơn vị",
            ("tên", "đơn vị", "tên cơ quan", "tên cơ quan, đơn vị", "tên phòng ban"),
            200,
            required=True,
        ),
        Field("abbreviation", "Tên viết tắt", ("viết tắt", "chữ viết tắt", "ký hiệu"), 30, required=True),
        Field("kind", "Loại", ("loại đơn vị", "phân loại"), 40, required=True),
        Field(
            "parent",
            "Mã đơn vị cấp trên",
            ("trực thuộc", "mã cấp trên", "đơn vị cấp trên", "mã đơn vị cha", "thuộc đơn vị"),
            200,
            required=True,
        ),
        Field("place", "Địa danh", ("địa danh ghi trên văn bản",), 60),
        Field("superior", "Cơ quan chủ quản", ("tên cơ quan chủ quản",), 200),
        Field("head_title", "Chức danh người đứng đầu", ("chức vụ người đứng đầu", "người đứng đầu"), 60),
        Field("email", "Thư điện tử", ("email", "e-mail", "địa chỉ thư điện tử", "hộp thư"), 200),
        Field("office", "Là văn phòng", ("văn phòng",), 10),
        Field("from", "Từ ngày", ("ngày thành lập", "ngày bắt đầu", "hiệu lực từ"), 40, required=True),
        Field("until", "Đến ngày", ("ngày kết thúc", "ngày giải thể"), 40),
        Field("basis", "Căn cứ", ("căn cứ pháp lý", "quyết định", "quyết định thành lập", "số quyết định"), 200),
    ),
    Kind.PEOPLE: (
        Field("name", "Họ và tên", ("họ tên", "tên", "họ và tên cán bộ", "cán bộ"), 100, required=True),
        Field("email", "Thư điện tử", ("email", "e-mail", "địa chỉ thư điện tử", "thư công vụ"), 200),
        Field("login", "Tên đăng nhập", ("tài khoản", "tên tài khoản", "username", "user"), 60),
        Field(
            "unit",
            "Mã đơn vị",
            ("đơn vị", "phòng ban", "tên đơn vị", "đơn vị công tác", "phòng"),
            200,
            required=True,
        ),
        Field("title", "Chức vụ", ("chức danh", "chức vụ, chức danh"), 100, required=True),
        Field("role", "Vai trò", ("quyền", "nhóm quyền", "vai trò trong hệ thống"), 40, required=True),
        Field(
            "from", "Từ ngày", ("ngày bắt đầu", "ngày bổ nhiệm", "giữ chức từ", "ngày nhận việc"), 40, required=True
        ),
        Field("until", "Đến ngày", ("ngày kết thúc", "giữ chức đến", "ngày thôi giữ chức"), 40),
        Field("basis", "Căn cứ", ("căn cứ pháp lý", "quyết định", "quyết định bổ nhiệm", "số quyết định"), 200),
    ),
    Kind.OUTSIDE: (
        Field(
            "name",
            "Tên cơ quan, tổ chức",
            ("tên", "tên cơ quan", "cơ quan", "cơ quan, tổ chức", "tên đơn vị", "nơi nhận", "đơn vị nhận"),
            300,
            required=True,
        ),
        Field("short_name", "Tên viết tắt", ("viết tắt", "chữ viết tắt", "tên ngắn"), 100),
        Field("aliases", "Tên gọi khác", ("tên khác", "các tên khác"), ALIASES_LENGTH),
        Field("code", "Mã định danh", ("mã", "mã cơ quan", "mã định danh điện tử", "mã đơn vị"), 35),
        Field("address", "Địa chỉ", ("địa chỉ bưu chính", "địa chỉ nhận", "địa chỉ gửi thư"), 500),
        Field("email", "Thư điện tử", ("email", "e-mail", "địa chỉ thư điện tử", "hộp thư"), 200),
        Field("channel", "Cách gửi", ("hình thức gửi", "phương thức gửi", "gửi qua"), 40),
        Field("note", "Ghi chú", ("chú thích",), 1000),
        Field("ended", "Ngừng dùng", ("thôi dùng", "ngừng sử dụng", "không dùng nữa"), 10),
    ),
}
"""In the order of our own exports. Of registers the legal columns come first (Decree 30/2020, Annex IV)."""

NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.OUTGOING: (("symbol", "number"), ("date",), ("type_subject", "subject"), ("signer",)),
    Kind.INCOMING: (("arrived",), ("number",), ("issuer",), ("type_subject", "subject")),
    Kind.UNITS: tuple((field.name,) for field in FIELDS[Kind.UNITS] if field.required),
    Kind.PEOPLE: tuple((field.name,) for field in FIELDS[Kind.PEOPLE] if field.required),
    Kind.OUTSIDE: tuple((field.name,) for field in FIELDS[Kind.OUTSIDE] if field.required),
}
"""Columns without which a sheet says nothing: one of each group."""

HEAD_WITHIN = 30
"""A title, an agency's name and blank lines may stand above the headings."""

_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]|\*")
_OTHER = re.compile(r"[^a-z0-9]+")


def normal(heading: str) -> str:
    """A heading for comparison: no accents, case, dots, brackets or numbers before it."""
    return re.sub(r"^\d+ ", "", _OTHER.sub(" ", fold(_BRACKETS.sub(" ", heading))).strip())


def field_of(kind: Kind, name: str) -> Field:
    """A field by its name."""
    return next(field for field in FIELDS[kind] if field.name == name)


def guess(kind: Kind, headings: Sequence[str]) -> dict[str, int]:
    """Field → place of its column; each column is one field, the first column that fits has it."""
    wanted = {
        normal(words): field.name for field in reversed(FIELDS[kind]) for words in (*field.others, field.heading)
    }
    found: dict[str, int] = {}
    for place, heading in enumerate(headings):
        name = wanted.get(normal(heading))
        if name is not None:
            found.setdefault(name, place)
    return found


def find_head(kind: Kind, rows: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    """(place of the row of headings, its columns): the row among the first that names the most of our fields."""
    best = 0
    columns: dict[str, int] = {}
    for place, row in enumerate(rows[:HEAD_WITHIN]):
        guessed = guess(kind, row)
        if len(guessed) > len(columns):
            best, columns = place, guessed
    return best, columns


def lacking(kind: Kind, columns: Mapping[str, int]) -> list[str]:
    """Headings that a sheet lacks and cannot do without."""
    return [
        field_of(kind, group[0]).heading for group in NEEDED[kind] if not any(name in columns for name in group)
    ]


def is_numbering(cells: Sequence[str]) -> bool:
    """Whether a row only counts the columns: (1), (2), (3)… as printed registers do."""
    told = [cell.strip() for cell in cells if cell.strip()]
    return len(told) > 2 and told == [f"({n})" for n in range(1, len(told) + 1)]
