"""Taking mail from an agency's mailbox: IMAP4rev1 (RFC 3501) over TLS, each message once.

A `Mark` remembers what was taken, by UIDVALIDITY and UID (RFC 3501, 2.3.1.1), so that it does not matter whether
somebody else reads the same mailbox. Nothing on the server changes (EXAMINE, BODY.PEEK) until `confirm`, which
marks what was taken as read. Messages are taken apart in the jail.
"""

from __future__ import annotations

import binascii
import datetime as dt
import imaplib
import re
import ssl
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from signing.jail import run
from workflow.adapters import mime
from workflow.domain.errors import BadInput, WorkflowError

TIMEOUT: Final = 20.0
"""Seconds one answer of the server may take."""
MAX_MESSAGE: Final = 60 * 1024 * 1024
"""A larger one is left unread in the mailbox, and named."""
MAX_TRIES: Final = 10
"""Rounds in which a message may fail before it is left for people."""
_ROOM: Final = 1024 * 1024
_SET: Final = 500
"""UIDs in one command."""


class MailboxError(WorkflowError):
    """The mailbox cannot be used now: `mailbox_unreachable`, `mailbox_login_refused`, `mailbox_tls_failed`,
    `mailbox_folder_missing`, `mailbox_refused`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Whose mailbox where. Its words (`str`) hold no password."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"

    def __str__(self) -> str:
        return f"{self.user}@{self.host}:{self.port}/{self.folder}"

    @classmethod
    def from_url(cls, url: str) -> MailServer:
        """`imaps://user:password@host[:993][/Folder]`, with %XX where a letter would mislead; else `BadInput`,
        which does not repeat it. There is no way without TLS."""
        parts = urlsplit(url)
        try:
            port = parts.port or 993
        except ValueError:
            raise BadInput("mailbox_url_unreadable") from None
        if parts.scheme != "imaps" or not parts.hostname or not parts.username or not parts.password:
            raise BadInput("mailbox_url_unreadable")
        user, password = unquote(parts.username), unquote(parts.password)
        folder = unquote(parts.path.strip("/")) or "INBOX"
        if any(ord(letter) < 32 for letter in user + password + folder):
            raise BadInput("mailbox_url_unreadable")
        return cls(host=parts.hostname, port=port, user=user, password=password, folder=folder)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a mailbox was taken: everything up to `last` except `waiting`. `tries` counts rounds that failed.

    `began`: the day of the oldest message that was not read when we first looked. When the server numbers anew
    (another UIDVALIDITY) everything since then is taken again: the store knows files by their hash.
    """

    validity: int
    last: int = 0
    waiting: tuple[int, ...] = ()
    tries: Mapping[int, int] = field(default_factory=dict)
    began: dt.date

    def without(self, uid: int) -> Mark:
        """A message is settled."""
        tries = {key: count for key, count in self.tries.items() if key != uid}
        return replace(self, waiting=tuple(one for one in self.waiting if one != uid), tries=tries)

    def failed(self, uid: int) -> Mark:
        """A message is to be tried again."""
        return replace(self, tries={**self.tries, uid: self.tries.get(uid, 0) + 1})

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "validity": self.validity, "last": self.last, "waiting": list(self.waiting),
            "tries": {str(uid): count for uid, count in self.tries.items()}, "began": self.began.isoformat(),
        }  # fmt: skip

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Mark:
        """The reverse of `to_json`."""
        return cls(
            validity=int(kept["validity"]), last=int(kept["last"]), waiting=tuple(map(int, kept["waiting"])),
            tries={int(uid): int(count) for uid, count in kept["tries"].items()},
            began=dt.date.fromisoformat(kept["began"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file of a message, as it came."""

    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One message. `left_out`: parts that were not taken, `name: why`."""

    uid: int
    sender: str
    subject: str
    date: str
    message_id: str
    text: str
    attachments: tuple[Attachment, ...]
    left_out: tuple[str, ...] = ()


class TooLarge(WorkflowError):
    """`message_too_large`, with its `subject` and `sender`: it is left where it is."""


class Gone(WorkflowError):
    """`message_gone`: somebody moved or deleted it before it was taken."""


class _Imap(imaplib.IMAP4_SSL):
    """Reads no more in one piece than a message may hold, whatever the server announces."""

    def read(self, size: int) -> bytes:
        if size > MAX_MESSAGE + _ROOM:
            raise self.abort(f"a piece of {size} bytes")
        return super().read(size)


class Mailbox:
    """An open mailbox; see `opened`."""

    def __init__(self, imap: imaplib.IMAP4, server: MailServer) -> None:
        self._imap, self._server = imap, server
        self._folder = f'"{_modified_utf7(server.folder)}"'
        self.validity = self._select(readonly=True)

    def look(self, mark: Mark | None, *, today: dt.date) -> Mark:
        """What has come since: the new mark has it in `waiting`. At first sight that is what nobody has read."""
        if mark is None:
            unread = self._search("UNSEEN")
            everything = self._search("ALL")
            return Mark(
                validity=self.validity, last=max(everything, default=0), waiting=unread,
                began=self._oldest_day(unread, today),
            )  # fmt: skip
        if mark.validity != self.validity:
            since = self._search("SINCE", f"{mark.began.day:02d}-{_MONTHS[mark.began.month - 1]}-{mark.began.year}")
            return Mark(
                validity=self.validity, last=max(self._search("ALL"), default=0), waiting=since, began=mark.began
            )
        new = tuple(uid for uid in self._search("UID", f"{mark.last + 1}:*") if uid > mark.last)
        known = set(mark.waiting)
        return replace(
            mark,
            last=max(new, default=mark.last),
            waiting=(*mark.waiting, *(uid for uid in new if uid not in known)),
        )

    def fetch(self, uid: int) -> Letter:
        """One message. Raises `Gone`, `TooLarge`, `JailError` where it cannot be taken apart, `MailboxError`."""
        size = self._size(uid)
        if size > MAX_MESSAGE:
            head = taken_apart(uid, self._bytes(uid, "BODY.PEEK[HEADER]<0.65536>"))
            raise TooLarge(
                "message_too_large", size=size, limit=MAX_MESSAGE, subject=head.subject, sender=head.sender
            )
        return taken_apart(uid, self._bytes(uid, "BODY.PEEK[]"))

    def raw(self, uid: int, *, at_most: int) -> bytes:
        """The first bytes of one message, as they came. Raises `Gone`, `MailboxError`."""
        return self._bytes(uid, f"BODY.PEEK[]<0.{at_most}>")

    def confirm(self, uids: Iterable[int]) -> None:
        """Mark messages as read: they were taken. What is gone meanwhile is no error."""
        wanted = sorted(set(uids))
        if not wanted:
            return
        if self._select(readonly=False) != self.validity:
            return
        for at in range(0, len(wanted), _SET):
            chosen = ",".join(map(str, wanted[at : at + _SET]))
            self._ask("STORE", chosen, "+FLAGS.SILENT", "(\\Seen)")

    def _select(self, *, readonly: bool) -> int:
        with _errors(self._server):
            said, answer = self._imap.select(self._folder, readonly=readonly)
            if said != "OK":
                raise MailboxError("mailbox_folder_missing", folder=self._server.folder, answer=_words(answer))
            found = self._imap.response("UIDVALIDITY")[1]
        if not found or found[0] is None:
            raise MailboxError("mailbox_refused", answer="no UIDVALIDITY")
        return int(found[0])

    def _ask(self, command: str, *words: str) -> list[Any]:
        with _errors(self._server):
            said, answer = self._imap.uid(command, *words)
            if said != "OK":
                raise MailboxError("mailbox_refused", command=command, answer=_words(answer))
        return answer

    def _search(self, *words: str) -> tuple[int, ...]:
        found = self._ask("SEARCH", *words)
        return tuple(sorted({int(one) for line in found if line for one in line.split()}))

    def _size(self, uid: int) -> int:
        for line in self._ask("FETCH", str(uid), "(UID RFC822.SIZE)"):
            if line and (hit := re.search(rb"RFC822\.SIZE (\d+)", line if isinstance(line, bytes) else line[0])):
                return int(hit[1])
        raise Gone("message_gone", uid=uid)

    def _bytes(self, uid: int, section: str) -> bytes:
        for part in self._ask("FETCH", str(uid), f"({section})"):
            if isinstance(part, tuple) and len(part) == 2:
                return bytes(part[1])
        raise Gone("message_gone", uid=uid)

    def _oldest_day(self, uids: tuple[int, ...], today: dt.date) -> dt.date:
        """By the day on which the server got them."""
        days = [today]
        for at in range(0, len(uids), _SET):
            chosen = ",".join(map(str, uids[at : at + _SET]))
            for line in self._ask("FETCH", chosen, "(UID INTERNALDATE)"):
                hit = _INTERNALDATE.search(line) if isinstance(line, bytes) else None
                if hit and (month := hit[2].decode().title()) in _MONTHS:
                    days.append(dt.date(int(hit[3]), _MONTHS.index(month) + 1, int(hit[1])))
        return min(days)


_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_INTERNALDATE: Final = re.compile(rb'INTERNALDATE "\s?(\d{1,2})-(\w{3})-(\d{4}) ')


@contextmanager
def opened(server: MailServer, *, timeout: float = TIMEOUT, tls: ssl.SSLContext | None = None) -> Iterator[Mailbox]:
    """Connect, log in and open the folder for reading. `tls` replaces the system's trusted authorities."""
    with _errors(server):
        imap = _Imap(server.host, server.port, ssl_context=tls or ssl.create_default_context(), timeout=timeout)
    try:
        with _errors(server, refused="mailbox_login_refused"):
            if (server.user + server.password).isascii():
                imap.login(server.user, server.password)
            else:  # RFC 4616; LOGIN knows no letters but ASCII
                imap.authenticate("PLAIN", lambda _asked: f"\0{server.user}\0{server.password}".encode())
        yield Mailbox(imap, server)
    finally:
        with suppress(imaplib.IMAP4.error, OSError):
            imap.logout()
        with suppress(OSError, ValueError):  # a line that broke is left open by `logout`
            imap.shutdown()


def taken_apart(uid: int, message: bytes) -> Letter:
    """A message's parts, from the jail."""
    found = run("workflow.adapters.mime:read", message, limits=mime.LIMITS)
    told = found.json
    attachments = tuple(
        Attachment(name=held["name"], media_type=held["media_type"], data=data)
        for held, data in zip(told["files"], found.blobs, strict=True)
    )
    return Letter(
        uid=uid, sender=told["sender"], subject=told["subject"], date=told["date"], message_id=told["message_id"],
        text=told["text"], attachments=attachments,
        left_out=tuple(f"{one['name']}: {one['why']}" for one in told["left_out"]),
    )  # fmt: skip


@contextmanager
def _errors(server: MailServer, *, refused: str = "mailbox_refused") -> Iterator[None]:
    """Everything the line can do, as one error; nothing of the server's answer is a secret, the password never is
    in it."""
    place = {"host": server.host, "port": server.port}
    try:
        yield
    except ssl.SSLError as error:
        raise MailboxError("mailbox_tls_failed", **place, answer=str(error)[:200]) from error
    except imaplib.IMAP4.abort as error:
        raise MailboxError("mailbox_unreachable", **place, answer=str(error)[:200]) from error
    except imaplib.IMAP4.error as error:
        raise MailboxError(refused, **place, answer=str(error)[:200]) from error
    except (OSError, ValueError) as error:
        raise MailboxError("mailbox_unreachable", **place, answer=str(error)[:200]) from error


def _words(answer: list[Any]) -> str:
    return " ".join(str(one, "utf-8", "replace") for one in answer if isinstance(one, bytes))[:200]


def _modified_utf7(name: str) -> str:
    """A folder's name as IMAP writes it (RFC 3501, 5.1.3), ready to stand between quotes."""
    pieces = re.split(r"([^\x20-\x7e]+)", name.replace("&", "&-"))
    return "".join(
        piece.replace("\\", "\\\\").replace('"', '\\"') if place % 2 == 0 else _shifted(piece)
        for place, piece in enumerate(pieces)
    )


def _shifted(piece: str) -> str:
    letters = binascii.b2a_base64(piece.encode("utf-16-be"), newline=False).decode()
    return f"&{letters.rstrip('=').replace('/', ',')}-"
