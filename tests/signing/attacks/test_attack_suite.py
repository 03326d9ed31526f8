"""The suite itself: enough of it, twins that differ by their defect, an index that others can use."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from signing.__main__ import main as command
from signing.testing.__main__ import main
from signing.testing.attacks import ALL, Difference, Kind, cases, office

_HOLE = re.compile(rb"/Contents<[0-9a-fA-F]*>")
DRAWN = {
    "unreadable/encrypted",
    "cms/pss-mask-sha1",
    "path/certificate-by-sha1",
    "path/delegated-answer",
    "path/embedded-old-answer",
    "path/answer-by-stranger",
    "path/answer-by-rogue",
}
"""Files whose makers draw a random number, so that they are another one each time."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The suite as `python -m signing.testing attacks DIR` writes it."""
    target = tmp_path_factory.mktemp("suite")
    assert main(["attacks", str(target)]) == 0
    return target


def test_there_are_enough() -> None:
    """At least 90 bad files and 30 good twins, each of its own name."""
    kinds = [case.kind for case in ALL]
    assert kinds.count(Kind.BAD) >= 90
    assert kinds.count(Kind.GOOD) >= 30
    assert len({case.name for case in ALL}) == len(ALL)


def test_twins_are_good() -> None:
    """Every twin that is named stands in the suite, and is to be accepted."""
    kinds = {case.name: case.kind for case in ALL}
    assert {case.name for case in ALL if case.twin and kinds.get(case.twin) is not Kind.GOOD} == set()


def test_bad_files_differ_from_their_twins(suite: Mapping[str, bytes]) -> None:
    """Only by what the index says: bytes behind it, the string of /Contents, or the question alone."""
    wrong = {
        case.name for case in ALL if case.twin and not _differs(case.differs, suite[case.name], suite[case.twin])
    }
    assert wrong == set()


def _differs(how: Difference, data: bytes, twin: bytes) -> bool:
    if how is Difference.NOTHING:
        return data == twin
    if how is Difference.TAIL:
        return data.startswith(twin) and data != twin
    if how is Difference.HOLE:
        return data != twin and _HOLE.sub(b"", data) == _HOLE.sub(b"", twin)
    return True


def test_no_two_questions_are_the_same() -> None:
    """The same bytes under two names are two questions."""
    people, seen = office(), {}
    for case in ALL:
        key = (
            hashlib.sha256(case.make(people)).hexdigest(),
            repr(case.ask(people)),
            case.content and case.content(people),
        )
        assert key not in seen, (case.name, seen.get(key))
        seen[key] = case.name


def test_the_same_files_every_time(suite: Mapping[str, bytes]) -> None:
    """Made again, they are the same byte for byte; and they serve as seeds one by one."""
    again = {name: data for name, data, _ in cases()}
    assert {name for name, data in suite.items() if again[name] != data} <= DRAWN


def test_index_names_every_file(folder: Path) -> None:
    """Relative paths, hashes, what is expected, and everything the verifier is to be given."""
    index = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in index["cases"]] == [case.name for case in ALL]
    for row in index["cases"]:
        data = (folder / row["file"]).read_bytes()
        assert (len(data), hashlib.sha256(data).hexdigest()) == (row["size"], row["sha256"])
        assert row["expected"]["verdicts"]
        assert all((folder / path).is_file() for path in (*row["trust"], *row["crls"]))
        assert row["detached"] is None or (folder / row["detached"]).is_file()
        assert row["defect"]


@pytest.mark.parametrize(
    "name", ["plain/one-signature", "path/revoked-before", "path/revoked-after-timestamp", "detached/revoked"]
)
def test_index_is_all_the_command_needs(folder: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Whoever has the folder asks the same question and gets the answer that is expected."""
    rows = json.loads((folder / "index.json").read_text(encoding="utf-8"))["cases"]
    row = next(item for item in rows if item["name"] == name)
    options = [part for path in row["trust"] for part in ("--trust", str(folder / path))]
    options += [part for path in row["crls"] for part in ("--crl", str(folder / path))]
    options += ["--detached", str(folder / row["detached"])] if row["detached"] else []
    status = command(["verify", *options, "--at", row["at"], "--json", str(folder / row["file"])])
    answer = json.loads(capsys.readouterr().out)
    assert answer["verdict"] in row["expected"]["verdicts"]
    assert status == (0 if answer["verdict"] == "passed" else 1)
