"""The server's half of the two flows, as small as it can be: prepare, finish, enrolment."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from tests.signer.key_files import Holder
from tests.signer.local_server import MODULES, Answer, Office, Request, as_json
from tests.signer.prepared_files import Item, item
from workflow.domain.signing_acts import Line, Manifest, manifest

MESSAGES = {
    "wrong_password": "Sai mật khẩu.",
    "done": "Đã ký {done}/{total} văn bản.",
    "kept_signatures": "Chữ ký đã tạo được giữ lại.",
    "kept_input": "Những gì đã nhập vẫn còn.",
    "insecure_context": "Trang này phải mở qua HTTPS.",
}

PARTS = """
  <div data-errors role="alert" tabindex="-1" hidden></div>
  <label for="file">Tệp khóa</label> <input id="file" type="file" data-key-file>
  <label for="password">Mật khẩu</label> <input id="password" type="password" autocomplete="off" data-key-password>
  <button type="button" data-show-password aria-pressed="false">Hiện mật khẩu</button>
  <p data-telex-warning hidden>Bộ gõ tiếng Việt đang bật?</p>
  <p data-caps-warning hidden>Caps Lock đang bật?</p>
  <dl data-certificate hidden><dd data-cert="cn"></dd><dd data-cert="title"></dd><dd data-cert="notAfter"></dd></dl>
  <button type="submit" disabled>Ký số</button> <button type="button" data-retry hidden>Thử lại</button>
  <progress data-progress hidden></progress><p data-progress-text></p>
  <div data-results role="status"></div>
"""


def form(kind: str, **data: Any) -> str:
    """A form with data attributes and the script that drives it."""
    values = {"messages": json.dumps(MESSAGES, ensure_ascii=False), **data}
    attributes = "".join(f' data-{name.replace("_", "-")}="{escape(str(value))}"' for name, value in values.items())
    fields = '<input type="hidden" name="csrf_token" value="x"><input type="hidden" name="capacity" value="KT">'
    script = f'<script type="module" src="{MODULES}{kind}-page.js"></script>'
    return f"<body><form data-{kind}{attributes}>{fields}{PARTS}</form>{script}</body>"


@dataclass
class SigningOffice:
    """Serves `/sign` for three documents. `bend` may change what the prepare step answers for each."""

    office: Office
    owner: Holder
    numbers: tuple[int, ...] = (1, 2, 3)
    bend: Callable[[Item], Item] = lambda entry: entry
    refused: dict[int, str] = field(default_factory=dict)
    received: dict[str, str] = field(default_factory=dict)
    finish_answers: list[Answer] = field(default_factory=list)
    prepare_answers: list[Answer] = field(default_factory=list)
    fix_answers: list[Answer] = field(default_factory=list)

    def open(self, **data: str) -> None:
        documents = [
            {"id": number, "version": 3, "sha256": self.items[number].sha256, "title": f"Văn bản {number}"}
            for number in self.numbers
        ]
        page = form(
            "sign", purpose="leader", prepare_url="/prepare", fix_url="/fix", finish_url="/finish",
            documents=json.dumps(documents), **data,
        )  # fmt: skip
        self.office.page("/sign", page)
        self.office.routes["/prepare"] = self.prepare
        self.office.routes["/fix"] = self.fix
        self.office.routes["/finish"] = self.finish
        for number, entry in self.items.items():
            sent = self.bend(entry)
            self.office.routes[f"/prepared/{number}"] = lambda _, body=sent.prepared: pdf(body)
            self.office.routes[f"/original/{number}"] = lambda _, body=sent.original: pdf(body)

    def __post_init__(self) -> None:
        self.items = {number: item(self.owner, number) for number in self.numbers}

    def prepare(self, request: Request) -> Answer:
        if self.prepare_answers:
            return self.prepare_answers.pop(0)
        wanted = [entry["id"] for entry in request.json["documents"]]
        return as_json({"session": "s-1", "items": [self._prepared(number) for number in wanted]})

    def _prepared(self, number: int) -> dict[str, Any]:
        if number in self.refused:
            return {"document": number, "code": self.refused[number], "message": "Văn bản đã thay đổi."}
        entry = self.bend(self.items[number])
        return {
            "document": number,
            "toBeSigned": base64.b64encode(entry.to_be_signed).decode(),
            "byteRange": entry.byte_range,
            "preparedUrl": f"/prepared/{number}",
            "originalUrl": f"/original/{number}",
        }

    def fix(self, request: Request) -> Answer:
        """Of what it prepared, in the order asked for, the code as the server's own rules make it."""
        if self.fix_answers:
            return self.fix_answers.pop(0)
        made = self.manifest([int(number) for number in request.json["order"]], request.json["nonce"])
        return as_json({"code": made.code})

    def manifest(self, order: Sequence[int], nonce: str) -> Manifest:
        """Of what it prepared, as the server's own rules make it."""
        sent = [self.bend(self.items[number]) for number in order]
        lines = [Line(str(one.document), 3, sha256(one.prepared), sha256(one.to_be_signed)) for one in sent]
        return manifest(purpose="leader", certificate=sha256(self.owner.der), nonce=nonce, lines=lines)

    def gone_on(self, *, left: list[int], lie: str = "") -> dict[str, Any]:
        """What is left of an act over all its documents; `lie`: in what the manifest is not that of the act."""
        made = self.manifest(self.numbers, "nonce-of-the-first-page")
        lines = [[one.document, one.version, one.prepared, one.to_be_signed] for one in made.lines]
        code = made.code
        if lie == "another version":
            lines[-1][1] = 4
        elif lie == "a line left out":
            lines.pop()
        elif lie:
            code = "AAAAAAAAAA"
        items = [{key: value for key, value in self._prepared(one).items() if key != "byteRange"} for one in left]
        return {"session": "s-2", "nonce": made.nonce, "code": code, "lines": lines, "items": items}

    def finish(self, request: Request) -> Answer:
        for entry in request.json["items"]:
            self.received[str(entry["document"])] = entry["signature"]
        if self.finish_answers:
            return self.finish_answers.pop(0)
        done = [{"document": entry["document"], "ok": True, "url": "/d"} for entry in request.json["items"]]
        return as_json({"items": done})


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def pdf(body: bytes) -> Answer:
    return Answer(body, kind="application/pdf")
