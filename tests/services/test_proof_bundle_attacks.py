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
from signing.testing import Authority, CrlOptions, Revoked
from tests.services.test_proof_bundles import CLOSED, HOUR, close, taken
from tests.support import bundles, stamping
from tests.support.anchored import anchor
from tests.support.bundle_attacks import ALONE, ATTACKS, EMPTY, of_kind
from tests.support.bundles import Answer, Apart, apart, changed
from tests.support.keys import FOUNDED, Keys
from tests.support.office import NOON, build
from tests.support.papers import papers_of
from workflow.adapters.blobs import open_blobs
from workflow.services.proving import making
from workflow.store.models import AnchorToken
from workflow.store.session import make_engine, unit_of_work

SCRIPT = Path(verify_bundle.__file__)


@dataclass(frozen=True)
class World:
    """A month of two documents as a figure's bundle, what it is checked by, and another office's root."""

    bundle: Path
    document: Path
    """One of the two documents alone, proven by its own leaf."""
    roots: Path
    root: Path
    folder: Path
    keys: Keys
    signed_at: dt.datetime

    def after(self, change: Callable[[Apart], object], bundle: Path | None = None) -> Answer:
        return bundles.python(
            changed(bundle or self.bundle, self.folder / "changed.zip", change), self.roots, self.root
        )


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
    alone = papers.do(making.of_document, "clerk", document_id=2)
    document = bundles.written(papers, alone, folder / "document.zip")
    yield World(bundle, document, roots, bundles.outside(papers, folder / "r.json"), folder, papers.keys, NOON)
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
    assert said.startswith("agency: 1 Ủy ban nhân dân xã Đồng Tâm (")
    assert "\nkind: figure\nagency: 1\nmonth: 2026-11\ncount: fully_signed\nunit: None\n" in said
    assert f"outgoing:2:  {of_kind(apart(world.bundle))['file']}" in said
    assert re.search(r"^outgoing:2: 01/\S+$", said, re.MULTILINE)  # by the journal: no maker's name
    assert "as the maker calls it" in said
    assert {"outgoing:2 sign", "outgoing:2 seal"} <= {one for one, _name in found.about}
    assert found.tally["figure"] == [len(apart(world.bundle).manifest["figure"]["counts"]) + 1, 0, 0]


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


def test_a_document_by_its_own_leaf(world: World) -> None:
    """It is led to the root like any other; nothing stands without that."""
    found = bundles.python(world.document, world.roots, world.root)
    assert (found.status, found.unshown, found.tally["leaves"], found.tally["proof"]) == (
        0,
        set(),
        [0] * 3,
        [1, 0, 0],
    )
    for name, (change, wrong) in ALONE.items():
        found = world.after(change, world.document)
        assert (name, found.status, wrong - found.wrong) == (name, 1, set()), found.notes
    whole = apart(world.bundle).manifest["leaves"][-1]

    def hide(held: Apart) -> None:
        """A figure's list may not be one leaf: what was left out would not show."""
        held.manifest["leaves"] = [{"anchor": whole["anchor"], "leaf": [], "place": 0}]

    assert "leaves" in world.after(hide).wrong


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


def remade_lists(world: World, revoked: dt.datetime, *, point: str = "") -> Callable[[Apart], None]:
    """Lists of after the signatures, in which the leader's certificate is revoked; `point`: the issuing authority's
    is told to be of this part of its certificates."""
    keys, at = world.keys, world.signed_at + 3 * HOUR
    rows = (Revoked(keys.held["leader"].serial, revoked),)

    def change(held: Apart) -> None:
        for name in list(held.manifest["crls"]):
            held.drop(name)
        for der in (
            keys.root.crl(this_update=at, number=7),
            keys.issuing.crl(this_update=at, number=7, revoked=rows, options=CrlOptions(point=point)),
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
        "list of another part": (remade_lists(world, after, point="http://crl.test/2"), [0, 6, 0]),
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
    files["a document"] = world.document
    for name, (change, _wrong) in ALONE.items():
        files[name] = changed(world.document, world.folder / f"alone {name}.zip", change)
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
