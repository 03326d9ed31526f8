"""Proof bundles as an attacker has them in hand: taken apart, changed, put together again, checked by a program."""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from playwright.sync_api import Browser, sync_playwright

from signing.standalone import verify_bundle
from tests.support import programs
from tests.support.papers import Papers
from workflow.domain.audit import write_outside
from workflow.domain.bundles import Contents
from workflow.services import anchoring
from workflow.services.proving import making
from workflow.store.session import unit_of_work


@dataclass(slots=True)
class Answer:
    """What a verifier says: its exit status, of each check how often it held, was not shown, was wrong, and of what
    it says that."""

    status: int
    tally: dict[str, list[int]] = field(default_factory=dict)
    notes: list[Any] = field(default_factory=list)
    about: list[list[str]] = field(default_factory=list)

    @property
    def wrong(self) -> set[str]:
        return {name for name, (_good, _unshown, bad) in self.tally.items() if bad}

    @property
    def unshown(self) -> set[str]:
        return {name for name, (_good, unshown, _bad) in self.tally.items() if unshown}


def python(bundle: Path, roots: Path, root: Path | None = None) -> Answer:
    """By the verifier in Python: what it says, and the status that it ends with when it is called."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        status = verify_bundle.main([str(bundle), "--roots", str(roots), *(["--root", str(root)] if root else [])])
    if status == 2:
        return Answer(2)
    made = verify_bundle.check(bundle, [roots], root)
    told = json.loads(json.dumps({"tally": made.tally, "notes": made.notes, "about": made.about}))
    return Answer(status, **told)


@dataclass(slots=True)
class Page:
    """The verifier as a page: one file, opened from the disk in a browser without a network."""

    tab: Any

    def given(self, roots: Path, root: Path | None) -> None:
        """What it believes from now on."""
        self.tab.set_input_files("#roots", [roots])
        self.tab.set_input_files("#root", [root] if root else [])

    def check(self, bundle: Path, *, seconds: float = 30) -> Answer:
        """Its answer."""
        self.tab.set_input_files("#bundle", [bundle])
        self.tab.click("#check")
        self.tab.wait_for_selector("body[data-result]", state="attached", timeout=seconds * 1000)
        return Answer(**json.loads(self.tab.get_attribute("body", "data-result")))


@contextlib.contextmanager
def page(roots: Path, root: Path | None = None) -> Iterator[Page]:
    """Until the block ends, in a browser of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=programs.chromium(), args=list(programs.CHROMIUM_FLAGS)
        )
        with opened(browser, Path(verify_bundle.__file__).with_suffix(".html"), roots, root) as made:
            yield made
        browser.close()


@contextlib.contextmanager
def opened(browser: Browser, program: Path, roots: Path, root: Path | None = None) -> Iterator[Page]:
    """The page from the disk, offline; whatever it would load or send is refused and noted as an error."""
    context = browser.new_context(offline=True)
    tab = context.new_page()
    troubles: list[str] = []
    tab.on("pageerror", lambda error: troubles.append(str(error)))
    context.on("request", lambda asked: troubles.append(asked.url) if not asked.url.startswith("file:") else None)
    tab.goto(program.as_uri())
    made = Page(tab)
    made.given(roots, root)
    yield made
    context.close()
    assert troubles == []


def written(papers: Papers, contents: Contents, path: Path) -> Path:
    """As a file."""
    with path.open("w+b") as file:
        making.packed(contents, papers.blobs, file)
    return path


def pem(path: Path, *ders: bytes) -> Path:
    """Roots as they are given."""
    path.write_bytes(b"".join(x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM) for der in ders))
    return path


def outside(papers: Papers, path: Path, *, number: int | None = None) -> Path:
    """The file of `trinhky audit root`."""
    with unit_of_work(papers.office.engine) as uow:
        path.write_text(write_outside(anchoring.outside(uow, number=number)))
    return path


@dataclass(slots=True)
class Apart:
    """A bundle's manifest and objects."""

    manifest: dict[str, Any]
    objects: dict[str, bytes]

    def replace(self, name: str, data: bytes) -> None:
        """An object by another one under its right name; all of the manifest names that one."""
        made = hashlib.sha256(data).hexdigest()
        del self.objects[name]
        self.objects[made] = data
        text = json.dumps(self.manifest).replace(name, made)
        self.manifest = json.loads(text)
        self.manifest["objects"][made] = len(data)

    def drop(self, name: str) -> None:
        """Away with it, and out of every list."""
        del self.objects[name], self.manifest["objects"][name]
        for kind in ("crls", "ocsps", "certificates"):
            self.manifest[kind] = [one for one in self.manifest[kind] if one != name]


def apart(bundle: Path) -> Apart:
    with zipfile.ZipFile(bundle) as archive:
        names = [name for name in archive.namelist() if name != "manifest.json"]
        return Apart(json.loads(archive.read("manifest.json")), {name[8:]: archive.read(name) for name in names})


def changed(bundle: Path, into: Path, change: Callable[[Apart], object]) -> Path:
    """The same bundle after somebody's hand, with a flawless zip around it."""
    held = apart(bundle)
    change(held)
    with zipfile.ZipFile(into, "w") as archive:
        put(archive, "manifest.json", json.dumps(held.manifest).encode())
        for name, data in sorted(held.objects.items()):
            put(archive, f"objects/{name}", data)
    return into


def put(archive: zipfile.ZipFile, name: str, data: bytes, **changes: Any) -> None:
    """An entry as we write them, but for some changes."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.create_system, entry.external_attr = 3, 0o100644 << 16
    for key, value in changes.items():
        setattr(entry, key, value)
    archive.writestr(entry, data)


def zips(bundle: Path) -> dict[str, Callable[[Path], None]]:
    """Archives that are none."""
    held = apart(bundle)
    manifest = json.dumps(held.manifest).encode()
    name = next(iter(held.objects))

    def entry(path: Path, called: str, *, twice: bool = False, mode: int = 0o100644, packed: bool = False) -> None:
        with warnings.catch_warnings(), zipfile.ZipFile(path, "w") as archive:
            warnings.simplefilter("ignore")
            put(archive, "manifest.json", manifest)
            for _ in range(1 + twice):
                more = {"compress_type": zipfile.ZIP_DEFLATED} if packed else {}
                data = bytes(50_000_000) if packed else held.objects[name]
                put(archive, called, data, external_attr=mode << 16, **more)

    def around(path: Path, before: bytes, after: bytes) -> None:
        path.write_bytes(before + bundle.read_bytes() + after)

    return {
        "absolute": lambda path: entry(path, "/etc/passwd"),
        "upwards": lambda path: entry(path, f"objects/../{name}"),
        "link": lambda path: entry(path, f"objects/{name}", mode=0o120777),
        "twice": lambda path: entry(path, f"objects/{name}", twice=True),
        "bomb": lambda path: entry(path, f"objects/{name}", packed=True),
        "no hash": lambda path: entry(path, "objects/readme"),
        "before": lambda path: around(path, b"MZ", b""),
        "after": lambda path: around(path, b"", b"x"),
        "cut": lambda path: path.write_bytes(bundle.read_bytes()[:-30]) and None,
    }


def sha256(data: bytes) -> str:
    """As objects are named."""
    return hashlib.sha256(data).hexdigest()
