"""`python -m signing path` is there beside `verify`."""

from __future__ import annotations

import json

import pytest

from signing.__main__ import main
from tests.signing.command.conftest import Desk
from tests.signing.verification.office import AT


def test_path_answers_on_one_line(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """The issuing authority's own certificate, with and without its root's list."""
    asked = ["path", "--trust", desk.path("root.pem"), "--at", AT.isoformat(), "--json"]
    assert main([*asked, "--crl", desk.path("0.crl"), desk.path("issuer.der")]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["verdict"] == "passed"
    assert main([*asked, desk.path("issuer.der")]) == 1


@pytest.mark.parametrize("wrong", [["path"], ["path", "--trust", "/nowhere", "x.der"], ["paths"], []])
def test_wrong_usage_exits_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """As for every command."""
    with pytest.raises(SystemExit) as stopped:
        main(wrong)
    assert stopped.value.code == 2
    assert "error:" in capsys.readouterr().err
