"""Reading an administrative paper: from words with their places to proposals for the register.

`read_pages(pages)` gives every `Proposal` with its confidence, its place on the page and its evidence. Pure rules,
after the layout cells of Decree 30/2020/NĐ-CP, Annex I: `head` (cells 1, 2, 4), `number_line` (3), `kinds` (5),
`signature` (7), `stamps` (10), `recipients` (9a), `references` (the text), `agreement` (what may be certain).
"""

from workflow.domain.reading.assembling import read_pages
from workflow.domain.reading.shapes import Box, Confidence, Field, Page, Proposal, Source, Word

__all__ = ["Box", "Confidence", "Field", "Page", "Proposal", "Source", "Word", "read_pages"]
