"""The committed table is about this suite, and the command that makes it tells right answers from wrong ones."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from signing.testing.__main__ import main
from signing.testing.attacks import ALL, write
from signing.testing.attacks.answers import Answer, tasks
from signing.testing.attacks.programs import Mutool, Ours, Pdfsig
from signing.testing.attacks.rivals import PyHanko
from tests.support import tree

CHOSEN = (
    "plain/one-signature",
    "saving/whole-revision",
    "wrapping/hole-too-narrow",
    "detached/cms",
    "bomb/length-loop",
)
_FILE = re.compile(r"^\| `([a-z0-9-]+/[a-z0-9-]+)` \|", re.MULTILINE)


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A written suite whose index names five files."""
    folder = tmp_path_factory.mktemp("few")
    write(folder)
    path = folder / "index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    index["cases"] = [row for row in index["cases"] if row["name"] in CHOSEN]
    path.write_text(json.dumps(index), encoding="utf-8")
    return folder


def test_committed_table_is_about_this_suite() -> None:
    """Each file once, class by class in the suite's order: whoever adds one makes the table again."""
    classes = list(dict.fromkeys(case.attack for case in ALL))
    names = [case.name for case in sorted(ALL, key=lambda case: classes.index(case.attack))]
    assert _FILE.findall(tree.text(Path("docs/attacks.md"))) == names


def test_committed_table_shows_no_wrong_answer_of_ours() -> None:
    """The totals of the first validator are zero: nothing bad accepted, nothing good refused, always an answer."""
    text = tree.text(Path("docs/attacks.md"))
    rows = re.findall(r"^\| (?:bad files accepted|good files refused|no answer)[^|]*\| \d+ \| (\d+) \|", text, re.M)
    assert rows == ["0"] * 5


def test_ours_answers_each_kind(few: Path) -> None:
    """Yes for the good ones, no for the others, a reason with each."""
    answers = {task.name: Ours().judge(task) for task in tasks(few)}
    good = {"plain/one-signature", "detached/cms"}
    assert {name for name, said in answers.items() if said.answer is Answer.YES} == good
    assert all(said.detail for said in answers.values())


def test_pyhanko_is_asked_in_a_process_of_its_own(few: Path) -> None:
    """Its answers, with an exception by its name."""
    validator = PyHanko(strict=True)
    try:
        answers = {task.name: validator.judge(task).answer for task in tasks(few)}
    finally:
        validator.close()
    assert answers["plain/one-signature"] is Answer.YES
    assert answers["detached/cms"] is Answer.YES
    assert answers["saving/whole-revision"] is Answer.NO


@pytest.mark.tools("pdfsig", "mutool")
def test_programs_are_read_right(few: Path) -> None:
    """One signature that covers all is a yes; what they do not read is not asked."""
    for validator in (Pdfsig("1"), Mutool("1")):
        answers = {task.name: validator.judge(task).answer for task in tasks(few)}
        assert answers["plain/one-signature"] is Answer.YES
        assert answers["saving/whole-revision"] is Answer.NO
        assert answers["detached/cms"] is Answer.UNASKED


def test_absent_validators_are_named(few: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without them makes a narrower table and says so."""
    monkeypatch.setattr(shutil, "which", lambda program: None)
    monkeypatch.setattr("signing.testing.attacks.programs.is_there", lambda: False)
    target = tmp_path / "table.md"
    assert main(["compare", str(few), "--markdown", str(target)]) == 0
    text = target.read_text(encoding="utf-8")
    assert "| file | what it is | kind | ours | why, in ours |" in text
    assert all(f"{name} was not installed" in text for name in ("pyHanko", "pdfsig", "mutool"))
    assert str(few) not in text
