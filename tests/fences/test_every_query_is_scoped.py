"""No query for people's work without a scope: a view cannot forget what the query demands."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tests.support import tree

TABLES = {"Outgoing", "Incoming", "Dossier"}
SCOPES = {"scope", "reader"}
"""`reader` is the scope of who reads a figure's list, beside the scope of who counts."""
JOBS = "reason"
"""Queries over everybody's papers say, in a keyword of this name, what for."""
OTHERS = {
    ("access", "reached"): "which scopes reach a document that the caller has found",
    ("bulk", "standing_of"): "counts what was made of a draft that the caller has found",
    ("document_list", "listed"): "names columns, asks nothing",
    ("documents", "agency_of"): "names the agency of a document that the caller has found",
    ("documents", "opened_by"): "the drafter's own draft, by the form that opened it",
    ("documents", "twin_of"): "the drafter's own draft of a moment ago, sent twice",
    ("documents", "uses_of_holder"): "counts a server-held key's uses of one agency",
    ("attachments", "seals_by_holder"): "the same of seals on attachments",
    ("handovers", "drafted"): "what a post holds; the post came from a scope",
    ("handovers", "handled"): "what a post holds; the post came from a scope",
    ("handovers", "owed_explanations"): "what a post holds; the post came from a scope",
    ("handovers", "own_parts"): "what a post holds; the post came from a scope",
    ("handovers", "submitted_to"): "what a post holds; the post came from a scope",
    ("handovers", "waiting_for_head"): "what a post holds; the post came from a scope",
    ("handovers", "to_sign"): "what a post holds; the post came from a scope",
    ("handovers", "open_dossiers"): "what a post holds; the post came from a scope",
    ("opinions", "held_by"): "what a post holds; the post came from a scope",
    ("documents", "cosigned_by"): "a condition on a scoped query, asks nothing",
    ("documents", "cosigns_now"): "a condition on a scoped query, asks nothing",
    ("rights", "grounds"): "what is asked of the signer of a document that the caller has found",
    ("register_filter", "of_numbers"): "conditions on a scoped query, asks nothing",
    ("register_filter", "told_by_document"): "conditions on a scoped query, asks nothing",
    ("registers", "organ_in_use"): "whether there is any, never which; the organ came from a scope",
    ("incoming", "once"): "the agency's own row, by the form or delivery that made it",
    ("incoming", "apology_of"): "the letter drafted for a document that the caller has found",
    ("people", "ending_of"): "counts what is open in a unit that is to end; the unit came from a scope",
    ("rates", "outcome"): "an expression, no query",
    ("search_rows", "let_all_wait"): "writes the rows of search anew, for the shell; answers with their number",
    ("reports", "moved_since"): "for the morning report, which covers every unit",
}
"""Functions that name the table and take neither, and why."""


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of the store that name the table of documents."""
    for path in tree.python("workflow"):
        if path.parts[1] != "store" or len(path.parts) != 3:
            continue
        for node in ast.parse(tree.text(path)).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and names_the_table(node):
                yield path.stem, node


def names_the_table(node: ast.FunctionDef) -> bool:
    return any(isinstance(found, ast.Name) and found.id in TABLES for found in ast.walk(node))


def unscoped(node: ast.FunctionDef) -> bool:
    """Neither a scope first nor a reason by name."""
    first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:1]
    return not set(first) & SCOPES and JOBS not in {argument.arg for argument in node.args.kwonlyargs}


def test_documents_are_asked_for_within_a_scope() -> None:
    """The exceptions are listed with their reason, and only while they are needed."""
    found = list(functions())
    assert len(found) > 12
    assert {(file, node.name) for file, node in found if unscoped(node)} == OTHERS.keys()


def test_an_unscoped_query_is_seen() -> None:
    """The positive control."""
    bad, good, job = ast.parse(
        "def a(session, id): return select(Outgoing)\n"
        "def b(scope, session): return select(Outgoing)\n"
        "def c(session, *, reason): return select(Outgoing)\n"
    ).body
    told = [unscoped(node) for node in (bad, good, job) if isinstance(node, ast.FunctionDef)]
    assert told == [True, False, False]
