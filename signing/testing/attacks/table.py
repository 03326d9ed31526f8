"""The table of docs/attacks.md: every file of the suite, every validator's answer, totals first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from signing.testing.attacks.answers import SECONDS, Answer, Said, Task, Validator, tasks
from signing.testing.attacks.programs import found

Results = Mapping[str, Mapping[str, Said]]
"""Validator → file → answer."""
NEED_TRUST = ("path", "timestamp")
"""Classes in which roots and lists decide, which some programs cannot be given."""

_REFUSALS = set(Answer) - {Answer.YES, Answer.UNASKED}
_HEAD = """# The attack suite, validator by validator

Written by `python -m signing.testing attacks DIR` and `python -m signing.testing compare DIR --markdown FILE`; the
files, what is wrong with each and what is expected of a verifier stand in DIR/index.json. Every bad file has a good
twin, so that a validator which refuses everything fails as well.

Answers: **yes** accepts · **no** refuses · **none** sees no signature · **broke** a stray exception, a crash ·
**gave up** not within {seconds} seconds · **–** does not read this kind of file. A wrong answer is bold: a bad file
accepted, a good one not. *Either* files are odd or by the rules of their time: a yes and a no may both be right.
"""


def compare(folder: Path) -> str:
    """Ask every validator about every file of a written suite; Markdown."""
    validators, missing = found()
    asked = list(tasks(folder))
    results = {item.name: _answers(item, asked) for item in validators}
    return "\n".join(_lines(validators, missing, asked=asked, results=results)) + "\n"


def _answers(validator: Validator, asked: Iterable[Task]) -> dict[str, Said]:
    try:
        return {task.name: validator.judge(task) for task in asked}
    finally:
        validator.close()


def _lines(
    validators: Sequence[Validator], missing: Sequence[str], *, asked: Sequence[Task], results: Results
) -> Iterator[str]:
    yield _HEAD.format(seconds=SECONDS)
    yield "## Totals"
    yield ""
    yield from _totals(validators, asked, results)
    yield ""
    yield "| validator | version | how it was asked |"
    yield "|---|---|---|"
    for item in validators:
        yield f"| {item.name} | {item.version} | {item.note} |"
    for name in missing:
        yield f"\n{name} was not installed, so its column is left out."
    for attack in dict.fromkeys(task.attack for task in asked):
        yield ""
        yield from _class(attack, validators, asked=asked, results=results)


def _totals(validators: Sequence[Validator], asked: Sequence[Task], results: Results) -> Iterator[str]:
    groups = (
        ("", list(asked)),
        (", without the classes that need roots and lists", [t for t in asked if t.attack not in NEED_TRUST]),
    )
    yield "| | files | " + " | ".join(item.name for item in validators) + " |"
    yield "|---|" + "---|" * (len(validators) + 1)
    for label, chosen in groups:
        bad, good = ([task for task in chosen if task.kind == kind] for kind in ("bad", "good"))
        yield _row(f"bad files accepted{label}", bad, validators, {Answer.YES}, results)
        yield _row(f"good files refused{label}", good, validators, _REFUSALS, results)
    yield _row("no answer", asked, validators, {Answer.BROKE, Answer.GAVE_UP}, results)


def _row(
    label: str, asked: Sequence[Task], validators: Sequence[Validator], counted: set[Answer], results: Results
) -> str:
    counts = (sum(results[item.name][task.name].answer in counted for task in asked) for item in validators)
    return f"| {label} | {len(asked)} | " + " | ".join(map(str, counts)) + " |"


def _class(
    attack: str, validators: Sequence[Validator], *, asked: Sequence[Task], results: Results
) -> Iterator[str]:
    yield f"## {attack}"
    yield ""
    yield "| file | what it is | kind | " + " | ".join(item.name for item in validators) + " | why, in ours |"
    yield "|---|---|---|" + "---|" * (len(validators) + 1)
    for task in asked:
        if task.attack == attack:
            cells = (_cell(task, results[item.name][task.name]) for item in validators)
            why = results[validators[0].name][task.name].detail
            yield f"| `{task.name}` | {task.defect} | {task.kind} | " + " | ".join(cells) + f" | {why} |"


def _cell(task: Task, said: Said) -> str:
    accepted = said.answer is Answer.YES
    wrong = (task.kind == "bad" and accepted) or (task.kind == "good" and said.answer in _REFUSALS)
    text = f"broke: {said.detail}" if said.answer is Answer.BROKE else str(said.answer)
    return f"**{text}**" if wrong else text
