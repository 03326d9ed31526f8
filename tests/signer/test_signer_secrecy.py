"""Nobody gets at the key: not the page, not another script, not the memory that the reader leaves behind."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from tests.signer.conftest import Tab
from tests.signer.key_files import by_openssl, holder, in_deep_ber

pytestmark = [pytest.mark.browser, pytest.mark.tools("openssl")]

PASSWORD = "mở khóa"

# Runs the reader on the page, watching every buffer that ever held private numbers.
WATCH = """
    const subtle = crypto.subtle;
    const imports = [];
    const plains = [];
    const importKey = subtle.importKey.bind(subtle);
    const decrypt = subtle.decrypt.bind(subtle);
    subtle.importKey = async (format, data, algorithm, extractable, usages) => {
      if (format === 'pkcs8') imports.push({ data, first: data[0], extractable, usages });
      return importKey(format, data, algorithm, extractable, usages);
    };
    subtle.decrypt = async (...parameters) => {
      const plain = await decrypt(...parameters);
      plains.push({ bytes: new Uint8Array(plain), first: new Uint8Array(plain)[0] });
      return plain;
    };
    const { openKeyFile } = await m('key-file.js');
    const file = Uint8Array.from(atob(a.file), (c) => c.charCodeAt(0));
    let outcome;
    try { outcome = await openKeyFile(file, a.password); } catch (error) { return { code: error.code }; }
    const { key } = outcome;
    const exports = [];
    for (const format of ['pkcs8', 'jwk', 'raw', 'spki']) {
      try { await subtle.exportKey(format, key); exports.push(format); } catch { /* as it must be */ }
    }
    const zero = (bytes) => bytes.every((byte) => byte === 0);
    return {
      type: key.type, extractable: key.extractable, usages: key.usages, exports,
      imports: imports.map(({ data, ...rest }) => ({ ...rest, zero: zero(data) })),
      plains: plains.map(({ bytes, first }) => ({ first, zero: zero(bytes) })),
      file: zero(file), names: Object.keys(outcome).sort(),
    };
"""


def watch(bench: Tab, file: bytes) -> Any:
    return bench.run(WATCH, {"file": base64.b64encode(file).decode(), "password": PASSWORD})


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p384"])
@pytest.mark.parametrize(
    "options", [(), ("-legacy",), ("-keypbe", "NONE", "-certpbe", "NONE")], ids=["AES", "legacy", "plain"]
)
def test_key_cannot_be_exported_and_memory_is_zeroed(bench: Tab, kind: str, options: tuple[str, ...]) -> None:
    """The only import is not extractable and for signing; afterwards its bytes and the file are zeros."""
    seen = watch(bench, by_openssl(holder(kind), PASSWORD, *options))
    assert (seen["type"], seen["extractable"], seen["usages"], seen["exports"]) == ("private", False, ["sign"], [])
    assert seen["imports"] == [{"first": 0x30, "extractable": False, "usages": ["sign"], "zero": True}]
    assert seen["file"] is True
    assert all(plain == {"first": 0x30, "zero": True} for plain in seen["plains"])
    assert len(seen["plains"]) == (2 if options == () else 0)
    assert seen["names"] == ["certificates", "key", "keyType", "leaf"]


def test_segmented_file_is_zeroed_as_well(bench: Tab) -> None:
    """Octet strings joined from BER segments are copies, and zeroed too."""
    seen = watch(bench, in_deep_ber(by_openssl(holder("p256"), PASSWORD, "-nomac", "-certpbe", "AES-256-CBC")))
    assert [entry["zero"] for entry in seen["imports"]] == [True]
    assert [plain["zero"] for plain in seen["plains"]] == [True, True]


def test_page_gets_no_key_object(bench: Tab) -> None:
    """What crosses from the worker to the page is text and certificates; a handle is useless after closing."""
    file = base64.b64encode(by_openssl(holder("p256"), PASSWORD)).decode()
    script = """
        const { openKey, signChallenge, close, stop } = await m('signer.js');
        const file = new Blob([Uint8Array.from(atob(a.file), (c) => c.charCodeAt(0))]);
        const opened = await openKey(file, a.password);
        const kinds = (value) => (value !== null && typeof value === 'object' && !Array.isArray(value)
          && Object.getPrototypeOf(value) === Object.prototype
          ? Object.values(value).flatMap(kinds) : Array.isArray(value) ? value.flatMap(kinds)
          : [Object.prototype.toString.call(value)]);
        const values = { origin: location.origin, user: 'u', nonce: 'n' };
        const codes = [];
        const attempt = () => signChallenge(opened.handle, values).catch((error) => codes.push(error.code));
        await close(opened.handle);
        await attempt();
        stop();
        await attempt();
        return { kinds: [...new Set(kinds(opened))].sort(), codes };
    """
    seen = bench.run(script, {"file": file, "password": PASSWORD})
    assert seen["kinds"] == ["[object ArrayBuffer]", "[object Number]", "[object String]"]
    assert seen["codes"] == ["closed", "closed"]


def test_worker_may_not_use_the_network(bench: Tab) -> None:
    """The policy that the worker's script carries forbids every connection, so a key could not leave it."""
    script = """
        const policy = (await fetch(a.worker)).headers.get('Content-Security-Policy');
        const { openKey } = await m('signer.js');
        const code = await openKey(new Blob(['x']), '').catch((error) => error.code);
        return { policy, code };
    """
    seen = bench.run(script, {"worker": "/static/test/signer/worker.js"})
    assert "connect-src 'none'" in seen["policy"]
    assert seen["code"] == "not_pkcs12"


def test_policy_starts_no_other_script(bench: Tab) -> None:
    """The page's Trusted Types policy exists once and cannot be made a second time by anybody."""
    script = """
        await m('signer.js');
        try { trustedTypes.createPolicy('signer', { createScriptURL: (address) => address }); return 'made'; }
        catch (error) { return error.name; }
    """
    assert bench.run(script) == "TypeError"
    assert [text for text in bench.complaints if "TrustedTypePolicy" not in text] == []
    assert bench.complaints, "the browser reports the refused policy"
    bench.complaints.clear()
