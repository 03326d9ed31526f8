"""Every command, option, variable, picture and path that the documents name exists."""

from __future__ import annotations

import importlib.util
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from schedulers import __main__ as schedulers
from schedulers import table
from tests.support import tree
from workflow import cli
from workflow.bootstrap import commands as bootstrap

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
READ_ELSEWHERE = {"PROMETHEUS_MULTIPROC_DIR", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"}
"""Variables of libraries."""

CODE = re.compile(r"^(?: {4,}|\t)(\S.*)$|`([^`\n]+)`", re.MULTILINE)
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
VARIABLE = re.compile(r"\bTRINHKY_[A-Z_]*[A-Z]\b")
LINK = re.compile(r"\]\(([^)#\s]+)\)|\bsrc=\"([^\"]+)\"")
PLACE = re.compile(r"[\w.-]+(?:/[\w.-]+)+/?|[\w-]+/|[A-Za-z_]+\.(?:py|toml|lock|md|txt)")


def documents() -> list[Path]:
    """What people read: the three at the top, and everything in `docs/`."""
    found = [path for path in tree.files() if path.suffix == ".md" and path.parts[0] == "docs"]
    return [*map(Path, DOCUMENTS), *found]


def pieces(text: str) -> Iterator[str]:
    """What stands as code: indented lines, fenced blocks, words between backticks."""
    for block in FENCED.findall(text):
        yield from block.splitlines()[1:-1]
    for line, word in CODE.findall(text):
        yield (line or word).split("  # ")[0].split(" | ")[0].strip()


def commands(start: str) -> set[str]:
    """Every piece of code that runs `start`, in whichever folder that lies and whatever is set before it."""
    opening = re.compile(rf"^(?:[A-Z_]+=\S+ )*(?:\S*/)?{re.escape(start)}(?: |$)")
    every = (piece for path in documents() for piece in pieces(tree.text(path)))
    return {opening.sub("", piece) for piece in every if opening.match(piece) and "…" not in piece.split(" ")[0]}


def words(command: str) -> list[str]:
    """The words of a command; `…`, placeholders in capitals and everything after them say nothing."""
    found = []
    for word in shlex.split(command):
        if word == "…" or (word.isupper() and word.isalpha()):
            break
        found.append(word)
    return found


def options(command: click.Command) -> set[str]:
    """What may follow it, with dashes."""
    return {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}


def check_click(command: click.Command, given: list[str]) -> None:
    """Walk down the groups, then look at the options."""
    context = click.Context(command)
    while given and isinstance(command, click.Group) and not given[0].startswith("-"):
        found = command.get_command(context, given[0])
        assert found is not None, f"there is no {given[0]!r}"
        command, given = found, given[1:]
    for word in given:
        if word.startswith("-"):
            assert word.split("=")[0] in options(command) | {"--help", "-h", "--version"}, word


@pytest.mark.parametrize("command", sorted(commands("trinhky")))
def test_trinhky_commands_exist(command: str) -> None:
    """With their options."""
    check_click(cli.main, words(command))


def test_every_command_is_named_in_the_readme() -> None:
    """Who runs an office finds all of them in one place; `demo` stands there as `make demo`."""
    named = {words(command)[0] for command in commands("trinhky") if words(command)}
    assert set(cli.main.list_commands(click.Context(cli.main))) <= named


@pytest.mark.parametrize("name", cli.main.list_commands(click.Context(cli.main)))
def test_every_command_explains_itself(name: str) -> None:
    """Each file of `workflow/commands` can be imported, and its help has a sentence."""
    shown = CliRunner().invoke(cli.main, [name, "--help"])
    assert shown.exit_code == 0
    assert len(shown.output.splitlines()) > 3


@pytest.mark.parametrize("command", sorted(commands("make")))
def test_make_targets_exist(command: str) -> None:
    """And the variables that are set for them are read by the Makefile."""
    makefile = tree.text(Path("Makefile"))
    for word in words(command):
        if "=" in word:
            assert f"$({word.partition('=')[0]})" in makefile, word
        else:
            assert re.search(rf"^{re.escape(word)}:", makefile, re.MULTILINE), word


@pytest.mark.parametrize("command", sorted(commands("python -m") | commands("python3 -m")))
def test_modules_can_be_run(command: str) -> None:
    """`python -m X` has an `X/__main__.py` or is a module."""
    module = words(command)[0]
    found = importlib.util.find_spec(module)
    assert found is not None
    if found.submodule_search_locations:
        assert importlib.util.find_spec(f"{module}.__main__") is not None


@pytest.mark.parametrize("command", sorted(commands("python -m schedulers")))
def test_jobs_that_are_named_exist(command: str) -> None:
    """Options of the timers, and the job after `--once`."""
    given = words(command)
    check_click(schedulers.main, given)
    if "--once" in given[:-1]:
        assert table.job(given[given.index("--once") + 1])


@pytest.mark.parametrize("command", sorted(commands("python3 workflow/bootstrap")))
def test_set_up_commands_exist(command: str) -> None:
    """What runs before anything is installed."""
    assert words(command)[0] in bootstrap.COMMANDS


def test_variables_are_read_and_settings_are_told() -> None:
    """Every `TRINHKY_…` in a document is read somewhere, and every setting stands in the README."""
    sources = "\n".join(tree.text(path) for path in tree.python("workflow", "schedulers", "tests"))
    told = {name for path in documents() for name in VARIABLE.findall(tree.text(path))}
    assert {name for name in told if f'"{name}"' not in sources} == set()
    settings = set(VARIABLE.findall(tree.text(Path("workflow/config.py"))))
    readme = tree.text(Path("README.md"))
    assert {name for name in settings | READ_ELSEWHERE if name not in readme} == set()


@pytest.mark.parametrize("path", documents(), ids=str)
def test_links_and_pictures_lead_somewhere(path: Path) -> None:
    """Relative ones; others are not fetched."""
    targets = [one or other for one, other in LINK.findall(tree.text(path))]
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (tree.ROOT / path.parent / target).exists()] == []


@pytest.mark.parametrize("path", documents(), ids=str)
def test_named_files_exist(path: Path) -> None:
    """Paths between backticks, from the root of the repository; what is made later stands in `.gitignore`."""
    made = set(tree.text(Path(".gitignore")).split()) | {".setup/npm/dist", "log.txt", ".uv/"}
    tops = {one.parts[0] for one in tree.files()}
    named = [word for _line, word in CODE.findall(tree.text(path)) if word and PLACE.fullmatch(word)]
    mine = [word for word in named if word.split("/")[0] in tops]
    missing = [word for word in mine if not (tree.ROOT / word).exists() and word not in made]
    assert missing == []


def test_pictures_are_small() -> None:
    """150 kB each, and none that no document shows."""
    pictures = {path for path in tree.files() if path.parts[:2] == ("docs", "screens")}
    assert {path.as_posix() for path in pictures if (tree.ROOT / path).stat().st_size > 150_000} == set()
    shown = "\n".join(tree.text(path) for path in documents())
    assert {path.as_posix() for path in pictures if path.name not in shown} == set()
