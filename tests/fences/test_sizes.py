"""No file over 450 lines, no function over 60: what hurts in programs like this is always one big file."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.support import tree

FILE_LINES, FUNCTION_LINES = 450, 60

LONG_FILES = {
    "workflow/store/migrations/versions/0001_first_tables.py": "all tables at once, written by autogeneration",
    "workflow/store/migrations/versions/0004_incoming_documents.py": "fifteen tables, written by autogeneration",
}
LONG_FUNCTIONS = {
    "workflow/store/migrations/versions/0001_first_tables.py:upgrade": "all tables at once, in one list",
    "workflow/store/migrations/versions/0004_incoming_documents.py:_incoming": "one table of sixty columns",
}

_NOISE = re.compile(r"//[^\n]*|/\*.*?\*/|'(?:\\.|[^'\\\n])*'|\"(?:\\.|[^\"\\\n])*\"", re.DOTALL)
_BODY = re.compile(r"(\)|=>)\s*\{")


def scripts() -> tuple[Path, ...]:
    """Our own JavaScript."""
    return tuple(path for path in tree.files() if path.suffix in {".js", ".mjs"})


def python_functions(source: ast.Module) -> dict[str, int]:
    """Name → lines, the longest of each name."""
    found: dict[str, int] = {}
    for node in ast.walk(source):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            found[node.name] = max(found.get(node.name, 0), lines)
    return found


def script_bodies(source: str) -> dict[str, int]:
    """First line → lines of every block that follows `)` or `=>`: functions, methods, arrows, loops."""
    bare = _NOISE.sub(lambda hit: "\n" * hit[0].count("\n"), source)
    found: dict[str, int] = {}
    for hit in _BODY.finditer(bare):
        end = _closing(bare, hit.end())
        first = source.splitlines()[bare.count("\n", 0, hit.start())].strip()
        found[first] = max(found.get(first, 0), bare.count("\n", hit.start(), end) + 1)
    return found


def _closing(bare: str, at: int) -> int:
    depth = 1
    while depth and at < len(bare):
        depth += {"{": 1, "}": -1}.get(bare[at], 0)
        at += 1
    return at


def test_files_are_short() -> None:
    """Longer ones stand above with a reason, and only as long as they are."""
    sizes = {str(path): tree.text(path).count("\n") for path in (*tree.python(), *scripts())}
    assert {name for name, lines in sizes.items() if lines > FILE_LINES} == set(LONG_FILES)


def test_python_functions_are_short() -> None:
    """The same for functions, methods and nested ones."""
    found = {
        f"{path}:{name}"
        for path in tree.python()
        for name, lines in python_functions(tree.parsed(path)).items()
        if lines > FUNCTION_LINES
    }
    assert found == set(LONG_FUNCTIONS)


def test_script_functions_are_short() -> None:
    """No exception so far."""
    found = {
        f"{path}: {first} ({lines})"
        for path in scripts()
        for first, lines in script_bodies(tree.text(path)).items()
        if lines > FUNCTION_LINES
    }
    assert found == set()


def test_the_ruler_measures() -> None:
    """The positive control: a long function of either language is seen, braces in strings are not."""
    assert python_functions(ast.parse("def f():\n    a = 1\n    return a\n")) == {"f": 3}
    script = "const one = (x) => {\n  say('}');  // }\n  return x;\n};\nfunction two() { return 1; }\n"
    assert script_bodies(script) == {"const one = (x) => {": 4, "function two() { return 1; }": 1}
