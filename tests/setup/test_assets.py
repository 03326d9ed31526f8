"""The files from npm: locked by content, the same everywhere, and not needed."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from workflow.adapters import assets
from workflow.bootstrap import assets as building
from workflow.bootstrap import locks
from workflow.bootstrap.stop import Stop
from workflow.commands.assets import command
from workflow.config import project_folder

NPM = project_folder() / building.PACKAGES


def test_every_locked_package_carries_its_sha512_and_no_host() -> None:
    """So that any registry may deliver it and none can change it."""
    lock = json.loads((NPM / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert len(packages) == 5
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())
    assert not any("resolved" in entry or "hasInstallScript" in entry for entry in packages.values())
    assert "://" not in (NPM / "package-lock.json").read_text()


def test_the_lock_loses_hosts_and_optional_packages() -> None:
    """What `bootstrap locks` does to npm's output."""
    entry = {"integrity": "sha512-x", "resolved": "somewhere", "optionalDependencies": {"canvas": "1"}}
    lock = {"packages": {"": {}, "node_modules/a": entry, "node_modules/canvas": {"optional": True}}}
    assert locks.clean(lock) == {"packages": {"": {}, "node_modules/a": {"integrity": "sha512-x"}}}


def test_a_lock_entry_without_sha512_is_refused() -> None:
    """npm still writes SHA-1 for very old packages."""
    with pytest.raises(Stop, match="node_modules/a"):
        locks.clean({"packages": {"node_modules/a": {"integrity": "sha1-x"}}})


def test_a_changed_file_stops_the_build(tmp_path: Path) -> None:
    """The same version with other content is named."""
    folder = tmp_path / "dist"
    folder.mkdir()
    (folder / "a.mjs").write_text("alert()")
    (tmp_path / "SHA256SUMS").write_text(f"{hashlib.sha256(b'honest').hexdigest()}  a.mjs\n")
    with pytest.raises(Stop, match=r"differ from SHA256SUMS: a\.mjs"):
        building.compare(folder, tmp_path / "SHA256SUMS")


def test_a_maintainer_accepts_what_was_fetched(tmp_path: Path) -> None:
    """Only where something new lies there."""
    (tmp_path / building.PACKAGES).mkdir(parents=True)
    with pytest.raises(Stop, match="Nothing new"):
        building.accept(tmp_path)
    fresh = tmp_path / building.WORK / "dist"
    fresh.mkdir(parents=True)
    (fresh / "a.mjs").write_text("new")
    building.accept(tmp_path)
    building.compare(fresh, tmp_path / building.PACKAGES / "SHA256SUMS")


def test_the_installed_files_are_the_listed_ones() -> None:
    """What the build put in place is what was committed to."""
    if not assets.dist_folder().is_dir():
        pytest.skip("npm was out of reach: no pdf.js and no fonts")
    assert assets.changed_files() == []
    assert assets.has_pdfjs()
    assert len(assets.font_paths()) == 4


def test_without_them_the_program_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No fonts, no pdf.js, no failure."""
    monkeypatch.setattr(assets, "static_folder", lambda: tmp_path)
    assert assets.font_paths() == ()
    assert not assets.has_pdfjs()
    result = CliRunner().invoke(command, ["verify"])
    assert result.exit_code == 0
    assert "not installed" in result.output


def test_verify_prints_the_digest_of_every_signer_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the format of sha256sum, subfolders included."""
    monkeypatch.setattr(assets, "static_folder", lambda: tmp_path)
    (tmp_path / "signer" / "asn1").mkdir(parents=True)
    (tmp_path / "signer" / "asn1" / "der.js").write_bytes(b"export {};\n")
    result = CliRunner().invoke(command, ["verify"])
    assert f"{hashlib.sha256(b'export {};' + bytes([10])).hexdigest()}  signer/asn1/der.js\n" in result.output
