"""One paper, all rules: pages in, proposals out."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from workflow.domain.document_types import LETTER
from workflow.domain.reading import kinds, references, signature, stamps
from workflow.domain.reading.agencies import stands_for
from workflow.domain.reading.agreement import all_syllables, confidence
from workflow.domain.reading.fuzzy import squeezed
from workflow.domain.reading.head import Agency, Head, agencies_of, head_of, is_number_line
from workflow.domain.reading.lines import pieces_of
from workflow.domain.reading.number_line import Numbered, numbered_of
from workflow.domain.reading.paragraphs import Running, running
from workflow.domain.reading.recipients import recipients_of
from workflow.domain.reading.shapes import Box, Confidence, Field, Page, Piece, Proposal, Source, around
from workflow.domain.reading.spelling import mended
from workflow.domain.text import fold

_CAPITALS = re.compile(r"[A-ZĐ][A-ZĐa-zđ&]*[A-ZĐ][A-Za-zđĐ]*")


def read_pages(pages: Sequence[Page], *, signer_names: Iterable[str] = ()) -> tuple[Proposal, ...]:
    """All that can be proposed for a paper; `pages` in order, the first one must be page 1 of the file.

    `signer_names`: names from certificates of valid signatures in the file; they support the printed signer.
    """
    if not pages:
        return ()
    return tuple(Paper(mended(pages), tuple(signer_names)).proposals())


@dataclass(frozen=True)
class Paper:
    """A paper in reading: each part is found once, the later ones look at the earlier."""

    pages: tuple[Page, ...]
    signer_names: tuple[str, ...]

    @cached_property
    def pieces(self) -> tuple[tuple[Piece, ...], ...]:
        return tuple(pieces_of(page) for page in self.pages)

    @property
    def first(self) -> Page:
        return self.pages[0]

    @cached_property
    def head(self) -> Head:
        return head_of(self.first, self.pieces[0])

    @cached_property
    def title(self) -> kinds.Kind | None:
        return kinds.title_of(self.first, self.pieces[0])

    @cached_property
    def agencies(self) -> tuple[Agency, ...]:
        return agencies_of(self.head, self.first)

    @cached_property
    def issuer(self) -> Agency | None:
        return self.agencies[-1] if self.agencies else None

    @cached_property
    def numbered(self) -> Numbered | None:
        left, at = self.head.left, self.head.number_at
        if at is not None:
            line = self._whole_line(left[at])
            below = left[at + 1] if at + 1 < len(left) else None
            return numbered_of(line, below, self.known_parts)
        for piece in self.pieces[0]:
            if piece.box.centre > self.first.height * 0.5 and is_number_line(piece.text):
                return numbered_of(piece, None, self.known_parts)
        return None

    def _whole_line(self, piece: Piece) -> Piece:
        """`Số:` and what follows after a gap, in the same cell."""
        more = [
            one
            for one in self.head.left
            if abs(one.box.centre - piece.box.centre) < 0.6 * piece.size and one.box.x0 >= piece.box.x0
        ]
        words = tuple(word for one in sorted(more, key=lambda one: one.box.x0) for word in one.words)
        return Piece(piece.page, words, piece.source)

    @cached_property
    def known_parts(self) -> tuple[str, ...]:
        """Abbreviations elsewhere on the paper: the kind's own, and words in capitals of the text."""
        kind = self.title.kind if self.title is not None else None
        own = (kind.abbreviation,) if kind is not None and kind.abbreviation else ()
        words = (word for page in self.pieces for piece in page for word in _CAPITALS.findall(piece.text))
        found = [word for word in words if 2 <= len(word) <= 10]
        often = [word for word in dict.fromkeys(found) if found.count(word) > 1]
        return (*often, "UBND", "HĐND", "VP", "BCĐ", *own)

    @cached_property
    def subject(self) -> kinds.Subject | None:
        if self.title is not None:
            below = kinds.subject_under_title(self.title, self.pieces[0])
            if below is not None:
                return below
        return kinds.subject_under_number(self.head, self.pieces[0])

    @cached_property
    def block(self) -> signature.Block | None:
        following = (*self.pieces[1:], ())
        found = [
            signature.with_name_overleaf(block, page, after)
            for page, pieces, after in zip(self.pages, self.pieces, following, strict=True)
            for block in signature.blocks_of(page, pieces)
        ]
        return signature.choose(found)

    @cached_property
    def text(self) -> Running | None:
        """Everything below the head matter, page after page."""
        top = self.head.date.piece.box.y0 if self.head.date is not None else self.first.height * 0.75
        body = [piece for piece in self.pieces[0] if piece.box.y1 <= top + 2]
        return running([*body, *(piece for pieces in self.pieces[1:] for piece in pieces)])

    @property
    def written(self) -> dt.date | None:
        return self.head.date.day if self.head.date is not None else None

    @cached_property
    def greets(self) -> bool:
        return any(fold(piece.text).strip().startswith("kinh gui") for piece in self.pieces[0])

    def proposals(self) -> Iterator[Proposal]:
        """In the order of the form."""
        yield from self._agencies()
        yield from self._number()
        yield from self._date()
        yield from self._kind()
        yield from self._subject()
        yield from self._signer()
        yield from self._stamps()
        yield from self._recipients()
        yield from self._text()

    def _agencies(self) -> Iterator[Proposal]:
        issuer, numbered = self.issuer, self.numbered
        if issuer is None:
            return
        witnesses = []
        if numbered is not None and any(stands_for(part, issuer.name) for part in numbered.parts):
            witnesses.append("symbol_agrees")
        if self._named_again(issuer.name):
            witnesses.append("named_again")
        level = confidence(issuer.lines, place=issuer.clear, agree=bool(witnesses))
        yield _of(Field.ISSUER, issuer.name, level, issuer.lines, *witnesses)
        if len(self.agencies) > 1:
            above = self.agencies[-2]
            level = confidence(above.lines, place=above.clear, agree=bool(witnesses))
            yield _of(Field.SUPERIOR, above.name, level, above.lines)

    def _named_again(self, name: str) -> bool:
        """The whole name in the text or the signature block."""
        wanted = squeezed(name)
        return self.text is not None and len(wanted) > 6 and wanted in squeezed(self.text.text)

    def _number(self) -> Iterator[Proposal]:
        numbered = self.numbered
        if numbered is None:
            return
        lines = (numbered.piece,)
        witnesses = list(self._symbol_witnesses(numbered))
        level = confidence(lines, place=numbered.whole and self.head.number_at is not None, agree=bool(witnesses))
        if numbered.number:
            yield _of(Field.NUMBER, numbered.number, level, lines, *witnesses)
        if numbered.symbol:
            yield _of(Field.SYMBOL, numbered.symbol, level, lines, *witnesses)
            yield _of(Field.SYMBOL_PRINTED, numbered.printed, level, lines, *witnesses)

    def _symbol_witnesses(self, numbered: Numbered) -> Iterator[str]:
        kind = self.title.kind if self.title is not None else None
        if kind is not None and squeezed(kind.abbreviation) == squeezed(numbered.abbreviation):
            yield "kind_agrees"
        if self.issuer is not None and any(stands_for(part, self.issuer.name) for part in numbered.parts):
            yield "issuer_agrees"

    def _date(self) -> Iterator[Proposal]:
        dated = self.head.date
        if dated is None:
            return
        lines = (dated.piece,)
        level = confidence(lines, place=dated.exact, agree=bool(dated.place) and self._level_with_number())
        yield _of(Field.DATE, dated.day.isoformat(), level, lines, "place_and_date" if dated.place else "date")
        if dated.place:
            yield _of(Field.PLACE, dated.place, level, lines)

    def _level_with_number(self) -> bool:
        """The date's cell: right, near the height of the number or below the motto."""
        dated, head = self.head.date, self.head
        if dated is None:
            return False
        marks = [head.left[head.number_at]] if head.number_at is not None else []
        marks += [head.motto] if head.motto is not None else []
        return any(abs(mark.box.centre - dated.piece.box.centre) < 7 * dated.piece.size for mark in marks)

    def _kind(self) -> Iterator[Proposal]:
        title, numbered, subject = self.title, self.numbered, self.subject
        if title is not None and title.kind is None:
            return
        if title is not None and title.kind is not None:
            same = numbered is not None and squeezed(numbered.abbreviation) == squeezed(title.kind.abbreviation)
            level = confidence((title.piece,), place=title.exact or same, agree=same)
            yield _of(Field.TYPE_CODE, title.kind.code, level, (title.piece,), *(["symbol_agrees"] if same else []))
            return
        about = subject is not None and subject.about
        if about and subject is not None:
            level = confidence(subject.pieces, place=subject.clear, agree=self.greets)
            yield _of(Field.TYPE_CODE, LETTER, level, subject.pieces, "about_line")
        elif self.greets and numbered is not None:
            yield _of(Field.TYPE_CODE, LETTER, Confidence.LIKELY, (numbered.piece,), "greeting")

    def _subject(self) -> Iterator[Proposal]:
        subject = self.subject
        if subject is None or not subject.text:
            return
        agree = subject.clear and (self.greets if subject.about and self.title is None else self._kind_agrees())
        level = confidence(
            subject.pieces, place=subject.clear, agree=agree and all_syllables(subject.text), scan_may=False
        )
        yield _of(Field.SUBJECT, subject.text, level, subject.pieces)

    def _kind_agrees(self) -> bool:
        title, numbered = self.title, self.numbered
        if title is None or title.kind is None or numbered is None:
            return False
        return squeezed(numbered.abbreviation) == squeezed(title.kind.abbreviation)

    def _signer(self) -> Iterator[Proposal]:
        stamped = signature.stamped_names(piece for pieces in self.pieces for piece in pieces)
        block = self.block
        if block is None:
            return
        if block.name and block.name_piece is not None:
            witnesses = list(self._signer_witnesses(block, stamped))
            level = confidence((block.name_piece,), place=block.known_family, agree=bool(witnesses))
            yield _of(Field.SIGNER, block.name, level, (block.name_piece,), *witnesses)
        elif len(set(stamped)) == 1:
            yield _of(Field.SIGNER, stamped[0], Confidence.UNSURE, block.titles, "visible_signature")
        level = confidence(block.titles, place=block.beside, agree=bool(block.name))
        yield _of(Field.SIGNER_TITLE, block.title, level, block.titles)
        yield _of(Field.CAPACITY, block.capacity.value, level, block.titles)

    def _signer_witnesses(self, block: signature.Block, stamped: Sequence[str]) -> Iterator[str]:
        if block.beside:
            yield "beside_recipients"
        if any(signature.same_person(block.name, name) for name in stamped):
            yield "visible_signature"
        if any(signature.same_person(block.name, name) for name in self.signer_names):
            yield "certificate"

    def _stamps(self) -> Iterator[Proposal]:
        urgency = stamps.urgency_of(self.first, self.pieces[0])
        if urgency is not None:
            level = confidence((urgency.piece,), place=True, agree=True)
            yield _of(Field.URGENCY, urgency.value, level, (urgency.piece,), "stamp")
            due = references.timed_in(urgency.piece.text, self.written) if urgency.timed else None
            if due is not None:
                yield _of(Field.DUE, due, Confidence.LIKELY, (urgency.piece,), "timed_stamp")
        secrecy = stamps.secrecy_of(self.first, self.pieces[0])
        if secrecy is not None:
            level = confidence((secrecy.piece,), place=True, agree=True)
            yield _of(Field.SECRECY, secrecy.value, level, (secrecy.piece,), "stamp")

    def _recipients(self) -> Iterator[Proposal]:
        for name, piece in recipients_of(self.first, self.pieces[0]):
            level = confidence((piece,), place=True, agree=all_syllables(name))
            yield _of(Field.RECIPIENT, name, level, (piece,))

    def _text(self) -> Iterator[Proposal]:
        if self.text is None:
            return
        letter = self.title is None
        answer = references.answers_in(self.text, kind_is_letter=letter)
        if answer is not None and answer.value:
            level = Confidence.LIKELY if answer.plain or letter else Confidence.UNSURE
            yield _from_text(Field.ANSWERS, answer, self.text, level)
        due = references.due_in(self.text, self.written)
        if due is not None:
            yield _from_text(Field.DUE, due, self.text, Confidence.LIKELY if due.plain else Confidence.UNSURE)


def _of(field: Field, value: str, level: Confidence, lines: Sequence[Piece], *evidence: str) -> Proposal:
    page = lines[0].page
    box = around(line.box for line in lines if line.page == page)
    scanned = ("ocr",) if any(line.source is Source.OCR for line in lines) else ()
    return Proposal(field, value, level, page, box, (*evidence, *scanned))


def _from_text(field: Field, found: references.Found, text: Running, level: Confidence) -> Proposal:
    page, box = text.place(found.start, found.end)
    return Proposal(field, found.value, level, page, box, ("text",))


__all__ = ["Box", "Paper", "read_pages"]
