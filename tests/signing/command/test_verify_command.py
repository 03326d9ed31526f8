"""`python -m signing verify` over signatures of any file, and over what is no file at all."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.__main__ import main
from tests.signing.command.conftest import Desk
from tests.signing.verification.office import AT, Office

CONTRACT = {
    "field", "kind", "verdict", "reason", "integrity", "coverage", "changes_after", "changes_permitted",
    "algorithms", "path", "revocation", "signing_time", "time_source", "signer",
}  # fmt: skip


def ask(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[dict[str, object]]]:
    code = main(["verify", "--json", *arguments])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_signature_beside_a_file(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """--detached names the file; the object has the keys of the contract."""
    code, (answer,) = ask(capsys, *desk.given, "--detached", desk.path("data.bin"), desk.path("data.p7s"))
    assert (code, answer["verdict"], answer["reason"]) == (0, "passed", None)
    assert {"file", "verdict", "reason", "signatures"} <= set(answer)
    (signature,) = answer["signatures"]  # type: ignore[misc]
    assert set(signature) >= CONTRACT
    assert signature["kind"] == "approval"


def test_each_file_is_what_its_bytes_say(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """PDF and CMS in one call, in the order given."""
    names = ("data.p7m", "issued.pdf", "data.p7s", "draft.pdf", "text.txt", "empty.pdf")
    code, answers = ask(capsys, *desk.given, *(desk.path(name) for name in names))
    assert code == 1
    assert [(answer["verdict"], answer["reason"]) for answer in answers] == [
        ("passed", None),
        ("passed", None),
        ("indeterminate", "content_missing"),
        ("unsigned", None),
        ("malformed", "not_a_pdf"),
        ("malformed", "empty"),
    ]


def test_other_content_fails(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """One byte more was signed."""
    _, (answer,) = ask(capsys, *desk.given, "--detached", desk.path("data.bin"), desk.path("other.p7s"))
    assert (answer["verdict"], answer["reason"]) == ("failed", "digest_mismatch")


def test_text_around_a_signature(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """PEM, as many tools write it."""
    body = base64.encodebytes((desk.folder / "data.p7s").read_bytes()).decode()
    (tmp_path / "data.pem").write_text(f"-----BEGIN PKCS7-----\n{body}-----END PKCS7-----\n")
    code, _ = ask(capsys, *desk.given, "--detached", desk.path("data.bin"), str(tmp_path / "data.pem"))
    assert code == 0


def test_missing_authority_can_be_given(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    """--cert completes a path, and proves nothing by itself."""
    asked = [*desk.given, "--detached", desk.path("data.bin"), desk.path("short.p7s")]
    _, (without,) = ask(capsys, *asked)
    assert (without["verdict"], without["reason"]) == ("indeterminate", "issuer_not_found")
    code, _ = ask(capsys, "--cert", desk.path("issuer.der"), *asked)
    assert code == 0


def test_ocsp_answers_are_taken(
    office: Office, desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """--ocsp instead of the issuing authority's list."""
    answer = office.issuer.ocsp(office.agency.certificate, this_update=AT - timedelta(hours=1))
    (tmp_path / "answer.der").write_bytes(answer)
    (tmp_path / "root.pem").write_bytes(
        b"".join(
            x509.load_der_x509_crl(item).public_bytes(Encoding.PEM)
            for item in (*office.root_lists(), office.root_lists()[0])
        )
    )
    asked = ["--trust", desk.path("root.pem"), "--at", AT.isoformat(), "--crl", str(tmp_path / "root.pem")]
    asked += ["--detached", desk.path("data.bin"), desk.path("data.p7s")]
    assert ask(capsys, *asked)[0] == 1
    code, (said,) = ask(capsys, "--ocsp", str(tmp_path / "answer.der"), *asked)
    assert (code, said["signatures"][0]["revocation"]) == (0, "good")  # type: ignore[index]


