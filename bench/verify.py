"""Verifying signed files: ours, pyHanko's full validation, pdfsig, and hash and signature alone by OpenSSL.

108 files by another program (RSA-2048, RSA-3072, P-256; 100 KB, 1 MB, 10 MB; B-B, B-T, B-LT) and 108 issued by our
own chain (leader, number, seal in planned fields; half of them with a recipient's stamp). Figures are CPU seconds
(user and system, children included) for all files of a set together: so neighbours on the machine count less. Files
lie in memory, for pdfsig in the page cache.

Ours as in a service that judges one file after the other: a round begins with nothing remembered, and what one file
taught (a chain, a list) serves the next. pyHanko gets a validation context for every file, which is how it is used.
`pyhanko_kept` keeps one for the round, `ours_cold` forgets all before every single file.
"""

from __future__ import annotations

import gc
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench import papers, verifiers
from bench.harness import Measured, interleave
from bench.papers import SIZES, Paper
from bench.people import People
from signing import jail

Judge = Callable[[Paper], bool]
REPEATS = 20
GOALS = {
    "pyhanko_over_ours": (">=", 20.0),
    "pyhanko_over_ours_issued": (">=", 10.0),
    "ours_over_limit_1MB": ("<=", 3.0),
    "ours_over_limit_10MB": ("<=", 2.0),
    "sixteen_over_one": ("<=", 20.0),
}
RATIOS = {
    "pyhanko_over_ours": ("pyhanko", "ours"),
    "pyhanko_over_ours_issued": ("pyhanko_issued", "ours_issued"),
    "pyhanko_over_ours_cold": ("pyhanko", "ours_cold"),
    "pyhanko_kept_over_ours": ("pyhanko_kept", "ours"),
    "pdfsig_over_ours": ("pdfsig", "ours"),
    "pdfsig_over_ours_issued": ("pdfsig_issued", "ours_issued"),
    **{f"pyhanko_over_ours_{size}": (f"pyhanko_{size}", f"ours_{size}") for size in SIZES},
    **{f"ours_over_limit_{size}": (f"ours_{size}", f"limit_{size}") for size in SIZES},
    "sixteen_over_one": ("ours_sixteen", "ours_one"),
}


def measure(runs: int) -> Measured:
    """Make the files, see that all sides agree about them and about tampered ones, measure."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-verify-")))
        people = People()
        _tell("making files")
        foreign, issued = list(papers.foreign(people, folder)), list(papers.issued(people, folder))
        one, sixteen = papers.many(people, folder)
        jail.close()
        bad = list(papers.tampered([foreign[0], foreign[-1], issued[0], issued[-1]], folder))
        facts = _facts(people, foreign, issued) | {"tampered": len(bad)}
        _tell(f"asking everybody about them: {facts}")
        broken = disagreements(_judges(people), [*foreign, *issued, one, sixteen], bad)
        _tell("measuring")
        rounds = _rounds(people, foreign, issued)
        figures = interleave(
            {**rounds, "ours_one": _again(people, one), "ours_sixteen": _again(people, sixteen)}, runs
        )
        gc.unfreeze()
    for name in ("ours", "pyhanko", "limit"):
        figures |= {f"{name}_{size}": spent[-runs:] for size, spent in rounds[name].sizes.items()}
    return Measured(figures=figures, ratios=RATIOS, goals=GOALS, facts=facts, broken=broken)


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _judges(people: People) -> dict[str, Judge]:
    """Who answers yes or no about a file. A machine without pdfsig is told so in `broken`."""
    return {
        "ours": verifiers.ours(people),
        "pyhanko": verifiers.pyhanko(people),
        "pdfsig": verifiers.pdfsig if shutil.which("pdfsig") else lambda _paper: False,
        "limit": lambda paper: verifiers.limit(paper)(),
    }


def disagreements(judges: dict[str, Judge], good: list[Paper], bad: list[Paper]) -> tuple[str, ...]:
    """Everybody says yes to every file, and no to every tampered one."""
    wrong = [
        f"{name} refuses {paper.path.name}" for name, judge in judges.items() for paper in good if not judge(paper)
    ]
    wrong += [
        f"{name} accepts {paper.path.name}" for name, judge in judges.items() for paper in bad if judge(paper)
    ]
    return tuple(wrong)


def _facts(people: People, foreign: list[Paper], issued: list[Paper]) -> dict[str, Any]:
    """What was measured, and how many of our answers the fast path gave."""
    found = [verifiers.verdict(people, paper) for paper in (*foreign, *issued)]
    return {
        "files": len(foreign),
        "issued": len(issued),
        "signatures": sum(len(one.signatures) for one in found),
        "fast": sum(one.basis == "fast" for one in found),
        "careful": sum(one.basis == "careful" for one in found),
        "megabytes": sum(len(paper.data) for paper in (*foreign, *issued)) >> 20,
    }


class Round:
    """One side over one set of files; keeps what each size cost, round by round."""

    def __init__(self, judge: Callable[[], Judge], files: Sequence[Paper], *, cold: bool = False) -> None:
        """`judge` is made anew for every round, `cold` forgets before every file."""
        self._judge, self._files, self._cold = judge, files, cold
        self.sizes: dict[str, list[float]] = {}

    def __call__(self) -> float:
        """CPU seconds for all files."""
        verifiers.forget()
        gc.unfreeze()
        gc.collect()
        gc.freeze()  # no side walks through what the others keep alive in this process
        judge = self._judge()
        spent = dict.fromkeys(SIZES, 0.0)
        for paper in self._files:
            if self._cold:
                verifiers.forget()
            before = cpu()
            judge(paper)
            spent[paper.size] += cpu() - before
        for size, figure in spent.items():
            self.sizes.setdefault(size, []).append(figure)
        return sum(spent.values())


def _again(people: People, paper: Paper) -> Callable[[], float]:
    """One file, again and again with its chain known: the mean."""

    def spend() -> float:
        gc.collect()
        judge = verifiers.ours(people)
        judge(paper)
        before = cpu()
        for _number in range(REPEATS):
            judge(paper)
        return (cpu() - before) / REPEATS

    return spend


def cpu() -> float:
    """Seconds of this process and of the children that have ended, to the microsecond."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def _rounds(people: People, foreign: list[Paper], issued: list[Paper]) -> dict[str, Round]:
    limits = {paper.path: verifiers.limit(paper) for paper in foreign}
    return {
        "ours": Round(lambda: verifiers.ours(people), foreign),
        "ours_cold": Round(lambda: verifiers.ours(people), foreign, cold=True),
        "ours_issued": Round(lambda: verifiers.ours(people), issued),
        "limit": Round(lambda: lambda paper: limits[paper.path](), foreign),
        "pdfsig": Round(lambda: verifiers.pdfsig, foreign),
        "pdfsig_issued": Round(lambda: verifiers.pdfsig, issued),
        "pyhanko": Round(lambda: verifiers.pyhanko(people), foreign),
        "pyhanko_kept": Round(lambda: verifiers.pyhanko(people, kept=True), foreign),
        "pyhanko_issued": Round(lambda: verifiers.pyhanko(people), issued),
    }
