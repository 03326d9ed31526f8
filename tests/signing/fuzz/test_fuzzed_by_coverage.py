"""The seeds that fuzzing starts from, and what it found; in soak the fuzzing itself, guided by coverage."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import signing
from signing.reasons import Conclusion
from tests.signing.fuzz.targets import SEEDS, TARGETS, office, seeds
from tests.signing.verification.office import AT
from tests.support.counts import SOAK
from workflow.config import project_folder

pytestmark = [pytest.mark.soak, pytest.mark.timeout(7200)]
RUNS, SECONDS = 1_000_000, 600
"""For one target in soak, whichever ends first."""
_DONE = re.compile(r"Done (\d+) runs in (\d+) second")
_WORDS = (
    "obj", "endobj", "stream", "endstream", "xref", "trailer", "startxref", "%%EOF", "/Type", "/Length", "/Size",
    "/ByteRange", "/Contents", "/Prev", "/Root", "/XRefStm", "/Kids", "/Annots", "/AcroForm", "/Fields", "/FT/Sig",
    "/V ", "/AP<</N ", "/DSS", "/Filter/FlateDecode", " 0 R", "<<", ">>", "/AA", "/F ", "/Rotate 90",
)  # fmt: skip


@pytest.mark.parametrize("name", TARGETS)
def test_kept_seeds_are_answered(name: str) -> None:
    """Each by itself, without any tool for fuzzing."""
    assert len(seeds(name)) >= 4, SEEDS / name
    for path in seeds(name):
        TARGETS[name](path.read_bytes())


def test_a_seed_passes() -> None:
    """Kept files would be poor seeds if none of them led to a yes: the office's keys are the same in every run."""
    place, data = office(), (SEEDS / "pdf" / "signed.pdf").read_bytes()
    assert signing.verify(data, trust=place.trust, at=AT, evidence=place.evidence).verdict is Conclusion.PASSED


def fuzz(name: str, tmp_path: Path) -> None:
    """So many runs or so many minutes, whichever ends first; the count is printed."""
    found, words, kept = tmp_path / "found", tmp_path / "words", seeds(name)[0].parent
    found.mkdir()
    words.write_text("".join(f'"{word}"\n' for word in _WORDS))
    command = [
        sys.executable, "-m", "tests.signing.fuzz", name, f"-runs={RUNS}", f"-max_total_time={SECONDS}",
        "-max_len=40000", "-timeout=60", "-rss_limit_mb=4096", f"-dict={words}",
        f"-artifact_prefix={kept}/found-", str(found), str(kept),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=project_folder(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    counted = _DONE.search(done.stderr)
    assert counted is not None, done.stderr[-2000:]
    print(
        f"\ncoverage-guided, {name}: {counted[1]} runs in {counted[2]} s, {len(list(found.iterdir()))} new shapes"
    )


if SOAK:  # `make test` replays the seeds only; atheris is not to be had everywhere
    test_fuzzed_by_coverage = pytest.mark.parametrize("name", TARGETS)(fuzz)
