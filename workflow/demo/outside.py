"""Who writes to the demo's offices from outside the installation, and their papers as Decree 30 lays them out."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

from workflow.adapters.render import Letter, Part, render_letter
from workflow.adapters.render.boxes import Box
from workflow.adapters.render.letters import Filled
from workflow.demo.subjects import TOPICS, Topic, subject_of
from workflow.domain.document_types import TYPES
from workflow.domain.outgoing import MARKS, Urgency

_NAMES = {kind.code: kind for kind in TYPES}
LETTERS = tuple(topic for topic in TOPICS if topic.type_code != "decision")


@dataclass(frozen=True, slots=True)
class Issuer:
    """An office that is not in the installation: `notation` stands behind a letter's number, `titles` and `signer`
    over and under the signature."""

    name: str
    parent: str
    place: str
    abbreviation: str
    unit: str
    titles: tuple[str, ...]
    signer: str
    kind: str = "agency"


ISSUERS = (
    Issuer("Bộ Nội vụ", "", "Hà Nội", "BNV", "CCVC", ("KT. Bộ trưởng", "Thứ trưởng"), "Nguyễn Hải Long"),
    Issuer("Bảo hiểm xã hội tỉnh Lam Giang", "Bảo hiểm xã hội Việt Nam", "Lam Giang", "BHXH", "CĐ",
           ("Giám đốc",), "Trần Thị Thu"),
    Issuer("Công an tỉnh Lam Giang", "Bộ Công an", "Lam Giang", "CAT", "QLHC",
           ("KT. Giám đốc", "Phó Giám đốc"), "Vũ Mạnh Cường"),
    Issuer("Thanh tra tỉnh Lam Giang", "UBND tỉnh Lam Giang", "Lam Giang", "TTT", "NV3",
           ("Chánh Thanh tra",), "Lê Quang Vinh"),
    Issuer("Thuế tỉnh Lam Giang", "Cục Thuế", "Lam Giang", "LGI", "QLDN",
           ("KT. Trưởng Thuế tỉnh", "Phó Trưởng Thuế tỉnh"), "Phạm Thị Minh Nguyệt"),
    Issuer("Ủy ban nhân dân tỉnh Bắc Hà", "", "Bắc Hà", "UBND", "NC",
           ("TM. Ủy ban nhân dân", "KT. Chủ tịch", "Phó Chủ tịch"), "Hoàng Văn Sơn"),
    Issuer("Tòa án nhân dân khu vực 3", "Tòa án nhân dân tỉnh Lam Giang", "Lam Giang", "TAKV3", "VP",
           ("Chánh án",), "Đặng Thu Trang"),
    Issuer("Kho bạc Nhà nước khu vực XX", "Kho bạc Nhà nước", "Lam Giang", "KBKV", "KTNN",
           ("Giám đốc",), "Bùi Đức Minh"),
)  # fmt: skip

ORGANISATIONS = (
    Issuer("Công ty TNHH Xây dựng Hồng Hà", "", "Lam Giang", "CV", "HH", ("Giám đốc",), "Ngô Văn Thành",
           "organisation"),
    Issuer("Hợp tác xã Dịch vụ nông nghiệp Tâm Hòa", "", "Đồng Tâm", "CV", "HTX", ("Giám đốc",), "Lý Thị Hoa",
           "organisation"),
)  # fmt: skip

CITIZENS = ("Ông Lê Văn Tiến, thôn 4", "Bà Phạm Thị Nhàn, thôn 7")


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper on its way: its facts, its file, and where the signature stands on it."""

    issuer: Issuer
    topic: Topic
    symbol: str
    day: dt.date
    subject: str
    urgency: Urgency
    pdf: bytes
    leader: Box


def write(
    issuer: Issuer, chance: random.Random, *, to: str, day: dt.date, urgency: Urgency = Urgency.NORMAL
) -> Paper:
    """One paper, numbered, dated and with its signer's name."""
    topic = chance.choice(LETTERS)
    subject = subject_of(topic, chance, day=day)
    kind = _NAMES[topic.type_code].abbreviation
    notation = f"{kind}-{issuer.abbreviation}" if kind else f"{issuer.abbreviation}-{issuer.unit}"
    symbol = f"{chance.randrange(100, 1900)}/{notation}"
    where = f"{issuer.place}, ngày {day.day:02d} tháng {_month(day)} năm {day.year}"
    letter = Letter(
        agency=issuer.name, parent=issuer.parent, subject=subject, parts=tuple(Part(text) for text in topic.body),
        title=_NAMES[topic.type_code].name_vi if kind else "", addressees=() if kind else (to,),
        recipients=("Như trên", f"Lưu: VT, {issuer.unit}"), urgency=MARKS.get(urgency, ""),
        filled=Filled(symbol, where, issuer.titles, issuer.signer),
    )  # fmt: skip
    made = render_letter(letter, made_at=dt.datetime.combine(day, dt.time(9), tzinfo=dt.UTC))
    return Paper(
        issuer=issuer, topic=topic, symbol=symbol, day=day, subject=subject, urgency=urgency, pdf=made.pdf,
        leader=made.boxes["leader"],
    )  # fmt: skip


def _month(day: dt.date) -> str:
    """January and February with a nought, so that nobody makes another month of them (Decree 30/2020, Annex I)."""
    return f"{day.month:02d}" if day.month < 3 else str(day.month)
