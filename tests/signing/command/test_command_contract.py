"""What the command line promises beyond single verdicts: names, folders, pipes, deaths, damaged files."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from signing.__main__ import main
from signing.testing import __main__ as suite
from tests.signing.command.conftest import Desk
from tests.signing.command.test_verify_command import ask
from tests.signing.verification.office import Office


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "signing", "verify", "--json", *arguments]


def test_one_object_stays_on_one_line(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Line ends of Unicode, bytes that are no UTF-8 and composed or decomposed letters come back as typed."""
    names = ["a\u2028b\x85c.pdf", os.fsdecode(b"\xff\xfe.pdf"), "\u1ea5.pdf", "a\u0302\u0301.pdf", "x\ny.pdf"]
    typed = [str(tmp_path / name) for name in names]
    _, answers = ask(capsys, *typed)
    assert [answer["file"] for answer in answers] == typed


@pytest.mark.parametrize("wrong", [["--at", ""], ["--at", "soon"], ["--trust", "/dev/zero"]])
def test_wrong_options_are_named(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """An empty time is not "now", and a file without an end is not read for ever."""
    with pytest.raises(SystemExit) as stopped:
        main(["verify", *wrong, "x.pdf"])
    assert stopped.value.code == 2
    assert wrong[wrong[0] == "--trust"] in capsys.readouterr().err.splitlines()[-1]


def test_roots_of_a_folder_are_found_by_content(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No ending is needed; a certificate that cannot be read costs only itself, a pipe is not waited for."""
    root = (desk.folder / "root.pem").read_bytes()
    broken = b"-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n"
    (tmp_path / "5ed36f99.0").write_bytes(broken + root)
    os.mkfifo(tmp_path / "pipe.pem")
    (tmp_path / "loop.pem").symlink_to("loop.pem")
    assert ask(capsys, *desk.given[2:], "--trust", str(tmp_path), desk.path("issued.pdf"))[0] == 0
    asked = ["path", "--trust", str(tmp_path), "--crl", desk.path("0.crl"), *desk.given[2:4]]
    assert main([*asked, desk.path("issuer.der"), "--json"]) == 0


def test_beside_a_file_only_signatures_are_judged(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """A good PDF says nothing about the file that --detached names."""
    _, answers = ask(
        capsys, *desk.given, "--detached", desk.path("data.bin"), desk.path("issued.pdf"), desk.path("text.txt")
    )
    assert {(answer["verdict"], answer["reason"]) for answer in answers} == {("malformed", "not_a_signature")}


def test_signed_file_that_was_cut_is_damaged(
    office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither unsigned nor malformed: in the first signature's revision before and behind its ByteRange, and in a
    file that has one revision only."""
    whole = office.issued
    begin = whole.index(b"%%EOF") + 6
    after = whole.rindex(b"%%EOF", 0, whole.index(b"/ByteRange"))
    single = whole.replace(b"startxref", b"startxxxx").replace(b"%%EOF", b"%%EOX")
    cuts = {"begun": whole[: after + 60], "single": single, "inside": whole[: whole.index(b"/ByteRange") + 200]}
    for name, data in cuts.items():
        (tmp_path / name).write_bytes(data)
    _, answers = ask(capsys, *(str(tmp_path / name) for name in cuts))
    assert begin < len(cuts["inside"])
    assert [(answer["verdict"], answer["reason"]) for answer in answers] == [
        ("indeterminate", "structure_unreadable"),
        ("indeterminate", "structure_unreadable"),
        ("failed", "garbage_after_eof"),
    ]


def test_asker_that_is_killed_leaves_nobody_behind(desk: Desk) -> None:
    """Not even a word on stderr."""
    asked = command("--jobs", "2", *[desk.path("issued.pdf")] * 400)
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as asker:
        assert asker.stdout is not None
        assert asker.stderr is not None
        asker.stdout.readline()
        asker.send_signal(signal.SIGKILL)
        assert asker.stderr.read() == ""  # ends when the last worker has closed it


def test_answers_that_cannot_be_written(desk: Desk) -> None:
    """A full disk is a sentence and not exit 0."""
    asked = ["/bin/sh", "-c", 'exec "$@" >/dev/full', "sh", *command(desk.path("draft.pdf"))]
    done = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "error: the answers could not be written" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_no_output_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Started with standard output closed, as some schedulers do."""
    monkeypatch.setattr(sys, "stdout", None)
    with pytest.raises(SystemExit) as stopped:
        main(["verify", desk.path("draft.pdf")])
    assert stopped.value.code == 2
    assert "no standard output" in capsys.readouterr().err


@pytest.mark.parametrize("pem", [True, False])
@pytest.mark.parametrize("place", ["certificate", "list"])
def test_path_answers_about_malformed_files(
    pem: bool, place: str, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """In PEM as in DER, and always with an object."""
    bad = tmp_path / "bad"
    bad.write_bytes(b"-----BEGIN CERTIFICATE-----\n*\n-----END CERTIFICATE-----\n" if pem else b"\x30\x03abc")
    given = [str(bad), desk.path("0.crl")] if place == "certificate" else [desk.path("issuer.der"), str(bad)]
    code = main(["path", "--trust", desk.path("root.pem"), *desk.given[2:4], "--crl", given[1], given[0], "--json"])
    answer = json.loads(capsys.readouterr().out.splitlines()[-1])
    why = "certificate_unreadable" if place == "certificate" else "revocation_unknown"
    assert (code, answer["verdict"], answer["reason"]) == (1, "indeterminate", why)


@pytest.mark.parametrize(
    "asked",
    [
        lambda folder: ["attacks", str(folder / "file")],
        lambda folder: ["compare", str(folder / "none"), "--markdown", str(folder / "x.md")],
    ],
)
def test_suite_says_where_it_cannot_write_or_read(
    asked: Callable[[Path], list[str]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit 2."""
    (tmp_path / "file").write_text("")
    with pytest.raises(SystemExit) as stopped:
        suite.main(asked(tmp_path))
    assert stopped.value.code == 2
    assert str(tmp_path) in capsys.readouterr().err.splitlines()[-1]
