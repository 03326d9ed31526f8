"""A lying server: whatever it sends for one document of a batch, the key is not used for any."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from asn1crypto import cms, core

from signing.prepare import cms as server_cms
from signing.prepare.algorithms import HashFunction
from tests.signer.conftest import Tab
from tests.signer.key_files import Holder, by_cryptography, holder, tlv
from tests.signer.offices import sha256
from tests.signer.prepared_files import (
    Item,
    attribute,
    attributes,
    byte_range,
    certificate_attribute,
    digest,
    item,
    oid_attribute,
    prepared,
)
from tests.signer.test_signer_formats import verify
from workflow.domain.signing_acts import Line, manifest

pytestmark = pytest.mark.browser

PASSWORD = "mở khóa"

ITEMS = """
    const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const blob = (text) => new Blob([bytes(text)]);
    const blobs = ({ prepared, original }) => ({ prepared: blob(prepared), original: blob(original) });
    const items = a.items.map((item) => ({ ...item, version: 3, ...blobs(item) }));
    const documents = items.map(({ document }) => document);
    const answer = ({ document, code }) => ({ document, ok: false, code: code ?? 'batch_refused' });
"""

SIGN = (
    ITEMS
    + """
    const { openKey, beginBatch, checkItems, sealBatch, signItems } = await m('signer.js');
    const { toBase64 } = await m('bytes.js');
    const { handle, certificates } = await openKey(new Blob([bytes(a.file)]), a.password);
    const progress = [];
    const report = (step) => progress.push(step);
    const certificate = toBase64(new Uint8Array(certificates[0].der));
    const batch = await beginBatch({ certificate, purpose: 'leader' });
    const checks = await checkItems(batch, items, report);
    const refused = async (asked) => asked.then(() => 'signed').catch((error) => error.code);
    const early = await refused(signItems(handle, batch, documents));
    if (checks.some(({ code }) => code !== null)) {
      const refusals = [early, await refused(sealBatch(batch)), await refused(signItems(handle, batch, documents))];
      return { results: checks.map(answer), progress, refusals };
    }
    const act = await sealBatch(batch);
    return { results: await signItems(handle, batch, documents, report), progress, act, checks, early };
"""
)

# The same code on the page itself, with every use of a private key counted.
COUNT = (
    ITEMS
    + """
    const { openKeyFile } = await m('key-file.js');
    const { Batch } = await m('batch.js');
    const { key, certificates } = await openKeyFile(bytes(a.file), a.password);
    let used = 0;
    const sign = crypto.subtle.sign.bind(crypto.subtle);
    crypto.subtle.sign = (...parameters) => { used += 1; return sign(...parameters); };
    const batch = new Batch({ certificate: certificates[0], purpose: 'leader' });
    const checks = await batch.check(items, () => undefined);
    const go = async () => {
      await batch.seal();
      return batch.sign({ key, certificate: certificates[0] }, documents, () => undefined);
    };
    return { results: await go().catch(() => checks.map(answer)), used };
