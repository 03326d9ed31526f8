"""Taking mail over real IMAP and TLS on loopback: each message once, nothing changed before it was taken."""

from __future__ import annotations

import datetime as dt
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from urllib.parse import quote

import pytest

from tests.support import imap
from tests.support.imap import PASSWORD, USER, Box
from workflow.adapters import mailbox
from workflow.adapters.mailbox import Gone, MailboxError, MailServer, Mark, TooLarge
from workflow.domain.errors import BadInput

TODAY = dt.date(2026, 11, 23)
TLS = imap.contexts()[1]


def mail(number: int) -> bytes:
    made = EmailMessage()
    made["From"], made["Subject"] = "vanthu@yenvien.example", f"Công văn {number}"
    made.set_content("Kính gửi")
    made.add_attachment(f"%PDF-{number}".encode(), maintype="application", subtype="pdf", filename=f"{number}.pdf")
    return made.as_bytes().replace(b"\n", b"\r\n")


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Iterator[MailServer]:
    with imap.running(box) as port:
        yield MailServer(host="127.0.0.1", port=port, user=USER, password=PASSWORD)


def look(server: MailServer, mark: Mark | None) -> Mark:
    with mailbox.opened(server, tls=TLS) as opened:
        return opened.look(mark, today=TODAY)


def test_at_first_what_nobody_read_then_everything_new(server: MailServer, box: Box) -> None:
    """What was read before we came is left; afterwards another client may read what it likes."""
    box.put(mail(1), seen=True)
    box.put(mail(2), day=dt.date(2026, 11, 2))
    box.put(mail(3))
    first = look(server, None)
    assert (first.validity, first.last, first.waiting, first.began) == (7, 3, (2, 3), dt.date(2026, 11, 2))
    box.put(mail(4), seen=True)
    second = look(server, first.without(2))
    assert (second.last, second.waiting) == (4, (3, 4))
    assert look(server, second.without(3).without(4)).waiting == ()
    assert Mark.from_json(second.failed(3).to_json()) == second.failed(3)


def test_a_message_is_fetched_without_a_trace_and_confirmed(server: MailServer, box: Box) -> None:
    """Its parts come as they were sent; only `confirm` makes it read."""
    for number in (1, 2):
        box.put(mail(number))
    with mailbox.opened(server, tls=TLS) as opened:
        letter = opened.fetch(2)
        assert (letter.subject, letter.sender, letter.text) == (
            "Công văn 2",
            "vanthu@yenvien.example",
            "Kính gửi\n",
        )
        assert [(one.name, one.media_type, one.data) for one in letter.attachments] == [
            ("2.pdf", "application/pdf", b"%PDF-2")
        ]
        assert box.unread() == [1, 2]
        with pytest.raises(Gone):
            opened.fetch(9)
        opened.confirm([])
        opened.confirm([2, 9])
    assert box.unread() == [1]
    assert [one.split()[0] for one in box.commands if one[0] in "ES"] == ["EXAMINE", "SELECT"]


def test_when_the_server_numbers_anew_everything_since_is_looked_at_again(server: MailServer, box: Box) -> None:
    """Another UIDVALIDITY: the old numbers mean nothing, and nothing may be lost."""
    box.put(mail(1), day=dt.date(2026, 10, 1), seen=True)
    box.put(mail(2), day=dt.date(2026, 11, 1))
    mark = look(server, None).without(2)
    box.put(mail(3))
    box.renumber()
    again = look(server, mark)
    assert (again.validity, again.waiting, again.last) == (8, (101, 102), 102)


def test_too_large_is_not_even_fetched(server: MailServer, box: Box) -> None:
    """Who sent it and about what is told; the body stays where it is."""
    box.put(mail(1))
    box.claims = mailbox.MAX_MESSAGE + 1
    with mailbox.opened(server, tls=TLS) as opened, pytest.raises(TooLarge) as refusal:
        opened.fetch(1)
    assert refusal.value.details["subject"] == "Công văn 1"
    assert not any("BODY.PEEK[]" in one for one in box.commands)


def test_each_failure_has_a_name_and_tells_no_password(server: MailServer, box: Box) -> None:
    """Wrong password, no such folder, a certificate nobody trusts, a closed port, a line that breaks."""
    plain = {"host": server.host, "port": server.port}
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    tries = {
        "mailbox_login_refused": MailServer(**plain, user=USER, password="not this one"),  # type: ignore[arg-type]
        "mailbox_folder_missing": MailServer(**plain, user=USER, password=PASSWORD, folder="Hộp thư"),  # type: ignore[arg-type]
        "mailbox_unreachable": MailServer(host="127.0.0.1", port=port, user=USER, password=PASSWORD),
    }
    for code, where in tries.items():
        with pytest.raises(MailboxError, match=code) as told, mailbox.opened(where, tls=TLS):
            pass
        assert where.password not in str(told.value) + repr(where) + str(where)
    with pytest.raises(MailboxError, match="mailbox_tls_failed"), mailbox.opened(server):
        pass
    box.breaks_at = "UID SEARCH"
    with pytest.raises(MailboxError, match="mailbox_unreachable"):
        look(server, None)


def test_folders_have_vietnamese_names(server: MailServer, box: Box) -> None:
    """As RFC 3501 writes them."""
    box.folder = "H&Htk-p th&AbA- &- x"
    where = MailServer(host=server.host, port=server.port, user=USER, password=PASSWORD, folder="Hộp thư & x")
    with mailbox.opened(where, tls=TLS) as opened:
        assert opened.validity == 7


def test_addresses_of_mailboxes() -> None:
    """Everything from one URL; without TLS, password or host it is refused without being repeated."""
    url = f"imaps://{quote(USER, safe='')}:{quote(PASSWORD, safe='')}@mail.example/V%C4%83n%20b%E1%BA%A3n"
    read = MailServer.from_url(url)
    assert (read.port, read.user, read.password, read.folder) == (993, USER, PASSWORD, "Văn bản")
    for bad in ("imap://u:secret@h", "imaps://h", "imaps://u@h", "imaps://u:secret@h:x", "imaps://u:secret%0a@h"):
        with pytest.raises(BadInput, match="mailbox_url_unreadable") as told:
            MailServer.from_url(bad)
        assert "secret" not in str(told.value)
