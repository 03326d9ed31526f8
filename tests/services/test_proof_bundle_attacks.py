"""Attacks on proof bundles: each is found by both verifiers, and nothing that is missing is taken for good."""

from __future__ import annotations

import ast
import base64
import datetime as dt
import hashlib
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import _cffi_backend
import cryptography
import pytest

from signing.standalone import verify_bundle
from signing.testing import TSA_ROOT as OTHER_ROOT
from signing.testing import Authority, Revoked
from tests.services.test_proof_bundles import CLOSED, HOUR, close, taken
from tests.support import bundles, stamping
from tests.support.anchored import anchor
from tests.support.bundles import Answer, Apart, apart, changed
from tests.support.keys import FOUNDED, Keys
from tests.support.office import NOON, build
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.store.models import AnchorToken
from workflow.store.session import make_engine, unit_of_work

SCRIPT = Path(verify_bundle.__file__)


@dataclass(frozen=True)
class World:
    """A month of two documents as a figure's bundle, what it is checked by, and another office's root."""

    bundle: Path
    roots: Path
    root: Path
    folder: Path
    keys: Keys
    signed_at: dt.datetime

    def after(self, change: Callable[[Apart], object]) -> Answer:
        return bundles.python(changed(self.bundle, self.folder / "changed.zip", change), self.roots, self.root)


@pytest.fixture(scope="module")
def world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("bundle")
    (folder / "t.db").write_bytes(sqlite_template.read_bytes())
    engine = make_engine(f"sqlite:///{folder / 't.db'}")
    papers = papers_of(build(engine), open_blobs(str(folder / "blobs")))
    papers.now -= 30 * 24 * HOUR
    papers.draft()  # of the month before, and not touched since
    anchor(engine, "h0", now=papers.now)
    papers.now = NOON
    papers.issued()
    papers.issued()
    papers.signed()
    papers.now += 2 * HOUR
    papers.keys.publish(at=papers.now)
    close(papers)
    anchor(engine, "h1", now=CLOSED + HOUR)
    stamped = anchor(engine, "h2", now=CLOSED + 2 * HOUR)
    with unit_of_work(engine) as uow:
        uow.begin_write()
        token = stamping.token(stamped.digest, at=CLOSED + 3 * HOUR)
        uow.add(AnchorToken(anchor=stamped.number, authority="TSA", stamped_at=CLOSED + 3 * HOUR,
                            fetched_at=CLOSED + 3 * HOUR, token=token))  # fmt: skip
        uow.commit()
    bundle = bundles.written(papers, taken(papers, "fully_signed"), folder / "figure.zip")
    roots = bundles.pem(folder / "roots.pem", papers.keys.root.der, stamping.authority_root())
    yield World(bundle, roots, bundles.outside(papers, folder / "r.json"), folder, papers.keys, NOON)
    engine.dispose()