def test_what_is_no_file_has_an_answer(desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A folder, a pipe nobody writes to, a device, a name with a zero byte, nothing; then a good one."""
    os.mkfifo(tmp_path / "pipe")
    wrong = [str(tmp_path), str(tmp_path / "pipe"), "/dev/null", "a\0b", str(tmp_path / "nothing")]
    code, answers = ask(capsys, *desk.given, *wrong, desk.path("issued.pdf"))
    assert code == 1
    assert [answer["file"] for answer in answers[:5]] == wrong
    assert {(answer["verdict"], answer["reason"]) for answer in answers[:5]} == {("malformed", "file_unreadable")}
    assert answers[5]["verdict"] == "passed"


def test_huge_file_is_left_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A PDF above the limit is not read, and what is none is told by its head; sparse files cost nothing."""
    with (tmp_path / "huge.pdf").open("wb") as stream:
        stream.write(b"%PDF-1.7\n")
        stream.truncate((1 << 29) + 1)
    with (tmp_path / "huge.bin").open("wb") as stream:
        stream.truncate((1 << 29) + 1)
    _, answers = ask(capsys, str(tmp_path / "huge.pdf"), str(tmp_path / "huge.bin"))
    assert [(answer["verdict"], answer["reason"]) for answer in answers] == [
        ("indeterminate", "resource_limit"),
        ("malformed", "not_a_pdf"),
    ]


def test_report_names_reasons_and_steers_no_terminal(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Control characters of a file's name are shown as codes."""
    hostile = tmp_path / "a\x1b[31m.p7s"
    hostile.write_bytes((desk.folder / "other.p7s").read_bytes())
    assert main(["verify", *desk.given, "--detached", desk.path("data.bin"), str(hostile)]) == 1
    shown = capsys.readouterr().out
    assert "\x1b" not in shown
    assert "digest_mismatch: The content was changed after it was signed." in shown


@pytest.mark.parametrize(
    "wrong",
    [
        ["--detached", "/nowhere", "x.p7s"],
        ["--detached", "/", "x.p7s"],
        ["--crl", __file__, "x.pdf"],
        ["--ocsp", __file__, "x.pdf"],
        ["--cert", __file__, "x.pdf"],
        ["--trust", str(Path(__file__).parent), "x.pdf"],
        ["--at", "9999-12-31T23:59:59Z", "x.pdf"],
        ["--at", "0001-01-01", "x.pdf"],
        ["--jobs", "many", "x.pdf"],
    ],
)
def test_wrong_usage_says_what_is_wrong(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit 2, a sentence, nothing judged."""
    with pytest.raises(SystemExit) as stopped:
        main(["verify", *wrong])
    told = capsys.readouterr()
    assert (stopped.value.code, told.out) == (2, "")
    assert "error:" in told.err


def test_reader_who_leaves_ends_the_command_quietly(desk: Desk) -> None:
    """`… | head -1` of many files."""
    program = f"{sys.executable} -m signing verify --json {' '.join([desk.path('draft.pdf')] * 300)} | head -1"
    done = subprocess.run(["/bin/sh", "-c", program], capture_output=True, text=True, check=True)
    assert json.loads(done.stdout)["verdict"] == "unsigned"
    assert done.stderr == ""


def test_lower_limits_from_outside_are_kept(desk: Desk) -> None:
    """A shell that bounds memory itself."""
    asked = " ".join([sys.executable, "-m", "signing", "verify", *desk.given, desk.path("issued.pdf")])
    program = f"ulimit -d 600000; exec {asked}"
    done = subprocess.run(["/bin/sh", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_folder_of_roots_may_hold_other_things(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A key, a list and a text beside the root."""
    (tmp_path / "root.cer").write_bytes((desk.folder / "root.pem").read_bytes())
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")
    (tmp_path / "list.der").write_bytes((desk.folder / "0.crl").read_bytes())
    (tmp_path / "README").write_text("roots")
    code, _ = ask(capsys, *desk.given[2:], "--trust", str(tmp_path), desk.path("issued.pdf"))
    assert code == 0
