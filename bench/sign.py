"""Two-phase signing of 100 KB papers on the server: prepare and embed, ours against pyHanko's own two phases.

Papers are normalised drafts with planned fields (letters with scans, reports), signers hold RSA-2048, RSA-3072 and
P-256 keys. Both sides put the same drawing into the same planned box, reserve the same room and get the signature
from a key that is not theirs: what the key does is left out of the figures, as it happens in the leader's browser
or token. Figures are CPU seconds (user and system) of a hundred papers; `thousand` is ours of ten times as many,
with what the process holds in memory on the way. Ours verifies each raw signature first, pyHanko does not.
"""

from __future__ import annotations

import asyncio
import gc
import io
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ParamSpec, TypeVar

import time_machine
from asn1crypto import algos, cms, x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import ExternalSigner, PdfSignatureMetadata, PdfSigner
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

import signing
from bench.harness import Measured, interleave
from bench.papers import drawn, planned
from bench.people import AT, KINDS, SIGNED, People
from signing.prepare import PreparedSignature, embed, prepare_signature
from signing.prepare.signatures import RESERVED
from signing.testing import Identity

P = ParamSpec("P")
R = TypeVar("R")
HUNDRED, TIMES = 100, 10
FIELD = "Leader"
GOALS = {"pyhanko_over_ours": (">=", 8.0), "thousand_over_hundred": ("<=", 11.0)}
RATIOS = {"pyhanko_over_ours": ("pyhanko", "ours"), "thousand_over_hundred": ("thousand", "ours")}
GROWTH = 16 << 20
"""Bytes by which a thousand papers may swell the process; they weigh 100 MB together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One paper and who signs it."""

    data: bytes
    identity: Identity
    drawing: bytes
    style: StaticStampStyle


@dataclass(frozen=True, slots=True)
class _Held:
    """Between the phases, as pyHanko hands it over."""

    task: Task
    digest: PreparedByteRangeDigest
    output: io.BytesIO
    attributes: bytes


