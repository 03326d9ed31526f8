"""What goes with a document: one digest of it, the place of its seal, the name it gets."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from workflow.domain.attachments import (
    Attached,
    Changes,
    Kind,
    digest,
    ending,
    file_name,
    name_of,
    net,
    seal_box,
    seal_words,
    text_key,
)

ONE, TWO = Attached("Phụ lục I", "a" * 64), Attached("Phụ lục II", "b" * 64)
A4 = (595.28, 841.89)


def test_the_digest_tells_every_change() -> None:
    """Another order, name, file or number of them is another digest; nothing attached has none."""
    renamed, other = Attached("Phụ lục 1", ONE.sha256), Attached(ONE.name, TWO.sha256)
    lists = [[ONE], [TWO], [ONE, TWO], [TWO, ONE], [renamed, TWO], [other, TWO], [ONE, ONE]]
    assert len({digest(one) for one in lists}) == len(lists)
    assert digest([]) == ""
    assert digest(iter([ONE])) == digest([ONE])


def test_what_somebody_read() -> None:
    """A document with nothing attached is its file, so that earlier opinions stay what they were."""
    assert text_key("c" * 64, "") == "c" * 64
    assert text_key("c" * 64, digest([ONE])) not in {"c" * 64, text_key("c" * 64, digest([TWO]))}


def test_several_changes_come_to_one_account() -> None:
    """What came and went in between is left out; of several names the last counts."""

    def told(what: str, key: int, name: str) -> dict[str, object]:
        return {what: {"attachment": key, "name": name}}

    def named(key: int, before: str, after: str) -> dict[str, object]:
        return {"renamed": [before, after], "attachment": key}

    assert net([]) == Changes()
    assert net([told("added", 3, "c"), named(3, "c", "d")]) == Changes(added=("d",))
    assert net([told("added", 3, "c"), told("taken_off", 3, "c")]) == Changes()
    assert net([named(1, "a", "b"), named(1, "b", "c")]) == Changes(renamed=(("a", "c"),))
    assert net([named(1, "a", "b"), named(1, "b", "a")]) == Changes()
    assert net([named(1, "a", "b"), told("taken_off", 1, "b")]) == Changes(taken_off=("a",))
    assert net([{"order": [2, 1]}]) == Changes(ordered=True)


@dataclass
class File:
    """What a name is made of."""

    place: int
    name: str
    kind: str = "pdf"
    media_type: str = "application/pdf"


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Phụ lục I", "15-QĐ-UBND.kèm 1 Phụ lục I.pdf"),
        ("../a\\b:*?", "15-QĐ-UBND.kèm 1 .. a b.pdf"),
        ("x" * 300, f"15-QĐ-UBND.kèm 1 {'x' * 100}.pdf"),
    ],
)
def test_one_file_has_one_name(name: str, wanted: str) -> None:
    """Beside its document, in letters that every system can store, and no way out of a folder."""
    assert file_name("15/QĐ-UBND", File(1, name)) == wanted


def test_the_seal_reads_as_the_decree_says() -> None:
    """Decree 30/2020, Appendix I: number and symbol, and the moment with its zone by ISO 8601."""
    assert seal_words("15/QĐ-UBND", "2026-11-22T16:59:49+07:00") == (
        "Số, ký hiệu: 15/QĐ-UBND", "Thời gian ký: 2026-11-22T16:59:49+07:00",
    )  # fmt: skip


@pytest.mark.parametrize("page", [A4, A4[::-1], (1190.0, 842.0), (200.0, 140.0)])
@pytest.mark.parametrize("text", [(), ((30.0, 0.0, 2000.0, 10.0),)])
def test_the_seal_stands_at_the_top_right(page: tuple[float, float], text: tuple[tuple[float, ...], ...]) -> None:
    """In the margin of any page, not over its text."""
    left, bottom, right, top = seal_box(*page, text)  # type: ignore[arg-type]
    assert 0 < left < right < page[0]
    assert page[1] * 0.6 < bottom < top < page[1]
    assert right > page[0] - 20


@pytest.mark.parametrize("height", [24.0, 30.0, 40.0])
def test_text_near_the_edge_presses_the_seal_up(height: float) -> None:
    """A heading set high is not covered as long as a line's height is left above it."""
    line = (300.0, A4[1] - height - 14, 560.0, A4[1] - height)
    _left, bottom, _right, top = seal_box(*A4, [line])
    assert line[3] <= bottom < top <= A4[1]


def test_names_and_endings() -> None:
    """The first name is the file's, without folders and ending."""
    assert name_of("C:\\Hồ sơ\\Phụ lục I. Danh sách.pdf") == "Phụ lục I. Danh sách"
    assert name_of("a/b/Biểu 01.xlsx") == "Biểu 01"
    assert name_of("Phụ lục") == "Phụ lục"
    assert name_of(".pdf") == ".pdf"
    assert ending(Kind.PDF, "application/pdf") == "pdf"
    assert ending(Kind.SHEET, "application/vnd.oasis.opendocument.spreadsheet") == "ods"