"""
)


def run(bench: Tab, owner: Holder, items: list[Item], script: str = SIGN) -> Any:
    file = base64.b64encode(by_cryptography(owner, PASSWORD)).decode()
    return bench.run(
        script, {"file": file, "password": PASSWORD, "items": [entry.for_browser() for entry in items]}
    )


def code_of(owner: Holder, items: list[Item], nonce: str) -> str:
    """The act's code as the server's own rules make it."""
    lines = [Line(str(one.document), 3, sha256(one.prepared), sha256(one.to_be_signed)) for one in items]
    return manifest(purpose="leader", certificate=sha256(owner.der), nonce=nonce, lines=lines).code


@pytest.mark.parametrize(("kind", "function"), [("rsa2048", "sha256"), ("p256", "sha256"), ("p384", "sha384")])
def test_honest_batch_is_signed(bench: Tab, kind: str, function: str) -> None:
    """Every signature verifies over exactly the bytes to be signed, and progress counts both passes."""
    owner = holder(kind)
    items = [item(owner, number, function=function) for number in range(5)]
    done = run(bench, owner, items)
    assert [result["document"] for result in done["results"]] == [0, 1, 2, 3, 4]
    for entry, result in zip(items, done["results"], strict=True):
        verify(owner, base64.b64decode(result["signature"]), result["algorithm"], entry.to_be_signed)
    assert done["early"] == "batch_refused", "not before the act has its code"
    hashes = [hashlib.new(function, entry.to_be_signed).digest() for entry in items]
    assert [base64.b64decode(check["hash"]) for check in done["checks"]] == hashes
    assert done["act"]["code"] == code_of(owner, items, done["act"]["nonce"])
    counts = [(step["phase"], step["done"]) for step in done["progress"]]
    assert counts == [("checked", n) for n in range(1, 6)] + [("signed", n) for n in range(1, 6)]


@pytest.mark.parametrize("kind", ["rsa2048", "p384"])
def test_attributes_of_our_server_are_accepted(bench: Tab, kind: str) -> None:
    """What the library's prepare step writes passes the browser's strict reading."""
    owner = holder(kind)
    function = HashFunction.SHA384 if kind == "p384" else HashFunction.SHA256
    honest = item(owner, 1)
    message = digest(honest.prepared, str(function))
    made = server_cms.signed_attributes(certificate=owner.der, function=function, message_digest=message)
    (result,) = run(bench, owner, [honest.changed(to_be_signed=made)])["results"]
    assert result["ok"], result


def test_earlier_signature_in_the_version_read(bench: Tab) -> None:
    """A version that already holds a signature is no obstacle: number and seal come after the leader."""
    owner = holder("p256")
    version = prepared(item(owner, 1).original).replace(b"<000", b"<30c")
    file = prepared(version)
    entry = Item(document=1, to_be_signed=attributes(owner, digest(file)), prepared=file, original=version)
    (result,) = run(bench, owner, [entry])["results"]
    assert result["ok"], result


@dataclass(frozen=True, slots=True)
class Lie:
    """What the server does to an honest item, and the code that names it."""

    name: str
    code: str
    tell: Callable[[Holder, Item], Item]


def resigned(owner: Holder, entry: Item, file: bytes, **values: Any) -> Item:
    """The lie is consistent: the digest to be signed is the one of the changed file."""
    made = attributes(owner, digest(file))
    return entry.changed(prepared=file, to_be_signed=made, byte_range=byte_range(file), **values)


def with_range(file: bytes, numbers: list[int]) -> bytes:
    old = b"[0 %10d %10d %10d]" % tuple(byte_range(file)[1:])
    new = b"[%d %10d %10d %10d]" % tuple(numbers)
    return file.replace(old, new)


def swapped(owner: Holder, entry: Item) -> Item:
    other = item(owner, 999)
    return entry.changed(prepared=other.prepared, to_be_signed=other.to_be_signed, byte_range=other.byte_range)


def swapped_with_its_original(owner: Holder, entry: Item) -> Item:
    return swapped(owner, entry).changed(original=item(owner, 999).original)


def altered_in_the_middle(owner: Holder, entry: Item) -> Item:
    return resigned(owner, entry, entry.prepared.replace(b"/Count 0", b"/Count 9"))


def shortened_range(owner: Holder, entry: Item) -> Item:
    start, first, second, last = byte_range(entry.prepared)
    return resigned(owner, entry, with_range(entry.prepared, [start, first, second, last - 10]))


def range_not_from_zero(owner: Holder, entry: Item) -> Item:
    _, first, second, last = byte_range(entry.prepared)
    return resigned(owner, entry, with_range(entry.prepared, [9, first, second, last]))


def gap_wider_than_contents(owner: Holder, entry: Item) -> Item:
    start, first, second, last = byte_range(entry.prepared)
    return resigned(owner, entry, with_range(entry.prepared, [start, first - 9, second, last]))


def gap_with_something_in_it(owner: Holder, entry: Item) -> Item:
    return resigned(owner, entry, entry.prepared.replace(b"<" + b"0" * 100, b"<" + b"0" * 50 + b"1" + b"0" * 49))


def gap_of_another_key(owner: Holder, entry: Item) -> Item:
    return resigned(owner, entry, entry.prepared.replace(b"/Contents ", b"/Xontents "))


def gap_in_the_version_read(owner: Holder, entry: Item) -> Item:
    version = entry.prepared
    return entry.changed(original=version, prepared=version + b"/ByteRange [0 1 2 3]", sha256=None, byte_range=None)


def two_ranges(owner: Holder, entry: Item) -> Item:
    return resigned(owner, entry, entry.prepared.replace(b"3 0 obj\n<<", b"3 0 obj\n<</ByteRange [0 1 2 3]"))


def no_range(owner: Holder, entry: Item) -> Item:
    return entry.changed(prepared=entry.original + b"% nothing\n", byte_range=None)


def other_range_claimed(owner: Holder, entry: Item) -> Item:
    return entry.changed(byte_range=[0, 1, 2, 3])


def nothing_appended(owner: Holder, entry: Item) -> Item:
    return entry.changed(prepared=entry.original)


def appended_after(owner: Holder, entry: Item) -> Item:
    return entry.changed(prepared=entry.prepared + b"\n% more")


def wrong_digest(owner: Holder, entry: Item) -> Item:
    return entry.changed(to_be_signed=attributes(owner, hashlib.sha256(b"something else").digest()))


def short_digest(owner: Holder, entry: Item) -> Item:
    return entry.changed(to_be_signed=attributes(owner, digest(entry.prepared, "sha1")))


def extra(*more: cms.CMSAttribute) -> Callable[[Holder, Item], Item]:
    return lambda owner, entry: entry.changed(to_be_signed=attributes(owner, digest(entry.prepared), *more))


def doubled_digest(owner: Holder, entry: Item) -> Item:
    more = attribute("message_digest", hashlib.sha256(b"b").digest())
    return entry.changed(to_be_signed=attributes(owner, digest(entry.prepared), more))


def only(*kinds: str) -> Callable[[Holder, Item], Item]:
    def tell(owner: Holder, entry: Item) -> Item:
        known = {
            "type": attribute("content_type", "data"),
            "digest": attribute("message_digest", digest(entry.prepared)),
            "certificate": certificate_attribute(owner),
        }
        return entry.changed(to_be_signed=cms.CMSAttributes([known[kind] for kind in kinds]).dump())

    return tell


def other_content_type(owner: Holder, entry: Item) -> Item:
    honest = attributes(owner, digest(entry.prepared))
    data = bytes.fromhex("06092a864886f70d010701")
    return entry.changed(to_be_signed=honest.replace(data, data[:-1] + b"\x06"))


def other_certificate(owner: Holder, entry: Item) -> Item:
    return entry.changed(to_be_signed=attributes(holder("p256", 2), digest(entry.prepared)))


def other_serial(owner: Holder, entry: Item) -> Item:
    serial = core.Integer(owner.certificate.serial_number).dump()
    changed = serial[:-1] + bytes([serial[-1] ^ 1])
    return entry.changed(to_be_signed=entry.to_be_signed.replace(serial, changed))


def rewrapped(change: Callable[[bytes], bytes]) -> Callable[[Holder, Item], Item]:
    return lambda owner, entry: entry.changed(to_be_signed=change(entry.to_be_signed))


def body(data: bytes) -> bytes:
    return data[4:] if data[1] == 0x82 else data[3:]


def unsorted(data: bytes) -> bytes:
    parts = [part.dump() for part in cms.CMSAttributes.load(data)]
    return tlv(0x31, *reversed(parts))


SIGNING_TIME = "1.2.840.113549.1.9.5"
LIES = [
    Lie("prepared PDF swapped", "not_the_version_read", swapped),
    Lie("prepared PDF swapped together with the version", "not_the_version_read", swapped_with_its_original),
    Lie("version altered", "not_the_version_read", altered_in_the_middle),
    Lie("nothing appended", "not_the_version_read", nothing_appended),
    Lie("range shortened at the end", "byte_range", shortened_range),
    Lie("range not from zero", "byte_range", range_not_from_zero),
    Lie("gap wider than /Contents", "byte_range", gap_wider_than_contents),
    Lie("gap not empty", "byte_range", gap_with_something_in_it),
    Lie("gap under another key", "byte_range", gap_of_another_key),
    Lie("gap in what was read", "byte_range", gap_in_the_version_read),
    Lie("two ranges", "byte_range", two_ranges),
    Lie("no range", "byte_range", no_range),
    Lie("another range claimed", "byte_range", other_range_claimed),
    Lie("bytes after the range", "byte_range", appended_after),
    Lie("wrong digest", "digest_mismatch", wrong_digest),
    Lie("digest of another length", "digest_mismatch", short_digest),
    Lie(
        "signing time added",
        "extra_attribute",
        extra(attribute("signing_time", cms.Time({"utc_time": "261123000000Z"}))),
    ),
    Lie("unknown attribute added", "extra_attribute", extra(oid_attribute("1.2.3.4", b"x"))),
    Lie("second digest", "extra_attribute", doubled_digest),
    Lie("no certificate named", "missing_attribute", only("type", "digest")),
    Lie("no digest", "missing_attribute", only("type", "certificate")),
    Lie("no content type", "missing_attribute", only("digest", "certificate")),
    Lie("content type not data", "wrong_content_type", other_content_type),
    Lie("somebody else's certificate", "wrong_certificate", other_certificate),
    Lie("another serial number", "wrong_certificate", other_serial),
    Lie("bytes behind", "bad_attributes", rewrapped(lambda data: data + b"\0")),
    Lie("a SEQUENCE instead of a SET", "bad_attributes", rewrapped(lambda data: b"\x30" + data[1:])),
    Lie("indefinite length", "bad_attributes", rewrapped(lambda data: b"\x31\x80" + body(data) + b"\0\0")),
    Lie(
        "length not minimal",
        "bad_attributes",
        rewrapped(lambda data: b"\x31\x83\0" + len(body(data)).to_bytes(2, "big") + body(data)),
    ),
    Lie("attributes not in order", "bad_attributes", rewrapped(unsorted)),
    Lie("a challenge instead of attributes", "bad_attributes", rewrapped(lambda _: b"trinhky-enrol-v1\0...")),
    Lie("nothing", "bad_attributes", rewrapped(lambda _: b"")),
]


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.name)
def test_one_lie_among_many_and_nothing_is_signed(bench: Tab, lie: Lie) -> None:
    """The lie is named, the honest documents are told why they were not signed, no signature exists."""
    owner = holder("p256")
    items = [item(owner, number) for number in range(4)]
    items[2] = lie.tell(owner, items[2])
    done = run(bench, owner, items)
    results = done["results"]
    assert done["refusals"] == ["batch_refused"] * 3, "neither a code nor a signature can be had of it"
    assert [result["code"] for result in results] == ["batch_refused", "batch_refused", lie.code, "batch_refused"]
    assert all(set(result) == {"document", "ok", "code"} and not result["ok"] for result in results)


def test_wrong_digest_among_a_hundred_leaves_the_key_unused(fresh_bench: Tab) -> None:
    """With every use of the key counted: 100 for an honest batch, none when the last digest is wrong."""
    owner = holder("rsa2048")
    items = [item(owner, number) for number in range(100)]
    assert run(fresh_bench, owner, items, COUNT)["used"] == 100
    items[99] = wrong_digest(owner, items[99])
    done = run(fresh_bench, owner, items, COUNT)
    assert done["used"] == 0
    assert [result["code"] for result in done["results"]] == ["batch_refused"] * 99 + ["digest_mismatch"]


def test_same_document_twice(bench: Tab) -> None:
    """One document may not get two signatures in one act."""
    owner = holder("p256")
    results = run(bench, owner, [item(owner, 1), item(owner, 1)])["results"]
    assert [result["code"] for result in results] == ["batch_refused", "duplicate_document"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"origin": "https://elsewhere.example", "user": "lan", "nonce": "n"}, "wrong_origin"),
        ({"user": "", "nonce": "n"}, "bad_challenge"),
        ({"user": "lan\0n", "nonce": "n"}, "bad_challenge"),
        ({"user": "lan", "nonce": None}, "bad_challenge"),
        ({"user": "lan", "nonce": "n" * 513}, "bad_challenge"),
    ],
)
def test_challenge_values(bench: Tab, values: dict[str, Any], code: str) -> None:
    """A challenge for another site, or one whose parts could be read in two ways, is not signed."""
    file = base64.b64encode(by_cryptography(holder("p256"), PASSWORD)).decode()
    script = """
        const { openKey, signChallenge } = await m('signer.js');
        const file = new Blob([Uint8Array.from(atob(a.file), (c) => c.charCodeAt(0))]);
        const { handle } = await openKey(file, a.password);
        const values = { origin: location.origin, ...a.values };
        return signChallenge(handle, values).catch((error) => error.code);
    """
    assert bench.run(script, {"file": file, "password": PASSWORD, "values": values}) == code