def measure(runs: int) -> Measured:
    """Make the papers, see that both sides' files verify, measure."""
    people = People()
    with TemporaryDirectory(prefix="bench-sign-") as folder:
        tasks = _tasks(people, Path(folder))
        broken = _wrong(people, tasks)
        swollen: list[int] = []
        sides = {
            "ours": lambda: _ours(tasks, HUNDRED),
            "pyhanko": lambda: _pyhanko(tasks, HUNDRED),
            "thousand": lambda: _ours(tasks, HUNDRED * TIMES, swollen),
        }
        gc.freeze()
        figures = interleave(sides, runs)
        gc.unfreeze()
    if max(swollen) > GROWTH:
        broken += (f"a thousand papers swelled the process by {max(swollen) >> 20} MB",)
    facts = {
        "papers": {"bytes": sorted({len(task.data) for task in tasks}), "keys": [str(kind) for kind in KINDS]},
        "milliseconds_ours": round(1000 * sorted(figures["ours"])[runs // 2] / HUNDRED, 2),
        "milliseconds_pyhanko": round(1000 * sorted(figures["pyhanko"])[runs // 2] / HUNDRED, 2),
        "swollen_kilobytes": max(swollen) >> 10,
    }
    return Measured(figures=figures, ratios=RATIOS, goals=GOALS, facts=facts, broken=broken)


def _tasks(people: People, folder: Path) -> list[Task]:
    made = []
    for report in (False, True):
        data, plan = planned("100KB", report=report)
        drawing = drawn("Nguyễn Văn Hiền", next(one.size for one in plan if one.name == FIELD))
        path = folder / f"drawing-{report}.pdf"
        path.write_bytes(drawing)
        style = StaticStampStyle.from_pdf_file(str(path), border_width=0, background_opacity=1)
        for kind in KINDS:
            made.append(Task(data=data, identity=people.leader(kind), drawing=drawing, style=style))
    return made


def _turn(tasks: Sequence[Task], count: int) -> Iterator[Task]:
    return (tasks[number % len(tasks)] for number in range(count))


def _timed(work: Callable[P, R], *given: P.args, **named: P.kwargs) -> tuple[float, R]:
    """Seconds of this process's CPU, and what came of it."""
    before = resource.getrusage(resource.RUSAGE_SELF)
    made = work(*given, **named)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime, made


def _memory() -> int:
    """Bytes that the process holds now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _ours(tasks: Sequence[Task], count: int, swollen: list[int] | None = None) -> float:
    """Seconds without the key's; one paper after the other, as requests come."""
    spent, begun, most = 0.0, 0, 0
    for number, task in enumerate(_turn(tasks, count)):
        first, prepared = _timed(_prepared, task)
        raw = task.identity.sign(prepared.to_be_signed, None, function=prepared.hash_function)
        second, _file = _timed(_embedded, task, prepared, raw)
        spent += first + second
        if number == HUNDRED:
            begun = _memory()
        if number > HUNDRED and number % 50 == 0:
            most = max(most, _memory() - begun)
    if swollen is not None:
        swollen.append(most)
    return spent


def _prepared(task: Task) -> PreparedSignature:
    return prepare_signature(
        task.data, field=FIELD, certificate=task.identity.der, at=SIGNED, appearance_pdf=task.drawing
    )


def _embedded(task: Task, prepared: PreparedSignature, raw: bytes) -> bytes:
    return embed(
        prepared.document, to_be_signed=prepared.to_be_signed, signature=raw, certificate=task.identity.der,
        chain=task.identity.chain_der,
    )  # fmt: skip


def _pyhanko(tasks: Sequence[Task], count: int) -> float:
    """The same, each phase in one event loop for ten papers: starting a loop for each would count against it."""
    spent = 0.0
    chosen = list(_turn(tasks, count))
    with time_machine.travel(SIGNED, tick=False):
        for place in range(0, count, 10):
            some = chosen[place : place + 10]
            first, held = _timed(lambda papers: asyncio.run(_first(papers)), some)
            raws = [one.task.identity.sign(one.attributes, None) for one in held]
            second, _none = _timed(lambda papers, made: asyncio.run(_second(papers, made)), held, raws)
            spent += first + second
    return spent


def _store(identity: Identity) -> tuple[x509.Certificate, SimpleCertificateStore]:
    store = SimpleCertificateStore()
    store.register_multiple(x509.Certificate.load(one) for one in identity.chain_der)
    return x509.Certificate.load(identity.der), store


async def _first(tasks: Sequence[Task]) -> list[_Held]:
    made = []
    for task in tasks:
        certificate, store = _store(task.identity)
        signer = ExternalSigner(signing_cert=certificate, cert_registry=store, signature_value=512)
        meta = PdfSignatureMetadata(field_name=FIELD, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES)
        writer = IncrementalPdfFileWriter(io.BytesIO(task.data))
        maker = PdfSigner(meta, signer=signer, stamp_style=task.style)
        digest, _tbs, output = await maker.async_digest_doc_for_signing(writer, bytes_reserved=RESERVED)
        attributes = await signer.signed_attrs(digest.document_digest, "sha256", use_pades=True)
        made.append(_Held(task, digest, output, attributes.dump()))
    return made


async def _second(held: Sequence[_Held], raws: Sequence[bytes]) -> None:
    for one, raw in zip(held, raws, strict=True):
        certificate, store = _store(one.task.identity)
        kind = "sha256_ecdsa" if certificate.public_key.algorithm == "ec" else "sha256_rsa"
        signer = ExternalSigner(
            signing_cert=certificate, cert_registry=store, signature_value=raw,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": kind}),
        )  # fmt: skip
        signed = await signer.async_sign_prescribed_attributes(
            "sha256", cms.CMSAttributes.load(one.attributes), cms_version="v1"
        )
        one.digest.fill_with_cms(one.output, signed)


def _wrong(people: People, tasks: Sequence[Task]) -> tuple[str, ...]:
    """Files of either side that our verifier does not pass."""
    files: list[tuple[str, bytes]] = []
    for task in tasks:
        prepared = _prepared(task)
        raw = task.identity.sign(prepared.to_be_signed, None, function=prepared.hash_function)
        files.append(("ours", _embedded(task, prepared, raw)))
    with time_machine.travel(SIGNED, tick=False):
        held = asyncio.run(_first(tasks))
        asyncio.run(_second(held, [one.task.identity.sign(one.attributes, None) for one in held]))
    files += [("pyhanko", one.output.getvalue()) for one in held]
    wrong = []
    for side, data in files:
        found = signing.verify(data, trust=people.trust, at=AT, evidence=people.evidence)
        if found.verdict != signing.Conclusion.PASSED:
            wrong.append(f"{side}: {found.verdict} {found.reason}")
    print(f"{len(files)} files made by both sides, refused: {wrong or 'none'}", file=sys.stderr)
    return tuple(wrong)
