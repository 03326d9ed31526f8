"""Formulas of spreadsheets that reach beyond their file: what they fetch may come from anywhere, and take the cells
of the sheet along. Their words are judged, quoted ones too: programs do not agree on where a quotation ends.
"""

from __future__ import annotations

import re
from typing import Final

from workflow.adapters.inspection.findings import Findings

FUNCTIONS: Final = (
    "WEBSERVICE", "IMAGE", "RTD", "DDE", "CALL", "REGISTER", "REGISTER.ID", "EXEC", "SQL.REQUEST", "IMPORTTEXT",
    "IMPORTCSV", "STOCKHISTORY",
)  # fmt: skip
"""Of Excel and LibreOffice Calc; HYPERLINK waits for a click, as links of a text do."""

_CALLED: Final = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, FUNCTIONS))})\s*\(", re.IGNORECASE)
_TOPIC: Final = re.compile(r"[\w'.]\s*\|\s*(?:'(?:[^']|'')*'|[^\"'|!]*)!")
"""`cmd|' /C calc'!A0`: an application, a topic, an item. In OpenFormula the same sign parts rows of an array."""
_OTHER_FILE: Final = re.compile(r"'#\s*[$'\w]")
"""OpenFormula 5.8: `'file:///a.ods'#$Sheet1.A1`."""


def judge(formula: str, found: Findings) -> None:
    """Say what a formula, a condition or the range of a name would reach."""
    if _TOPIC.search(formula):
        found.acts("dde")
    for called in _CALLED.findall(formula):
        found.acts("dde" if called.upper() == "DDE" else "fetching_formula")


def judge_open(formula: str, found: Findings) -> None:
    """The same in OpenDocument, where the name of another file may stand in the formula itself."""
    judge(formula, found)
    if _OTHER_FILE.search(formula):
        found.acts("external_part")
