"""`python -m signing verify`: the contract that scripts and judges rely on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from signing.__main__ import main
from tests.signing.verification.office import AT, Office


@pytest.fixture
def given(office: Office, tmp_path: Path) -> list[str]:
    """The arguments that make the issued file pass."""
    (tmp_path / "roots").mkdir()
    (tmp_path / "roots" / "root.pem").write_bytes(office.root.identity.pem)
    arguments = ["--trust", str(tmp_path / "roots"), "--at", AT.isoformat()]
    for index, crl in enumerate(office.evidence.crls):
        (tmp_path / f"{index}.crl").write_bytes(crl)
        arguments += ["--crl", str(tmp_path / f"{index}.crl")]
    (tmp_path / "issued.pdf").write_bytes(office.issued)
    (tmp_path / "draft.pdf").write_bytes(office.paper)
    return arguments


def test_json_line_per_file_in_order(given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One object a file, named as typed; not all passed is exit 1."""
    files = [str(tmp_path / "issued.pdf"), str(tmp_path / "missing.pdf"), str(tmp_path / "draft.pdf")]
    assert main(["verify", *given, "--json", *files]) == 1
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["file"] for answer in answers] == files
    assert [answer["verdict"] for answer in answers] == ["passed", "malformed", "unsigned"]


def test_facets_have_the_names_of_the_contract(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Names and values that other programs read."""
    assert main(["verify", *given, "--json", str(tmp_path / "issued.pdf")]) == 0
    signature = json.loads(capsys.readouterr().out)["signatures"][0]
    assert {
        "field": "leader", "kind": "approval", "verdict": "passed", "reason": None, "integrity": "intact",
        "coverage": "revision", "changes_after": "signing", "changes_permitted": True,
        "algorithms": "acceptable", "path": "trusted", "revocation": "good", "time_source": "claimed",
        "signing_time": "2026-11-22T09:00:00+00:00",
    }.items() <= signature.items()  # fmt: skip
    assert signature["signer"]["uids"] == ["CCCD:•••••••••001", "MST:0400260612"]


def test_without_trust_the_path_is_incomplete(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """All other facets are still given."""
    assert main(["verify", "--json", "--at", AT.isoformat(), str(tmp_path / "issued.pdf")]) == 1
    signature = json.loads(capsys.readouterr().out)["signatures"][0]
    assert (signature["path"], signature["integrity"]) == ("incomplete", "intact")


def test_readable_report_names_signer_and_reason(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --json a person reads it."""
    main(["verify", "--at", AT.isoformat(), str(tmp_path / "issued.pdf")])
    shown = capsys.readouterr().out
    assert "Nguyễn Văn Hiền" in shown
    assert "no_trust_given" in shown


def test_several_processes_keep_the_order(
    given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--jobs changes the speed and nothing else."""
    files = [str(tmp_path / "issued.pdf"), str(tmp_path / "draft.pdf")] * 10
    main(["verify", *given, "--json", "--jobs", "2", *files])
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [answer["file"] for answer in answers] == files


@pytest.mark.parametrize(
    "wrong",
    [[], ["--trust", "/nowhere.pem", "x.pdf"], ["--at", "yesterday", "x.pdf"], ["--jobs", "0", "x.pdf"]],
)
def test_wrong_usage_exits_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """With a sentence on stderr."""
    with pytest.raises(SystemExit) as stopped:
        main(["verify", *wrong])
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err
