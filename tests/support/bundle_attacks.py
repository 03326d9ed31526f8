"""What somebody may do to a proof bundle, each with the checks that must find it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from tests.support.bundles import Apart


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


def of_leaf(**more: object) -> Callable[[Apart], object]:
    return lambda held: held.manifest["leaves"][-1].update(more)


def longer(held: Apart) -> None:
    """The leaf says that the chain is younger than it is."""
    told = held.manifest["leaves"][-1]
    row = json.loads(told["leaf"][0])
    told["leaf"] = [json.dumps([row[0], row[1] - 1, *row[2:]], separators=(",", ":"))]


def two_ends(held: Apart) -> None:
    """A second ByteRange that ends where the last one does: of the two only one could be looked at."""
    name = held.manifest["items"][0]["files"][0]
    data = held.objects[name]
    whole, one = list(re.finditer(rb"/ByteRange\s*\[[^\]]*\]", data))[-2:]
    held.replace(name, data[: whole.start()] + one[0].ljust(len(whole[0])) + data[whole.end() :])


ALONE: dict[str, tuple[Callable[[Apart], object], set[str]]] = {
    "another place": (of_leaf(place=0), {"proof"}),
    "no place": (of_leaf(place=-1), {"proof"}),
    "no leaf": (of_leaf(leaf=[]), {"leaves", "chain", "file"}),
    "a leaf without its proof": (lambda held: held.manifest.update(proofs={}), {"leaves", "chain"}),
    "a leaf of another length": (longer, {"proof", "chain"}),
    "two ByteRanges with one end": (two_ends, {"cover", "file"}),
}