def test_nothing_is_wrong_and_no_more_is_said(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """All held; without a root from outside it is consistent and not proven; what is not checked is said."""
    found = bundles.python(world.bundle, world.roots, world.root)
    assert (found.status, found.wrong, found.unshown) == (0, set(), set())
    assert (found.tally["omission"][0], found.tally["token"], found.tally["anchor"]) == (5, [1, 0, 0], [2, 0, 0])
    assert "outgoing:1" not in apart(world.bundle).manifest["chains"]  # nothing happened to it in the month
    assert bundles.python(world.bundle, world.roots).unshown == {"root"}
    assert verify_bundle.main([str(world.bundle), "--roots", str(world.roots)]) == 0
    said = capsys.readouterr().out
    assert "difference analysis" in said
    assert "chưa rõ · not shown: 1" in said
    assert not re.search(r"passed|proven|hợp lệ", said)
    assert ["month", "2026-11"] in found.about
    assert ["sign_rate_docs", "2/2 = 100.00"] in found.about
    assert said.startswith("kind: figure\nagency: 1\nmonth: 2026-11\ncount: fully_signed\nunit: None\n")
    assert f"outgoing:2:  {of_kind(apart(world.bundle))['file']}" in said
    assert found.tally["figure"] == [len(apart(world.bundle).manifest["figure"]["counts"]) + 1, 0, 0]


def of_kind(held: Apart) -> dict[str, str]:
    """An object of each kind."""
    told = held.manifest
    item = next(one for one in told["items"] if one.get("files"))
    return {
        "leaves": told["leaves"][-1]["object"], "anchors": told["anchors"], "file": item["files"][0],
        "chain": told["chains"][item["subject"]], "verdict": item["verdicts"][0], "crl": told["crls"][0],
        "certificate": told["certificates"][0], "frozen": told["figure"]["frozen"],
        "definition": told["figure"]["definition"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "kind", ["leaves", "anchors", "file", "chain", "verdict", "crl", "certificate", "frozen", "definition"]
)
def test_a_bit_of_each_object(world: World, kind: str) -> None:
    """Under its old name its hash is wrong; under its new name it is not what anchors and journal say. A list whose
    signature does not hold is as if it were not there."""
    name = of_kind(apart(world.bundle))[kind]

    def flip(held: Apart, *, renamed: bool) -> None:
        data = bytearray(held.objects[name])
        data[-3] ^= 1
        if renamed:
            held.replace(name, bytes(data))
        else:
            held.objects[name] = bytes(data)

    assert world.after(lambda held: flip(held, renamed=False)).status in (1, 2)
    found = world.after(lambda held: flip(held, renamed=True))
    assert found.status in ((0, 2) if kind in ("crl", "certificate") else (1, 2))


def test_lists_whose_signature_does_not_hold(world: World) -> None:
    """Are as if they were not there."""

    def flip(held: Apart) -> None:
        for name in list(held.manifest["crls"]):
            held.replace(name, held.objects[name][:-1] + bytes([held.objects[name][-1] ^ 1]))

    found = world.after(flip)
    assert (found.wrong, found.tally["revocation"], found.tally["standing"]) == (set(), [0, 6, 0], [0, 4, 0])


def first(held: Apart) -> dict[str, object]:
    return held.manifest["items"][0]


def swap_verdicts(held: Apart) -> None:
    """The one document's answers for the other's."""
    a, b = [one for one in held.manifest["items"] if one.get("verdicts")][:2]
    a["verdicts"], b["verdicts"] = b["verdicts"], a["verdicts"]


def remove_leaf(held: Apart) -> None:
    name = held.manifest["leaves"][-1]["object"]
    lines = held.objects[name].split(b"\n")
    held.replace(name, b"\n".join(one for one in lines if b'"outgoing:4"' not in one))


def later_list(held: Apart) -> None:
    """So that nothing seems to have grown in the month."""
    held.manifest["leaves"][0] = held.manifest["leaves"][-1]


def lose_entry(held: Apart) -> None:
    name = held.manifest["chains"]["outgoing:2"]
    held.replace(name, held.objects[name].rpartition(b"\n")[0])


def shorten(held: Apart) -> None:
    """The last signature covers a little less."""
    name = of_kind(held)["file"]
    data = held.objects[name]
    match = list(re.finditer(rb"/ByteRange\s*\[\s*0 \d+ \d+ (\d+)", data))[-1]
    less = b"%d" % (int(match[1]) - 9)
    held.replace(name, data[: match.start(1)] + less.rjust(len(match[1]), b"0") + data[match.end(1) :])


def weaken(held: Apart) -> None:
    """SHA-1 for SHA-256 in the last signature."""
    name = of_kind(held)["file"]
    old, new = (
        one.hex().encode()
        for one in (bytes.fromhex("0609608648016503040201"), bytes.fromhex("06052b0e03021a05000400"))
    )
    head, found, tail = held.objects[name].rpartition(old)
    assert found or old.upper() in held.objects[name]
    held.replace(name, head + new + tail if found else held.objects[name].replace(old.upper(), new))


def take_an_earlier_file(held: Apart) -> None:
    """The file of before the seal, which the journal names too."""
    item, name = held.manifest["items"][0], of_kind(held)["file"]
    data = held.objects[name]
    match = list(re.finditer(rb"/ByteRange\s*\[\s*0 \d+ (\d+) (\d+)", data))[-2]
    held.replace(name, data[: int(match[1]) + int(match[2])])
    entries = held.objects[held.manifest["chains"][item["subject"]]]
    assert f'"file":"{item["files"][0]}"'.encode() in entries


def stand_in(held: Apart) -> None:
    """One truly signed document for another one, whose own chain is left out."""
    one, two = [one for one in held.manifest["items"] if one.get("files")][:2]
    held.manifest["chains"].pop(two["subject"])
    two.update({name: one[name] for name in ("subject", "files", "verdicts")})


ATTACKS: dict[str, tuple[Callable[[Apart], object], set[str]]] = {
    "swapped verdicts": (swap_verdicts, {"verdict"}),
    "item left out": (lambda held: held.manifest["items"].pop(), {"omission"}),
    "item invented": (
        lambda held: held.manifest["items"].append(first(held) | {"key": 99, "subject": "x"}), {"omission"}
    ),
    "standing bettered": (lambda held: first(held).update(standing="passed.missing"), {"omission"}),
    "a later list for the one before the month": (later_list, {"figure"}),
    "leaf removed": (remove_leaf, {"leaves"}),
    "entry removed": (lose_entry, {"chain"}),
    "count changed": (lambda held: held.manifest["figure"]["counts"].update(fully_signed=3), {"figure"}),
    "rate changed": (
        lambda held: held.manifest["figure"]["rates"].update(sign_rate_docs=[2, 2, "99.00"]), {"figure"}
    ),
    "proof of another": (lambda held: held.manifest["proofs"].update({"outgoing:2": []}), {"proof"}),
    "counts left out": (lambda held: held.manifest["figure"].update(counts={}), {"figure"}),
    "rates left out": (lambda held: held.manifest["figure"].update(rates={}), {"figure"}),
    "unlisted": (lambda held: held.objects.update({"0" * 64: b"x"}), {"zip"}),
    "a signed document for another one": (stand_in, {"item"}),
    "a file that is not in force": (take_an_earlier_file, {"file"}),
    "an item twice": (lambda held: held.manifest["items"].append(first(held)), {"figure"}),
    "a chain left out": (lambda held: held.manifest["chains"].pop("outgoing:2"), {"item"}),
    "withheld and carried": (lambda held: first(held).update(withheld="secret"), {"item"}),
    "wrong name": (lambda held: (held.objects.update({"1" * 64: b"x"}),
                                 held.manifest["objects"].update({"1" * 64: 1})), {"hash"}),
    "shortened ByteRange": (shorten, {"cover", "cms", "file"}),
    "SHA-1": (weaken, {"cms", "file"}),
    "files without a chain": (lambda held: held.manifest["chains"].pop("outgoing:2"), {"file", "path", "standing"}),
}  # fmt: skip


EMPTY: dict[str, Callable[[Apart], object]] = {
    "a document without a document": lambda held: (
        held.manifest.pop("figure"), held.manifest.update(kind="document", items=[])
    ),
    "two documents for one": lambda held: (held.manifest.pop("figure"), held.manifest.update(kind="document")),
    "a figure called a document": lambda held: held.manifest.update(kind="document"),
    "a figure called a month": lambda held: held.manifest.update(kind="month"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_attacks_on_what_it_says(world: World, name: str) -> None:
    """Each is wrong, and said to be in its own place."""
    change, expected = ATTACKS[name]
    found = world.after(change)
    assert found.status == 1
    assert expected <= found.wrong, found.notes


def test_evidence_withheld_is_never_taken_for_good(world: World) -> None:
    """Without lists: not shown, in each place that rests on it."""

    def withhold(held: Apart) -> None:
        for name in held.manifest["crls"]:
            held.drop(name)

    found = world.after(withhold)
    assert (found.status, found.tally["revocation"], found.tally["standing"]) == (0, [0, 6, 0], [0, 4, 0])
    assert "verdict" in found.unshown  # which evidence it was is named


def answers(world: World, *, late: bool = True, revoked: dt.datetime | None = None) -> Callable[[Apart], None]:
    """OCSP answers in place of all lists: about both signers by their authority, about that one by
    the root; `late`: after the signatures."""
    keys, at = world.keys, world.signed_at + (HOUR if late else -HOUR)
    said = Revoked(keys.held["leader"].serial, revoked) if revoked else None
    made = [
        keys.issuing.ocsp(keys.held[name].certificate, this_update=at, revoked=said if name == "leader" else None)
        for name in ("leader", "commune")
    ]
    made.append(keys.root.ocsp(keys.issuing.certificate, this_update=at))

    def change(held: Apart) -> None:
        for name in list(held.manifest["crls"]):
            held.drop(name)
        for der in made:
            name = hashlib.sha256(der).hexdigest()
            held.objects[name] = der
            held.manifest["objects"][name] = len(der)
            held.manifest["ocsps"].append(name)

    return change


def remade_lists(world: World, revoked: dt.datetime) -> Callable[[Apart], None]:
    """Lists of after the signatures, in which the leader's certificate is revoked."""
    keys, at = world.keys, world.signed_at + 3 * HOUR
    rows = (Revoked(keys.held["leader"].serial, revoked),)

    def change(held: Apart) -> None:
        for name in list(held.manifest["crls"]):
            held.drop(name)
        for der in (
            keys.root.crl(this_update=at, number=7),
            keys.issuing.crl(this_update=at, number=7, revoked=rows),
        ):
            name = hashlib.sha256(der).hexdigest()
            held.objects[name] = der
            held.manifest["objects"][name] = len(der)
            held.manifest["crls"].append(name)

    return change


def revocations(world: World) -> dict[str, tuple[Callable[[Apart], None], list[int]]]:
    """Evidence in place of what was carried, and what becomes of the six signatures."""
    before, after = world.signed_at - HOUR, world.signed_at + HOUR
    return {
        "answers": (answers(world), [6, 0, 0]),
        "answers of before": (answers(world, late=False), [0, 6, 0]),
        "answer revoked before": (answers(world, revoked=before), [4, 0, 2]),
        "answer revoked after": (answers(world, revoked=after), [4, 2, 0]),
        "list revoked before": (remade_lists(world, before), [4, 0, 2]),
        "list revoked after": (remade_lists(world, after), [6, 0, 0]),
    }


def test_revoked_before_after_and_answered(world: World) -> None:
    """Only evidence of after the signature proves; a revocation counts from its own moment on."""
    for name, (change, expected) in revocations(world).items():
        assert (name, world.after(change).tally["revocation"]) == (name, expected)


def test_what_is_taken_out_is_never_held(world: World) -> None:
    """Whoever strips an item of its files, and says that they were withheld, wins nothing by it."""

    def strip(held: Apart) -> None:
        item = next(one for one in held.manifest["items"] if one.get("files"))
        held.manifest["chains"].pop(item["subject"])
        del item["files"], item["verdicts"]
        item["withheld"] = "scope"

    found = world.after(strip)
    assert (found.tally["standing"], found.tally["cms"]) == ([2, 2, 0], [3, 0, 0])
    assert (found.tally["item"], found.tally["omission"]) == ([1, 1, 0], [4, 1, 0])


def test_a_bundle_of_nothing_is_none(world: World) -> None:
    """What is called a document is one document; what is called a figure has one."""
    for change in EMPTY.values():
        assert world.after(change).status == 2


def test_other_roots(world: World) -> None:
    """Of another authority: no chain. Of another journal: not this one."""
    other = bundles.pem(world.folder / "other.pem", Authority.root(OTHER_ROOT, now=FOUNDED).der)
    found = bundles.python(world.bundle, other, world.root)
    assert (found.status, found.tally["path"]) == (1, [0, 0, 6])
    told = json.loads(world.root.read_text())
    (world.folder / "o.json").write_text(json.dumps(told | {"root": "0" * 64}))
    assert bundles.python(world.bundle, world.roots, world.folder / "o.json").wrong == {"root"}


@pytest.mark.parametrize(
    "name", ["absolute", "upwards", "link", "twice", "bomb", "no hash", "before", "after", "cut"]
)
def test_no_other_archive_is_opened(world: World, name: str) -> None:
    """A refusal, before anything in it is believed."""
    bundles.zips(world.bundle)[name](world.folder / "odd.zip")
    assert bundles.python(world.folder / "odd.zip", world.roots, world.root).status == 2


@pytest.mark.browser
def test_the_page_says_the_same(world: World) -> None:
    """The one file, opened from the disk without a network, about the bundle and each attack on it: the same counts
    of what held, was not shown and was wrong. Its own policy lets this very script run and nothing else."""
    source = SCRIPT.with_suffix(".html").read_text()
    script, style = (re.search(f"<{one}>(.*)</{one}>", source, re.DOTALL) for one in ("script", "style"))
    for part in (script, style):
        assert part is not None
        digest = base64.b64encode(hashlib.sha256(part[1].encode()).digest()).decode()
        assert f"-src 'sha256-{digest}'" in source
    assert "default-src 'none'" in source
    files = {"as it is": world.bundle}
    for name, (change, _wrong) in ATTACKS.items():
        files[name] = changed(world.bundle, world.folder / f"attack {name}.zip", change)
    for name, change in EMPTY.items():
        files[name] = changed(world.bundle, world.folder / f"empty {name}.zip", change)
    for name, (evidence, _tally) in revocations(world).items():
        files[name] = changed(world.bundle, world.folder / f"evidence {name}.zip", evidence)
    for name, make in bundles.zips(world.bundle).items():
        files[name] = world.folder / f"zip {name}.zip"
        make(files[name])
    with bundles.page(world.roots, world.root) as page:
        for name, file in files.items():
            there, here = page.check(file), bundles.python(file, world.roots, world.root)
            assert (name, there.status, there.tally) == (name, here.status, here.tally)
            assert (name, there.about) == (name, here.about)
        page.given(world.roots, None)
        assert page.check(world.bundle).unshown == {"root"}


def test_it_needs_cryptography_and_nothing_else(world: World) -> None:
    """Under 400 lines, imports of the standard library and one package; it runs where nothing else is installed."""
    source = SCRIPT.read_text()
    assert len(source.splitlines()) < 400
    modules = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert {one.partition(".")[0] for one in modules} - sys.stdlib_module_names == {"cryptography"}
    only = world.folder / "only"
    only.mkdir()
    for module in (cryptography, _cffi_backend):
        home = place_of(module)
        (only / home.name).symlink_to(home)
    paths = [sysconfig.get_path("stdlib"), f"{sysconfig.get_path('stdlib')}/lib-dynload", str(only)]
    code = (
        f"import sys, runpy; sys.path[:] = {paths!r}; sys.argv = sys.argv[1:]; "
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    given = [str(SCRIPT), str(world.bundle), "--roots", str(world.roots), "--root", str(world.root)]
    ran = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, *given], capture_output=True, text=True, check=False, timeout=60
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "nothing wrong in what was checked; chưa rõ · not shown: 0" in ran.stdout


def place_of(module: ModuleType) -> Path:
    """Its folder, or its one file."""
    file = Path(module.__file__ or "")
    return file.parent if file.name == "__init__.py" else file
