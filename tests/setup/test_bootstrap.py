"""What stands between a fresh checkout and a working environment gets one sentence each."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from workflow.bootstrap import assets, commands, environment, installer, running, system
from workflow.bootstrap.stop import Stop
from workflow.config import project_folder

UV_SAYS = """error: Failed to fetch: `https://index.example/simple/flask/`
  Caused by: Request failed after 3 retries
  Caused by: error sending request for url (https://index.example/simple/flask/)
  Caused by: client error (Connect)
  Caused by: dns error: failed to lookup address information: Temporary failure in name resolution
"""
PIP_SAYS = """WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'
ERROR: Could not find a version that satisfies the requirement uv (from versions: none)
ERROR: No matching distribution found for uv
"""
NPM_SAYS = "npm error code EAI_AGAIN\nnpm error syscall getaddrinfo\n"


@pytest.mark.parametrize("words", [UV_SAYS, PIP_SAYS, NPM_SAYS])
def test_no_network_is_recognised_in_the_words_of_each_program(words: str, tmp_path: Path) -> None:
    """And told in one sentence that says where a private index is described."""
    with pytest.raises(Stop, match=r"No network while installing.*CONTRIBUTING\.md"):
        running.judge("installing", 1, words).stop_if_failed(tmp_path)


def test_an_untrusted_certificate_is_told_as_one(tmp_path: Path) -> None:
    """uv wraps it in the words of a network failure; offices have proxies that look into TLS."""
    words = (
        "error: Failed to fetch\n  cause: client error (Connect)\n  cause: invalid peer certificate: UnknownIssuer"
    )
    with pytest.raises(Stop, match=r"certificate was not trusted.*SSL_CERT_FILE"):
        running.judge("installing", 1, words).stop_if_failed(tmp_path)


def test_another_failure_is_told_in_its_own_last_words(tmp_path: Path) -> None:
    """A hash that does not match is not a network problem."""
    words = "error: Hash mismatch for `flask==3.1.3`\n"
    with pytest.raises(Stop, match=r"Hash mismatch for `flask==3\.1\.3`"):
        running.judge("installing", 1, words).stop_if_failed(tmp_path)


def test_a_full_disk_is_told_as_one(tmp_path: Path) -> None:
    """With the room it needs."""
    with pytest.raises(Stop, match=r"disk is full.*2 GB"):
        running.judge("installing", 1, "OSError: [Errno 28] No space left on device").stop_if_failed(tmp_path)


def test_a_program_that_hangs_is_ended(tmp_path: Path) -> None:
    """A registry behind a firewall that drops packets must not hold up the rest."""
    result = running.run(["sleep", "30"], tmp_path, what="waiting", timeout=1)
    assert result.failed
    assert result.network


def test_output_goes_to_the_log_and_failure_names_it(tmp_path: Path) -> None:
    """The person sees a sentence, whoever helps sees everything."""
    result = running.run(["/bin/sh", "-c", "echo all about it; exit 3"], tmp_path, what="trying")
    assert "all about it" in (tmp_path / running.LOG).read_text()
    with pytest.raises(Stop, match="Failed while trying: all about it"):
        result.stop_if_failed(tmp_path)


@pytest.mark.parametrize("half", ["venv", "ensurepip"])
def test_a_missing_venv_module_names_the_package(half: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Debian leaves either half out."""
    known = installer.importlib.util.find_spec
    monkeypatch.setattr(installer.importlib.util, "find_spec", lambda name: None if name == half else known(name))
    package = rf"apt-get install python{sys.version_info[0]}\.{sys.version_info[1]}-venv"
    with pytest.raises(Stop, match=package):
        installer.require_venv_module()


def test_a_uv_that_does_not_start_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version manager leaves such a shim on the path."""
    shim = tmp_path / "uv"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    fetched: list[Path] = []
    monkeypatch.delenv("UV", raising=False)
    monkeypatch.delenv("TRINHKY_INSTALLER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(installer, "fetch_uv", fetched.append)
    assert installer.choose(tmp_path) == installer.Uv(str(tmp_path / ".uv" / "bin" / "uv"))
    assert fetched == [tmp_path]


def test_pip_is_used_where_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For an index that is set up for pip only."""
    monkeypatch.setenv("TRINHKY_INSTALLER", "pip")
    assert installer.choose(tmp_path) == installer.Pip()


def test_caches_go_below_the_checkout_where_home_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service account often has none."""
    monkeypatch.delenv("UV_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "none"))
    assert installer.home_for_cache(tmp_path, "UV_CACHE_DIR", "uv") == {
        "UV_CACHE_DIR": str(tmp_path / ".setup" / "uv")
    }
    monkeypatch.setenv("HOME", str(tmp_path))
    assert installer.home_for_cache(tmp_path, "UV_CACHE_DIR", "uv") == {}


def checkout(folder: Path) -> Path:
    """The files that decide what is installed, and an environment that claims to hold it."""
    for name in environment.INPUTS:
        (folder / name).write_text(name)
    python = environment.python_of(folder)
    python.parent.mkdir(parents=True)
    python.symlink_to(sys.executable)
    (folder / ".venv" / environment.STAMP).write_text(environment.digest(folder))
    (folder / ".venv" / (environment.STAMP + "-place")).write_text(str(folder))
    return folder


def test_nothing_is_done_where_nothing_changed(tmp_path: Path) -> None:
    """By content: touching a file is no change."""
    root = checkout(tmp_path)
    (root / "pyproject.toml").touch()
    assert environment.ensure(root) is False
    assert environment.must_be_made_anew(root) is False


def test_a_changed_lock_is_noticed(tmp_path: Path) -> None:
    """Any of the inputs."""
    before = environment.digest(checkout(tmp_path))
    (tmp_path / "requirements.lock").write_text("flask==99")
    assert environment.digest(tmp_path) != before


def test_a_moved_checkout_gets_a_new_environment(tmp_path: Path) -> None:
    """Scripts in an environment hold absolute paths."""
    (tmp_path / "old").mkdir()
    checkout(tmp_path / "old").rename(tmp_path / "mới")
    assert environment.must_be_made_anew(tmp_path / "mới")


def test_a_dead_interpreter_gets_a_new_environment(tmp_path: Path) -> None:
    """An upgraded system takes the old Python away."""
    root = checkout(tmp_path)
    environment.python_of(root).unlink()
    environment.python_of(root).symlink_to(tmp_path / "python3.10")
    assert environment.must_be_made_anew(root)


def test_half_a_checkout_is_named(tmp_path: Path) -> None:
    """By the file that is missing."""
    with pytest.raises(Stop, match=r"requirements\.lock is missing"):
        environment.digest(tmp_path)


def test_sentences_end_a_command_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Exit status 1, the sentence on stderr."""

    def stop(_root: Path) -> None:
        raise Stop("No network.")

    def forbidden(_root: Path) -> None:
        raise PermissionError(13, "denied", "/srv/.venv")

    monkeypatch.setattr(commands, "COMMANDS", {"stop": stop, "forbidden": forbidden})
    assert commands.run(["stop"], root=tmp_path) == 1
    assert commands.run(["forbidden"], root=tmp_path) == 1
    assert commands.run(["none"], root=tmp_path) == 2
    assert capsys.readouterr().err.splitlines() == [
        "No network.",
        "Cannot write /srv/.venv: it belongs to somebody else or the disk is read-only.",
        "no such command: none; there is stop, forbidden",
    ]


def test_set_up_goes_on_without_the_web_assets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With one visible sentence."""

    def out_of_reach(_root: Path) -> None:
        raise Stop("The web assets could not be fetched.")

    monkeypatch.setattr(environment, "ensure", lambda root: False)
    monkeypatch.setattr(assets, "ensure_in_environment", out_of_reach)
    assert commands.run(["setup"], root=tmp_path) == 0
    assert "page images" in capsys.readouterr().err


def test_apt_is_left_alone_without_rights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command to type is named instead."""
    listing = tmp_path / "list.txt"
    listing.write_text("# about\nchromium   # journeys\n\nsofthsm2\n")
    monkeypatch.setattr(system, "absent", lambda packages: packages)
    monkeypatch.setattr(system.shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(system, "privileges", lambda: None)
    assert "sudo apt-get install chromium softhsm2" in system.ensure(listing)


def test_nothing_absent_means_no_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The usual run."""
    listing = tmp_path / "list.txt"
    listing.write_text("chromium\n")
    monkeypatch.setattr(system, "absent", lambda packages: [])
    assert system.ensure(listing) == ""


def test_the_first_file_runs_on_an_old_python() -> None:
    """It must be able to say that Python is too old: no syntax of later versions, no import of ours above that."""
    source = (project_folder() / "workflow" / "bootstrap" / "__main__.py").read_text()
    compile(source, "__main__.py", "exec", flags=0x400, _feature_version=5)  # type: ignore[call-overload]  ast.PyCF_ONLY_AST
    head = source.split("def main")[0]
    assert "workflow.bootstrap" not in head.split('"""')[2]


@pytest.mark.slow
def test_a_clone_in_a_folder_with_spaces_and_vietnamese_letters_sets_itself_up(tmp_path: Path) -> None:
    """From the warm cache and without network; the second time nothing is done."""
    root = tmp_path / "Trình Ký thử" / "bản sao"
    files = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=project_folder(),
        capture_output=True,
        check=True,
    ).stdout.decode()
    for name in filter(None, files.split("\0")):
        source = project_folder() / name
        if source.is_file() and not name.startswith("tests/"):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_bytes(source.read_bytes())
    first, second = make_setup(root), make_setup(root)
    assert "Ready." in first
    assert second == ""
    version = [str(root / ".venv" / "bin" / "trinhky"), "--version"]
    assert subprocess.run(version, cwd=tmp_path, capture_output=True, text=True, check=True).stdout.startswith(
        "trinhky"
    )


def make_setup(root: Path) -> str:
    """What it said."""
    environ = {"UV_OFFLINE": "1", "TRINHKY_SKIP_ASSETS": "1", "PYTHON": sys.executable}
    done = subprocess.run(
        ["make", "setup"],
        cwd=root,
        env={**installer.os.environ, **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr
