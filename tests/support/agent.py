"""A signing program on the signer's computer: a real WebSocket server on loopback that also misbehaves.

It speaks as `static/signer/agent/messages.js` expects: a document in, a document out. What it fetched it signs with
pyHanko; `behave` says how, one word a call, `well` when the words run out.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import socket
import struct
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from signing.testing import Identity
from tests.support import boxes, elsewhere
from tests.support.office import NOON

_MAGIC = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


@dataclass(slots=True)
class Agent:
    """`held`: the key on the token, `stranger` another one. `calls`: the paths and messages that came."""

    held: Identity
    stranger: Identity | None = None
    behave: list[str] = field(default_factory=list)
    calls: list[tuple[str, dict[str, object]]] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    """What the service answered to each file that was brought."""
    left: int = 3
    url: str = ""
    at: dt.datetime = NOON
    """What its clock shows."""
    earlier: bytes = b""
    """The last file it signed, to be sent for another one."""

    def serve(self, connection: socket.socket) -> None:
        """One call: handshake, message, answer."""
        with connection, suppress(OSError):
            path = _shake_hands(connection)
            text = _read_text(connection)
            self.calls.append((path, json.loads(text)))
            answer = self._answer(json.loads(text), connection)
            if answer is not None:
                _send_text(connection, answer)
                connection.recv(64)

    def _answer(self, asked: dict[str, object], connection: socket.socket) -> str | None:
        how = self.behave.pop(0) if self.behave else "well"
        if how == "wrong_pin":
            self.left -= 1
            code = "wrong_pin" if self.left else "pin_locked"
            return json.dumps({"Status": 5, "Code": code, "PinLeft": self.left, "Message": "Sai mã PIN"})
        if how == "cancelled":
            return json.dumps({"Status": 6, "Code": "cancelled", "Message": "Hủy"})
        if how == "silent":
            connection.settimeout(20)
            connection.recv(64)  # until the page gives up
            return None
        if how == "garbled":
            return "<html>không phải JSON</html>"
        _send_text(connection, json.dumps({"Event": "pin", "PinLeft": self.left}))
        if how != "no_upload":
            self._bring(asked, how)
        return json.dumps({"Status": 0, "Message": "", "FileName": "x.pdf", "FileServer": ""})

    def _bring(self, asked: dict[str, object], how: str) -> None:
        got, made = self.work(
            str(asked["FileName"]), how, field_name=_told_of(asked, "Field"),
            drawing=base64.b64decode(_told_of(asked, "Appearance")),
        )  # fmt: skip
        self.sent.append(put(str(asked["FileUploadHandler"]), made, form=how == "as_form"))
        if how == "twice":
            self.sent.append(put(str(asked["FileUploadHandler"]), made))
        self.earlier = made if got else self.earlier

    def work(self, address: str, how: str, *, field_name: str, drawing: bytes = b"") -> tuple[bytes, bytes]:
        """(what was fetched, what is brought). `drawing`: what the box has to show, where that was told."""
        got = fetch(address)
        if drawing:
            return got, boxes.sign_box(got, self.held, field_name, drawing, at=self.at)
        match how:
            case "other_file":
                return got, self.earlier
            case "swapped":
                return got, elsewhere.sign_elsewhere(elsewhere.with_words(got), self.held, field_name, at=self.at)
            case "second_signature":
                once = elsewhere.sign_elsewhere(got, self.held, field_name, at=self.at)
                return got, elsewhere.sign_elsewhere(once, self.held, "seal", at=self.at)
            case "foreign":
                assert self.stranger is not None
                return got, elsewhere.sign_elsewhere(got, self.stranger, field_name, at=self.at)
        return got, elsewhere.sign_elsewhere(got, self.held, field_name, at=self.at)


def _told_of(asked: dict[str, object], key: str) -> str:
    meta = asked["MetaData"]
    assert isinstance(meta, list)
    return next((str(one["Value"]) for one in meta if one["Key"] == key), "")


def fetch(address: str) -> bytes:
    """As a program without cookies."""
    with urllib.request.urlopen(address, timeout=20) as answer:
        return bytes(answer.read())


def put(address: str, data: bytes, *, form: bool = False) -> int:
    """The status of the answer; as the body, or as the one file of a form as the older programs do."""
    kind = "application/pdf"
    if form:
        edge = "x" * 30
        head = f'--{edge}\r\nContent-Disposition: form-data; name="uploadfile"; filename="a.pdf"\r\n\r\n'
        data, kind = head.encode() + data + f"\r\n--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
    asked = urllib.request.Request(
        address, data=data, method="POST" if form else "PUT", headers={"Content-Type": kind}
    )
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return int(refused.code)


@contextmanager
def running(held: Identity, *, stranger: Identity | None = None) -> Iterator[Agent]:
    """Listens on a free port of this computer for as long as the block lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        agent = Agent(held, stranger, url=f"ws://127.0.0.1:{listening.getsockname()[1]}")
        listening.settimeout(0.2)
        ended = threading.Event()
        worker = threading.Thread(target=_accept, args=(agent, listening, ended))
        worker.start()
        try:
            yield agent
        finally:
            ended.set()
            worker.join(30)


def _accept(agent: Agent, listening: socket.socket, ended: threading.Event) -> None:
    while not ended.is_set():
        try:
            connection, _address = listening.accept()
        except TimeoutError:
            continue
        connection.settimeout(20)
        agent.serve(connection)


def _shake_hands(connection: socket.socket) -> str:
    """RFC 6455, 4.2.2. The path that was asked for."""
    head = b""
    while b"\r\n\r\n" not in head:
        head += connection.recv(4096)
    lines = head.decode().split("\r\n")
    key = next(line.split(": ", 1)[1] for line in lines if line.lower().startswith("sec-websocket-key"))
    accepted = base64.b64encode(hashlib.sha1((key + _MAGIC).encode()).digest()).decode()
    connection.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + accepted.encode() + b"\r\n\r\n"
    )
    return lines[0].split(" ")[1]


def _read_text(connection: socket.socket) -> str:
    """One masked text frame (5.2)."""
    first = _exactly(connection, 2)
    size = first[1] & 0x7F
    if size == 126:
        [size] = struct.unpack(">H", _exactly(connection, 2))
    elif size == 127:
        [size] = struct.unpack(">Q", _exactly(connection, 8))
    mask = _exactly(connection, 4)
    return bytes(one ^ mask[place % 4] for place, one in enumerate(_exactly(connection, size))).decode()


def _send_text(connection: socket.socket, text: str) -> None:
    data = text.encode()
    size = bytes([len(data)]) if len(data) < 126 else b"\x7e" + struct.pack(">H", len(data))
    connection.sendall(b"\x81" + size + data)


def _exactly(connection: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = connection.recv(count - len(found))
        if not more:
            raise ConnectionError
        found += more
    return found
