"""The seal process: a door of its own, with the keys, apart from the web (and best under its own OS user).

`trinhky sealer` reads keys named in a file of mode 0600 and listens on a UNIX socket that only its group may use.
Each line in is one order (`workflow.services.sealing.Order`); each line out says what came of it.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import stat
import threading
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from signing.errors import SigningError
from signing.holders import KeyHolder, Pkcs11Key, Pkcs12Key, TokenAddress
from workflow.adapters.blobs import Blobs
from workflow.domain.errors import WorkflowError
from workflow.services import sealing
from workflow.store.session import Engine, unit_of_work

MAX_ORDER = 4096


@dataclass(frozen=True, slots=True)
class Sealer:
    """Keys by agency id, and where documents are.

    `turns`: each key does one order after the other, so that the daily cap counts every one before.
    """

    engine: Engine
    blobs: Blobs
    keys: Mapping[int, KeyHolder]
    clock: Callable[[], dt.datetime]
    cap: int = sealing.DAILY_CAP
    turns: defaultdict[int, threading.Lock] = field(default_factory=lambda: defaultdict(threading.Lock))

    def fill(self, order: sealing.Order) -> dict[str, object]:
        """Do one order, when it is its key's turn."""
        with unit_of_work(self.engine) as uow:
            actor, _scope = sealing.check_order(uow, order, cap=self.cap, now=self.clock())
        agency = actor.agency_id or 0
        key = self.keys.get(agency)
        if key is None:
            return {"ok": False, "code": "server_seal_without_key"}
        with self.turns[agency]:
            return self._use(key, order)

    def _use(self, key: KeyHolder, order: sealing.Order) -> dict[str, object]:
        """One file after the other, the document's own last, and only where everything before it passed."""
        with unit_of_work(self.engine) as uow:
            files = sealing.files_of_order(uow, order, cap=self.cap, now=self.clock())
        answer: dict[str, object] = {}
        for attachment_id in files:
            answer = self._sign(key, order, attachment_id)
            if answer["conclusion"] != "passed":
                break
        return answer

    def _sign(self, key: KeyHolder, order: sealing.Order, attachment_id: int | None) -> dict[str, object]:
        """Three acts, each its own unit of work, the key used in between."""
        with unit_of_work(self.engine) as uow:
            session = sealing.begin_order(uow, order, key, cap=self.cap, now=self.clock())
            uow.commit()
        with unit_of_work(self.engine) as uow:
            to_be_signed = sealing.prepare_order(
                uow, order, session=session, blobs=self.blobs, cap=self.cap, now=self.clock(),
                attachment_id=attachment_id,
            )  # fmt: skip
            uow.commit()
        signature = key.sign(to_be_signed)
        with unit_of_work(self.engine) as uow:
            outcome = sealing.finish_order(
                uow, order, session=session, signature=signature, blobs=self.blobs, cap=self.cap, now=self.clock(),
                attachment_id=attachment_id,
            )  # fmt: skip
            uow.commit()
        return {"ok": True, "conclusion": outcome.conclusion, "reason": outcome.reason}

    def answer(self, line: bytes) -> dict[str, object]:
        """One order as JSON in, the answer out; whatever is wrong has a code."""
        try:
            order = sealing.Order(**json.loads(line))
            order.demand_shape()
        except (ValueError, TypeError, RecursionError):
            return {"ok": False, "code": "order_malformed"}
        try:
            return self.fill(order)
        except (WorkflowError, SigningError) as error:
            return {"ok": False, "code": error.code, "details": {k: str(v) for k, v in error.details.items()}}


def load_keys(path: Path) -> dict[int, KeyHolder]:
    """Keys from a JSON file of mode 0600: `{"<agency id>": {"file": …, "password": …}}` or
    `{"module": …, "token": …, "key": …, "pin": …}`."""
    if os.stat(path).st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PermissionError(f"{path} can be read by others; make it 0600")
    found: dict[int, KeyHolder] = {}
    for agency, entry in json.loads(path.read_text(encoding="utf-8")).items():
        if "file" in entry:
            found[int(agency)] = Pkcs12Key(path.parent / entry["file"], entry["password"])
        else:
            address = TokenAddress(module=entry["module"], token=entry["token"], key=entry["key"])
            found[int(agency)] = Pkcs11Key(address, entry["pin"])
    return found


def listen(sealer: Sealer, path: str, stop: threading.Event) -> None:
    """Serve orders until told to stop; the socket is for the owner and the group only."""
    early = f"{path}.new"
    Path(early).unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as door:
        door.bind(early)
        os.chmod(early, 0o660)
        door.listen(16)
        os.replace(early, path)  # whoever finds the path finds somebody listening
        door.settimeout(0.5)
        while not stop.is_set():
            try:
                wire, _peer = door.accept()
            except TimeoutError:
                continue
            threading.Thread(target=_serve, args=(sealer, wire), daemon=True).start()


def _serve(sealer: Sealer, wire: socket.socket) -> None:
    with wire:
        wire.settimeout(10)
        line = b""
        try:
            while not line.endswith(b"\n") and len(line) <= MAX_ORDER:
                part = wire.recv(MAX_ORDER)
                if not part:
                    return
                line += part
            wire.sendall(json.dumps(sealer.answer(line)).encode() + b"\n")
        except OSError:
            return  # the asker went away; what was done stands in the database
