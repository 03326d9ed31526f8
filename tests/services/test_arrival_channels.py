"""Folders and mailboxes: nothing lost, nothing twice, one that fails holds up no other."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.support import imap
from tests.support.imap import PASSWORD, USER, Box
from workflow.adapters import mailbox
from workflow.adapters.mailbox import MAX_TRIES, MailServer, Mark
from workflow.domain.errors import BadInput
from workflow.services import arrival_channels
from workflow.services.arrival_channels import Arrival, Channel, Handed, Outcome

LATER = dt.datetime.now(dt.UTC) + dt.timedelta(hours=1)


class Store:
    """Takes each file once, by its bytes, as the real one does; may be told to fail."""

    def __init__(self) -> None:
        self.held: dict[bytes, Arrival] = {}
        self.ends: dict[str, tuple[Handed, str]] = {}
        self.marks: list[Mark] = []

    def __call__(self, arrival: Arrival) -> tuple[Handed, str]:
        if arrival.filename in self.ends:
            return self.ends[arrival.filename]
        if arrival.data in self.held:
            return Handed.KNOWN, ""
        self.held[arrival.data] = arrival
        return Handed.STORED, ""


@pytest.fixture
def store() -> Store:
    return Store()


def test_a_folder_is_emptied_and_each_file_says_how_it_ended(tmp_path: Path, store: Store) -> None:
    """Stored, known, refused, and one to be tried again: the next round finds only that one."""
    for name, data in {"a.pdf": b"1", "b.pdf": b"1", "c.pdf": b"3", "d.pdf": b"4"}.items():
        (tmp_path / name).write_bytes(data)
    store.ends = {"c.pdf": (Handed.REFUSED, "some_code"), "d.pdf": (Handed.LATER, "OperationalError")}
    channel = Channel(unit_code="H99.01", folder=tmp_path)
    first = arrival_channels.from_folder(channel, hand_over=store, now=LATER)
    assert first.counts == {"stored": 1, "known": 1, "refused": 1, "later": 1}
    assert {(one["kind"], one["name"]) for one in first.troubles} == {("refused", "c.pdf"), ("later", "d.pdf")}
    store.ends = {}
    again = arrival_channels.from_folder(channel, hand_over=store, now=LATER + dt.timedelta(hours=1))
    assert again.counts == {"stored": 1}
    assert [arrival.source for arrival in store.held.values()] == ["folder", "folder"]
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == [
        "a.pdf", "b.pdf", "c.pdf", "c.pdf.txt", "d.pdf"
    ]  # fmt: skip


def mail(*names: str, text: str = "Kính gửi") -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"], made["Message-ID"] = "vanthu@yenvien.example", "Công văn", "<m@yenvien.example>"
    made.set_content(text)
    for name in names:
        made.add_attachment(name.encode(), maintype="application", subtype="pdf", filename=name)
    return made.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[MailServer]:
    with imap.running(box) as port:
        yield MailServer(host="127.0.0.1", port=port, user=USER, password=PASSWORD)


def take(server: MailServer, store: Store, mark: Mark | None = None) -> Outcome:
    """One round from where the last one ended."""
    with mailbox.opened(server, tls=imap.contexts()[1]) as opened:
        return arrival_channels.from_mailbox(
            opened, mark or (store.marks[-1] if store.marks else None), hand_over=store, keep=store.marks.append,
            now=LATER,
        )  # fmt: skip


def test_mail_is_taken_once_and_read_only_where_all_of_it_was_taken(
    server: MailServer, box: Box, store: Store
) -> None:
    """Files with what the mail says; a mail without files, and one with a refused file, stay unread for people."""
    box.put(mail("a.pdf", "b.pdf"))
    bare, odd = box.put(mail()), box.put(mail("odd.pdf"))
    store.ends = {"odd.pdf": (Handed.REFUSED, "some_code")}
    first = take(server, store)
    assert first.counts == {"stored": 2, "without_files": 1, "refused": 1}
    facts = store.held[b"a.pdf"].facts
    assert (facts["sender"], facts["subject"], facts["message_id"], facts["text"], facts["beside"]) == (
        "vanthu@yenvien.example", "Công văn", "m@yenvien.example", "Kính gửi\n", "b.pdf",
    )  # fmt: skip
    assert box.unread() == [bare, odd]
    assert take(server, store).counts == {}
    box.put(mail("c.pdf"), seen=True)
    assert take(server, store).counts == {"stored": 1}


def test_what_fails_on_our_side_is_tried_until_it_goes(server: MailServer, box: Box, store: Store) -> None:
    """However long that takes, and behind those that were not tried yet."""
    box.put(mail("a.pdf", "b.pdf"))
    store.ends = {"b.pdf": (Handed.LATER, "OperationalError")}
    for turn in range(MAX_TRIES + 2):
        assert take(server, store).counts == {"stored" if turn == 0 else "known": 1, "later": 1}
    assert box.unread() == [1]
    store.ends = {}
    assert take(server, store).counts == {"known": 1, "stored": 1}
    assert box.unread() == []


def test_what_nothing_can_be_made_of_is_left_to_people(server: MailServer, box: Box, store: Store) -> None:
    """A mail that breaks its reader: tried some rounds, others are taken meanwhile, then left unread and named."""
    poison = b"Subject: x\r\n" + b"".join(
        b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (level, level) for level in range(3000)
    )
    box.put(poison)
    box.put(mail("a.pdf"))
    first = take(server, store)
    assert first.counts == {"later": 1, "stored": 1}
    tried = store.marks[-1]
    assert tried.tries == {1: 1}
    last = Mark(validity=7, last=2, waiting=(1,), tries={1: MAX_TRIES - 1}, began=tried.began)
    ended = take(server, store, last)
    assert ended.counts == {"left_unread": 1}
    assert ended.troubles[0]["uid"] == 1
    assert store.marks[-1].waiting == ()
    assert box.unread() == [1]


def test_a_line_that_breaks_costs_nothing(server: MailServer, box: Box, store: Store) -> None:
    """Everything before it is kept; the rest comes next time."""
    for number in range(4):
        box.put(mail(f"{number}.pdf"))
    box.breaks_at = "UID FETCH 3"
    assert take(server, store).counts == {"stored": 2, "interrupted": 1}
    assert store.marks[-1].waiting == (3, 4)
    box.breaks_at = ""
    assert take(server, store).counts == {"stored": 2}
    assert len(store.held) == 4


def test_a_kill_between_storing_and_keeping_the_mark_takes_it_once(
    server: MailServer, box: Box, store: Store
) -> None:
    """The mark of before is all that is left: the files are known by their bytes."""
    box.put(mail("a.pdf"))
    take(server, store)
    before = store.marks[0]
    assert before.waiting == (1,)
    assert take(server, store, before).counts == {"known": 1}


def test_the_setting_is_read_or_refused_without_its_secrets() -> None:
    """Agency code → one or more addresses; the same folder or mailbox cannot belong to two agencies."""
    found = arrival_channels.channels(
        '{"H99.01": ["file:///srv/scan/v%C4%83n%20b%E1%BA%A3n", "imaps://u:secret@h/INBOX"], "H99.02": "file:///b"}'
    )
    assert [(one.unit_code, one.folder, str(one.server)) for one in found] == [
        ("H99.01", Path("/srv/scan/văn bản"), "None"),
        ("H99.01", None, "u@h:993/INBOX"),
        ("H99.02", Path("/b"), "None"),
    ]
    assert "secret" not in repr(found) + "".join(one.words + one.key for one in found)
    assert arrival_channels.channels(" ") == ()
    twice = '{"a": "file:///x", "b": "file:///x"}'
    for bad in (
        "secret",
        "[]",
        '{"a": 1}',
        '{"a": "http://secret"}',
        '{"a": "file:///"}',
        '{"a": "imaps://secret"}',
        twice,
    ):
        with pytest.raises(BadInput) as told:
            arrival_channels.channels(bad)
        assert "secret" not in str(told.value)
