"""Typed and read: what is the same paper said in other letters, and what is a difference."""

from __future__ import annotations

import pytest

from workflow.domain.reading import Field
from workflow.domain.reading.comparing import says_otherwise

SAME = [
    (Field.SYMBOL, "05/QĐ-UBND", "5/QĐ-UBND"),
    (Field.SYMBOL, "412/snv - tcbc", "412/SNV-TCBC"),
    (Field.DATE, "2026-11-20", "2026-11-20"),
    (Field.ISSUER, "UBND xã Đồng Tâm", "ỦY BAN NHÂN DÂN XÃ ĐỒNG TÂM"),
    (Field.ISSUER, "Sở Nội vụ", "SỞ NỘI VỤ TỈNH LAM GIANG"),
    (Field.SIGNER, "Bà Nguyễn Thị Lan", "Nguyễn Thị Lân"),
    (Field.SUBJECT, "Về việc rà soát biên chế năm 2027", "V/v rà soát biên chê năm 2027"),
    (Field.SUBJECT, "rà soát biên chế các đơn vị năm 2027", "rà soát biên chế các đơn vj năm 2027"),
    (Field.SUBJECT, "Rà soát biên chế", ""),
    (Field.URGENCY, "urgent", "urgent"),
]
OTHER = [
    (Field.SYMBOL, "412/SNV-TCBC", "413/SNV-TCBC"),
    (Field.DATE, "2026-11-20", "2026-11-21"),
    (Field.ISSUER, "UBND xã Đồng Tâm", "ỦY BAN NHÂN DÂN XÃ YÊN VIÊN"),
    (Field.ISSUER, "Trường Tiểu học số 1 Đồng Tâm", "Trường Tiểu học số 2 Đồng Tâm"),
    (Field.SIGNER, "Nguyễn Thị Lan", "Trần Văn Hòa"),
    (Field.SUBJECT, "Về việc rà soát biên chế năm 2027", "V/v rà soát biên chế năm 2026"),
    (Field.SUBJECT, "Về việc rà soát biên chế", "V/v kiểm kê tài sản công"),
    (Field.TYPE_CODE, "letter", "decision"),
    (Field.URGENCY, "normal", "flash"),
    (Field.SIGNER, "", "Nguyễn Thị Lan"),
]


@pytest.mark.parametrize(("field", "typed", "read"), SAME)
def test_other_letters_are_no_difference(field: Field, typed: str, read: str) -> None:
    """Marks, capitals, zeros in front, abbreviations, a letter lost by OCR."""
    assert not says_otherwise(field, typed, read)


@pytest.mark.parametrize(("field", "typed", "read"), OTHER)
def test_other_words_and_numbers_are(field: Field, typed: str, read: str) -> None:
    """One digit is enough; what was left empty is one too."""
    assert says_otherwise(field, typed, read)
