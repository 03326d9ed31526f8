"""A small IMAP4rev1 server over TLS on loopback: the part of RFC 3501 that empties a mailbox, told strictly.

`EXAMINE` allows no change, `BODY.PEEK` sets no flag, `n:*` always names the last message, as the standard says.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import re
import socketserver
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

USER, PASSWORD = "vanthu@dongtam.example", 'mật "khẩu"'


def contexts() -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Of a server on 127.0.0.1, and of a client that trusts it."""
    return _made()[:2]


def authority(folder: Path) -> Path:
    """A file with the certificate, for `SSL_CERT_FILE`."""
    path = folder / "authority.pem"
    path.write_text(_made()[2])
    return path


@lru_cache(maxsize=1)
def _made() -> tuple[ssl.SSLContext, ssl.SSLContext, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "imap")])
    now, day = dt.datetime.now(dt.UTC), dt.timedelta(days=1)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - day).not_valid_after(now + day)
    made = made.add_extension(here, critical=False)
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    certificate = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "both.pem"
        path.write_bytes(secret + certificate)
        server.load_cert_chain(path)
    return server, ssl.create_default_context(cadata=certificate.decode()), certificate.decode()


@dataclass(slots=True)
class Kept:
    """A message on the server."""

    data: bytes
    day: dt.date
    flags: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Box:
    """The one folder of the server; tests put messages in, take them out, and break it."""

    validity: int = 7
    folder: str = "INBOX"
    messages: dict[int, Kept] = field(default_factory=dict)
    next_uid: int = 1
    commands: list[str] = field(default_factory=list)
    breaks_at: str = ""
    """Hang up when a command with these words comes."""
    claims: int = 0
    """Announce this many bytes instead of what there are."""

    def put(self, data: bytes, *, day: dt.date = dt.date(2026, 11, 23), seen: bool = False) -> int:
        """A message arrives."""
        uid = self.next_uid
        self.next_uid += 1
        self.messages[uid] = Kept(data, day, {"\\Seen"} if seen else set())
        return uid

    def unread(self) -> list[int]:
        """UIDs without \\Seen."""
        return [uid for uid, kept in sorted(self.messages.items()) if "\\Seen" not in kept.flags]

    def renumber(self) -> None:
        """The server was rebuilt: the same messages under other numbers."""
        kept = [self.messages[uid] for uid in sorted(self.messages)]
        self.validity += 1
        self.messages = {100 + place: one for place, one in enumerate(kept)}
        self.next_uid = 100 + len(kept)


class _Conversation(socketserver.StreamRequestHandler):
    server: Any
    disable_nagle_algorithm = True

    def setup(self) -> None:
        self.request = contexts()[0].wrap_socket(self.request, server_side=True)
        super().setup()

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def handle(self) -> None:
        self.box: Box = self.server.box
        self.known = self.readonly = False
        self._line("* OK ready")
        while raw := self.rfile.readline():
            tag, _, words = raw.decode().strip().partition(" ")
            self.box.commands.append(words.partition(" ")[0] if words.startswith("LOGIN") else words)
            if self.box.breaks_at and self.box.breaks_at in words:
                return
            if words == "LOGOUT":
                self._line("* BYE", f"{tag} OK bye")
                return
            self._line(f"{tag} {self._do(words)}")

    def _do(self, words: str) -> str:
        command = words.split(" ")[0].upper()
        if command == "CAPABILITY":
            self._line("* CAPABILITY IMAP4rev1 AUTH=PLAIN")
            return "OK done"
        if command in {"LOGIN", "AUTHENTICATE"}:
            self.known = self._login(words)
            return "OK in" if self.known else "NO [AUTHENTICATIONFAILED] wrong"
        if not self.known:
            return "BAD log in first"
        if command in {"SELECT", "EXAMINE"}:
            return self._select(words, readonly=command == "EXAMINE")
        if words.startswith("UID "):
            return self._uid(*words.split(" ", 2)[1:])
        return "BAD unknown"

    def _login(self, words: str) -> bool:
        if words.startswith("LOGIN"):
            return re.sub(r"\\(.)", r"\1", words).replace('"', "") == f"LOGIN {USER} {PASSWORD}".replace('"', "")
        self._line("+ ")
        given = base64.b64decode(self.rfile.readline()).decode()
        return given == f"\0{USER}\0{PASSWORD}"

    def _select(self, words: str, *, readonly: bool) -> str:
        if words.split(" ", 1)[1].strip('"') != self.box.folder:
            return "NO [NONEXISTENT] no such folder"
        self.readonly = readonly
        self._line(f"* {len(self.box.messages)} EXISTS", f"* OK [UIDVALIDITY {self.box.validity}] valid")
        return f"OK [{'READ-ONLY' if readonly else 'READ-WRITE'}] open"

    def _uid(self, command: str, rest: str) -> str:
        if command == "SEARCH":
            self._line(" ".join(["* SEARCH", *(str(uid) for uid in sorted(self._found(rest)))]))
            return "OK found"
        chosen, _, what = rest.partition(" ")
        uids = [uid for uid in self._set(chosen) if uid in self.box.messages]
        if command == "FETCH":
            for uid in uids:
                self._fetch(uid, what)
            return "OK fetched"
        if command == "STORE" and not self.readonly and what == "+FLAGS.SILENT (\\Seen)":
            for uid in uids:
                self.box.messages[uid].flags.add("\\Seen")
            return "OK stored"
        return "NO not here"

    def _found(self, words: str) -> set[int]:
        every = set(self.box.messages)
        if words == "ALL":
            return every
        if words == "UNSEEN":
            return set(self.box.unread())
        if words.startswith("SINCE "):
            since = dt.datetime.strptime(words[6:], "%d-%b-%Y").replace(tzinfo=dt.UTC).date()
            return {uid for uid, kept in self.box.messages.items() if kept.day >= since}
        return every & set(self._set(words.removeprefix("UID ")))

    def _set(self, written: str) -> list[int]:
        last = max(self.box.messages, default=0)
        found: list[int] = []
        for piece in written.split(","):
            ends = [last if end == "*" else int(end) for end in piece.split(":")]
            found += range(min(ends), max(ends) + 1)
        return found

    def _fetch(self, uid: int, what: str) -> None:
        kept = self.box.messages[uid]
        number = sorted(self.box.messages).index(uid) + 1
        if "RFC822.SIZE" in what:
            self._line(f"* {number} FETCH (UID {uid} RFC822.SIZE {max(self.box.claims, len(kept.data))})")
        elif "INTERNALDATE" in what:
            self._line(f'* {number} FETCH (UID {uid} INTERNALDATE "{kept.day:%d-%b-%Y} 08:00:00 +0700")')
        else:
            section = re.fullmatch(r"\((BODY)\.PEEK(\[(?:HEADER)?\])(?:<0\.(\d+)>)?\)", what)
            assert section is not None, what
            data = kept.data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in section[2] else kept.data
            data = data[: int(section[3])] if section[3] else data
            origin = "<0>" if section[3] else ""
            self.wfile.write(f"* {number} FETCH (UID {uid} BODY{section[2]}{origin} {{{len(data)}}}\r\n".encode())
            self.wfile.write(data + b")\r\n")

    def _line(self, *lines: str) -> None:
        self.wfile.write("".join(f"{line}\r\n" for line in lines).encode())


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    box: Box

    def handle_error(self, _request: object, _address: object) -> None:
        """The other side went away or trusts nobody, as some tests want."""


@contextmanager
def running(box: Box) -> Iterator[int]:
    """Serve a box; the port."""
    server = _Server(("127.0.0.1", 0), _Conversation)
    server.box = box
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
