"""Nobody gets at the key: not the page, not another script, not the memory that the reader leaves behind."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.signer import local_server
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


def watch(fresh_bench: Tab, file: bytes) -> Any:
    return fresh_bench.run(WATCH, {"file": base64.b64encode(file).decode(), "password": PASSWORD})


@pytest.mark.parametrize("kind", ["rsa2048", "p256", "p384"])
@pytest.mark.parametrize(
    "options", [(), ("-legacy",), ("-keypbe", "NONE", "-certpbe", "NONE")], ids=["AES", "legacy", "plain"]
)
def test_key_cannot_be_exported_and_memory_is_zeroed(fresh_bench: Tab, kind: str, options: tuple[str, ...]) -> None:
    """The only import is not extractable and for signing; afterwards its bytes and the file are zeros."""
    seen = watch(fresh_bench, by_openssl(holder(kind), PASSWORD, *options))
    assert (seen["type"], seen["extractable"], seen["usages"], seen["exports"]) == ("private", False, ["sign"], [])
    assert seen["imports"] == [{"first": 0x30, "extractable": False, "usages": ["sign"], "zero": True}]
    assert seen["file"] is True
    assert all(plain == {"first": 0x30, "zero": True} for plain in seen["plains"])
    assert len(seen["plains"]) == (2 if options == () else 0)
    assert seen["names"] == ["certificates", "key", "keyType", "leaf"]


def test_segmented_file_is_zeroed_as_well(fresh_bench: Tab) -> None:
    """Octet strings joined from BER segments are copies, and zeroed too."""
    seen = watch(
        fresh_bench, in_deep_ber(by_openssl(holder("p256"), PASSWORD, "-nomac", "-certpbe", "AES-256-CBC"))
    )
    assert [entry["zero"] for entry in seen["imports"]] == [True]
    assert [plain["zero"] for plain in seen["plains"]] == [True, True]


def test_page_gets_no_key_object(fresh_bench: Tab) -> None:
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
    seen = fresh_bench.run(script, {"file": file, "password": PASSWORD})
    assert seen["kinds"] == ["[object ArrayBuffer]", "[object Number]", "[object String]"]
    assert seen["codes"] == ["closed", "closed"]


def test_worker_may_not_use_the_network(fresh_bench: Tab) -> None:
    """The policy that the worker's script carries forbids every connection: nothing can leave it but messages."""
    script = """
        const { openKey } = await m('signer.js');
        return openKey(new Blob(['x']), '').catch((error) => error.code);
    """
    assert fresh_bench.run(script) == "not_pkcs12"
    (worker,) = fresh_bench.page.workers
    assert worker.evaluate("fetch('/empty?key=1').then(() => 'went out', () => 'held back')") == "held back"
    assert all("key=1" not in request.path for request in fresh_bench.office.requests)
    assert all("connect-src 'none'" in text for text in fresh_bench.complaints), fresh_bench.complaints
    fresh_bench.complaints.clear()


def test_missing_worker_is_a_named_error(tab: Tab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A script that cannot be loaded, as after an upgrade, is told to the page."""
    for name in ("signer.js", "errors.js"):
        shutil.copy(local_server.SIGNER / name, tmp_path / name)
    monkeypatch.setattr(local_server, "SIGNER", tmp_path)
    tab.office.page("/empty", "<body></body>")
    tab.open("/empty")
    script = "return (await m('signer.js')).openKey(new Blob(['x']), '').catch((error) => error.code);"
    assert tab.run(script) == "worker_failed"
    tab.complaints[:] = [text for text in tab.complaints if "404" not in text]


def test_policy_starts_no_other_script(fresh_bench: Tab) -> None:
    """The page's Trusted Types policy exists once and cannot be made a second time by anybody."""
    script = """
        await m('signer.js');
        try { trustedTypes.createPolicy('signer', { createScriptURL: (address) => address }); return 'made'; }
        catch (error) { return error.name; }
    """
    assert fresh_bench.run(script) == "TypeError"
    assert [text for text in fresh_bench.complaints if "TrustedTypePolicy" not in text] == []
    assert fresh_bench.complaints, "the browser reports the refused policy"
    fresh_bench.complaints.clear()
