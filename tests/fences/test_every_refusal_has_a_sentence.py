"""A code that a service or a view raises has a sentence of its own: "something is missing" helps nobody."""

from __future__ import annotations

import ast

from tests.support import tree
from workflow.web.errors import TABLE

KINDS = {"Refused", "WrongState", "NotPermitted", "Missing", "BadInput", "Conflict"}
"""`NotFound` says the same for what is foreign and what is not there, so it needs no other words."""
WHERE = ("workflow/services/", "workflow/web/")
ELSEWHERE = {
    "agency_name": "told by `trinhky create-admin`",
    "arrivals_twice": "told by `trinhky doctor`, and in the ledger of jobs",
    "arrivals_unreadable": "the same",
    "fetch_settings": "told by `trinhky doctor`, and in the ledger of jobs",
    "ocsp_signature": "the clock fetched it: the page of trust evidence says what came of that",
    "ocsp_unreadable": "the same",
    "not_a_living_agency": "told by `trinhky create-admin`",
    "root_fingerprint_differs": "told by `trinhky trust add`",
    "root_is_no_authority": "told by `trinhky trust add`",
    "root_unreadable": "told by `trinhky trust add`",
}
"""Codes of acts that no page offers, and who says them."""


def raised(source: str) -> set[str]:
    """The codes that a file raises by their own name."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call) and node.args)
    return {
        str(call.args[0].value)
        for call in calls
        if isinstance(call.func, ast.Name)
        and call.func.id in KINDS
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }


def test_no_refusal_falls_back_on_the_words_of_its_class() -> None:
    """The exceptions are listed with their reason, and only while they are needed."""
    files = [path for path in tree.files() if path.suffix == ".py" and str(path).startswith(WHERE)]
    found = set().union(*(raised(tree.text(path)) for path in files))
    assert len(found) > 60
    assert found - TABLE.keys() == ELSEWHERE.keys()


def test_codes_are_seen() -> None:
    """The positive control."""
    assert raised("raise BadInput('a', limit=3)\nraise Missing(name)\nraise ValueError('b')") == {"a"}
