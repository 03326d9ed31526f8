"""`python -m signing path`: what it prints and how it ends."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from signing.__main__ import main
from signing.testing import paths as p
from tests.signing.path.world import NOW, Party, World

P1 = "2.16.840.1.101.3.2.1.48.1"
AT = NOW.isoformat()


class Files:
    """A world written to files, DER or PEM."""

    def __init__(self, folder: Path, world: World, leaf: Party) -> None:
        self.folder = folder
        self.root = self.write("root.crt", world.root.der)
        self.leaf = self.write("leaf.pem", pem("CERTIFICATE", leaf.der))
        self.pool = [self.write(f"{number}.crt", item) for number, item in enumerate(world.pool)]
        lists = world.evidence().crls
        self.lists = [
            self.write("0.crl", lists[0]),
            self.write("rest.pem", b"".join(pem("X509 CRL", x) for x in lists[1:])),
        ]

    def write(self, name: str, data: bytes) -> str:
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def arguments(self, *more: str, lists: bool = True) -> list[str]:
        given = [item for path in self.lists for item in ("--crl", path)] if lists else []
        return ["path", "--trust", self.root, *given, "--at", AT, *more, self.leaf, *self.pool, "--json"]


def pem(label: str, der: bytes) -> bytes:
    body = base64.encodebytes(der).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


@pytest.fixture
def files(tmp_path: Path) -> Files:
    world = World()
    a = world.authority("A", None, p.policies(P1))
    return Files(tmp_path, world, world.leaf(a, p.policies(P1)))


def run(capsys: pytest.CaptureFixture[str], arguments: list[str]) -> tuple[int, dict[str, object]]:
    code = main(arguments)
    return code, json.loads(capsys.readouterr().out.splitlines()[-1])


def test_good_path_ends_with_zero(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """leaf ← A ← Root, PEM and DER mixed: verdict, chain from the leaf up, policies."""
    code, answer = run(capsys, files.arguments())
    assert (code, answer["verdict"], answer["reason"], answer["policies"]) == (0, "passed", None, [P1])
    subjects = [item["subject"].rpartition("CN=")[2] for item in answer["chain"]]  # type: ignore[union-attr,index,call-overload]
    assert subjects == ["Leaf", "A", "Trust Anchor"]


def test_policies_are_demanded_where_they_are_named(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """--policy sets the initial policy set and demands one of it."""
    assert run(capsys, files.arguments("--policy", P1))[0] == 0
    code, answer = run(capsys, files.arguments("--policy", "1.2.3"))
    assert (code, answer["verdict"], answer["reason"]) == (1, "failed", "policy_not_met")
    assert run(capsys, files.arguments("--policy", "1.2.3", "--policy", P1))[1]["policies"] == [P1]


def test_without_lists_the_answer_is_open(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing says that nobody was revoked."""
    code, answer = run(capsys, files.arguments(lists=False))
    assert (code, answer["verdict"], answer["reason"]) == (1, "indeterminate", "revocation_unknown")


def test_profile_asks_for_more(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A path signed with SHA-1: computed by RFC 5280, refused for a signer."""
    world = World()
    files = Files(tmp_path, world, world.leaf(world.authority("A", weak=True), weak=True))
    assert run(capsys, files.arguments())[0] == 0
    code, answer = run(capsys, files.arguments("--profile", "signer"))
    assert (code, answer["verdict"], answer["reason"]) == (1, "failed", "chain_algorithm_weak")


@pytest.mark.parametrize("data", [b"", b"hello", b"\x30\x80", pem("CERTIFICATE", b"\x30\x03\x02\x01\x00")])
def test_unreadable_certificate_gets_an_answer(
    files: Files, data: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback: a verdict with the cause."""
    files.leaf = files.write("leaf.bin", data)
    code, answer = run(capsys, files.arguments())
    assert (code, answer["verdict"], answer["reason"]) == (1, "indeterminate", "certificate_unreadable")
    assert answer["details"]


def test_unreadable_list_and_intermediate_are_passed_over(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """They cannot help; the others still do."""
    files.lists.append(files.write("bad.crl", b"nothing"))
    files.pool.append(files.write("bad.crt", b"nothing"))
    assert run(capsys, files.arguments())[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [["--at", "yesterday"], ["--policy", "x"], ["--crl", "/nowhere"], ["--profile", "none"], ["--trust", __file__]],
)
def test_wrong_usage_ends_with_two(files: Files, wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """A word on stderr, nothing on stdout."""
    with pytest.raises(SystemExit) as ended:
        main(files.arguments(*wrong))
    assert ended.value.code == 2
    assert capsys.readouterr().out == ""


def test_report_for_people(files: Files, capsys: pytest.CaptureFixture[str]) -> None:
    """Without --json: the verdict first, then why."""
    assert main(files.arguments(lists=False)[:-1]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "indeterminate: revocation_unknown"
