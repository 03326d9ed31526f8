"""A stored morning report as PDF, XLSX and CSV: pure work on a `Paper`, to be run outside of write transactions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from workflow.adapters import csv_export, render, xlsx_export
from workflow.adapters.catalogues import VIETNAMESE
from workflow.adapters.render import Column, MorningPaper, Section, Side, Stack
from workflow.adapters.xlsx_export import Sheet
from workflow.domain.backlog import Age
from workflow.domain.calendar import office_time
from workflow.services.report_tables import Cell, Paper, Table, figures, flat, lists, summaries
from workflow.services.report_texts import Words
from workflow.store.session import UnitOfWork

ON_PAPER = 400
"""Lines of one list in a PDF: about twenty pages; how many there are is said below."""


class Form(StrEnum):
    """What a report can be taken away as."""

    PDF = "pdf"
    XLSX = "xlsx"
    CSV = "csv"


MEDIA = {
    Form.PDF: "application/pdf",
    Form.XLSX: xlsx_export.CONTENT_TYPE,
    Form.CSV: csv_export.CONTENT_TYPE,
}


@dataclass(frozen=True, slots=True)
class File:
    """A finished file."""

    name: str
    media_type: str
    data: bytes


def file_of(uow: UnitOfWork, paper: Paper, form: Form, *, language: str = VIETNAMESE) -> File:
    """A report as a file; made outside of any transaction."""
    say = Words(language)
    match form:
        case Form.PDF:
            data = uow.compute(as_pdf, paper, say)
        case Form.XLSX:
            data = uow.compute(as_xlsx, paper, say)
        case Form.CSV:
            data = uow.compute(as_csv, paper, say)
    return File(f"{paper.filename}.{form}", MEDIA[form], data)


def as_pdf(paper: Paper, say: Words) -> bytes:
    """PDF/A-2b; the same report gives the same bytes."""
    return render.render_morning(layout(paper, say), made_at=paper.made_at)


def layout(paper: Paper, say: Words) -> MorningPaper:
    """What stands on it."""
    told, local = paper.words, office_time(paper.cut_off)
    place = told["place"] or "…………"
    subtitles = [say("Figures as of %(moment)s", moment=_clock(paper.cut_off))]
    if paper.version > 1:
        until = dt.datetime.fromisoformat(paper.content["soon_until"])
        subtitles.append(say("Due soon: by %(moment)s", moment=_clock(until)))
    hidden = say(
        "Subjects and who owes explanations stand in the system only: this copy is also for those who may not open"
        " the documents."
    )
    return MorningPaper(
        language=say.language, superior=told["superior"], agency=told["agency"], unit=told["unit"],
        day_line=say("%(place)s, %(day)s/%(month)s/%(year)s", place=place, day=f"{local:%d}",
                       month=f"{local:%m}", year=local.year),
        title=say("Unsigned, overdue and due soon"), subtitles=tuple(subtitles),
        figures=tuple((what, str(number)) for what, number in figures(paper, say)),
        chart=say("Waiting for a signature"), legend=tuple(say.of(age) for age in Age),
        bars=_bars(paper), notes=() if paper.subjects else (hidden,),
        sections=tuple(_section(table, say) for table in (*summaries(paper, say), *lists(paper, say))),
        proof=(
            say("This report was made for its cut-off and comes out the same whenever it is made again."),
            say("Made at %(moment)s", moment=_clock(paper.made_at)),
            f"{say('SHA-256 of its content')}: {paper.digest}",
            *_root(paper, say),
        ),
        page_word=say("Page"),
    )  # fmt: skip


def _root(paper: Paper, say: Words) -> tuple[str, ...]:
    """The journal's root that stood at the cut-off; a report of before the first one has none."""
    if not (root := paper.words.get("root")):
        return ()
    moment = _clock(dt.datetime.fromisoformat(root["at"]))
    return (
        say("Root of the journal no. %(anchor)s, %(moment)s: %(root)s",
            anchor=root["anchor"], moment=moment, root=root["root"]),
    )  # fmt: skip


def _bars(paper: Paper) -> tuple[Stack, ...]:
    """The signers with most, up to twelve."""
    return tuple(
        Stack(
            paper.words["people"].get(str(line["signer"]), "–"), line["total"],
            tuple(line["ages"][str(age)] for age in Age),
        )
        for line in paper.content["unsigned"]["by_signer"][:12]
    )  # fmt: skip


def _section(table: Table, say: Words) -> Section:
    columns = tuple(
        Column(heading, width, Side.RIGHT if place in table.rights else Side.LEFT)
        for place, (heading, width) in enumerate(zip(table.head, table.widths, strict=True))
    )
    rows = tuple(tuple(_text(cell) for cell in row) for row in table.rows[:ON_PAPER])
    return Section(table.heading, columns, rows, left_out(table, say, shown=ON_PAPER))


def left_out(table: Table, say: Words, *, shown: int) -> str:
    """What is said below a list that does not hold everything."""
    if table.whole <= min(shown, len(table.rows)):
        return ""
    return say(
        "Only the first %(shown)s of %(all)s stand here.",
        shown=min(shown, len(table.rows)), all=table.whole,
    )  # fmt: skip


def _text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case dt.datetime():
            return _clock(cell)
        case _:
            return str(cell)


def _clock(moment: dt.datetime) -> str:
    return f"{office_time(moment):%H:%M %d/%m/%Y}"


def as_xlsx(paper: Paper, say: Words) -> bytes:
    """A workbook: the figures, then each table on its own sheet."""
    facts: list[tuple[Cell, ...]] = [
        (say("Unit"), paper.words["unit"]),
        (say("Figures as of %(moment)s", moment=_clock(paper.cut_off)), None),
        *figures(paper, say),
        (say("SHA-256 of its content"), paper.digest),
        *((line, None) for line in _root(paper, say)),
    ]
    sheets = [Sheet(say("Summary"), (say("Figure"), say("Number")), facts, (48, 24))]
    for table in (*summaries(paper, say), *lists(paper, say)):
        rows = list(table.rows)
        if said := left_out(table, say, shown=len(rows)):
            rows.append((said,))
        widths = [max(6.0, 5.0 * width) for width in table.widths]
        sheets.append(Sheet(table.heading[:31], table.head, rows, widths))
    title = f"{say('Unsigned, overdue and due soon')} – {paper.words['unit']}"
    return xlsx_export.to_xlsx(sheets, title=title, author=paper.words["agency"], made_at=paper.made_at)


def as_csv(paper: Paper, say: Words) -> bytes:
    """All lists in one table."""
    head, rows = flat(paper, say)
    return b"".join(csv_export.rows_to_csv(head, rows))
