"""An office of an earlier version is brought to this one with everything in it, on both databases.

`0001-issued.json` in `tests/assets/dumps` holds the rows of a small office at revision 0001: one paper issued with
three signatures, one signed, one in ink, one draft. `0005-incoming.json` (made by `tests.support.dumps`): incoming
documents in every state, with deadlines, pauses, extensions, explanations, the exchange, search and a handover.
"""

from __future__ import annotations

import datetime as dt
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, Engine, MetaData, func, insert, select, text
from sqlalchemy.exc import DatabaseError

from signing import DocumentVerdict
from tests.support import dumps, postgresql
from tests.support.anchored import anchor
from tests.support.office import NOON
from workflow.domain.incoming import State
from workflow.domain.people import Actor, Post, Role
from workflow.domain.permissions import scope_of
from workflow.domain.proofs import Proof
from workflow.services import search
from workflow.services.auditing import examine
from workflow.services.incoming import registering
from workflow.services.incoming.overdue import overdue_now
from workflow.services.journal import verify_subject
from workflow.store import migrate
from workflow.store import verdicts as store
from workflow.store.models import (
    AttachmentProof,
    CertifiedCopy,
    Dispatch,
    DocumentProof,
    Incoming,
    IncomingHistory,
    Outgoing,
    PostRow,
    RegisterNumber,
    Signature,
    Unit,
    UnitCopy,
    VerdictRow,
)
from workflow.store.overdue import Narrow
from workflow.store.proofs import Whose, due
from workflow.store.search import Narrowed
from workflow.store.session import make_engine, unit_of_work

ISSUED, ARRIVED = "0001-issued.json", "0005-incoming.json"


@pytest.fixture
def upgraded(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The office of issued papers, brought to head."""
    yield from brought_up(engine, request, ISSUED)


@pytest.fixture
def arrived(engine: Engine, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """The office of incoming documents, brought to head."""
    yield from brought_up(engine, request, ARRIVED)


def spread_before(connection: Connection) -> None:
    """Two runs of 0015: one whose lines made two documents of a third one, one that only approved."""
    one, two, three, four = connection.scalars(text("SELECT id FROM outgoing ORDER BY id LIMIT 4")).all()
    person, post = connection.execute(text("SELECT person_id, id FROM post ORDER BY id LIMIT 1")).one()
    known = MetaData()
    known.reflect(connection, only=["bulk_run", "bulk_item"])
    runs, items = known.tables["bulk_run"], known.tables["bulk_item"]
    run = {
        "person_id": person,
        "post_id": post,
        "wanted": {},
        "state": "done",
        "created_at": NOON,
        "finished_at": NOON,
    }
    connection.execute(insert(runs), [
        run | {"id": 1, "act": "spread", "once_key": "a", "source_id": three},
        run | {"id": 2, "act": "approve", "once_key": "b", "source_id": None},
    ])  # fmt: skip
    item = {"version": 1, "state": "done", "code": "", "details": {}, "finished_at": NOON}
    connection.execute(insert(items), [
        item | {"bulk_id": 1, "place": 1, "outgoing_id": one, "content": {"row": 2, "values": {}}},
        item | {"bulk_id": 1, "place": 2, "outgoing_id": None, "content": {"row": 3}, "state": "refused"},
        item | {"bulk_id": 1, "place": 3, "outgoing_id": two, "content": {"row": 5}},
        item | {"bulk_id": 2, "place": 1, "outgoing_id": four, "content": {}},
    ])  # fmt: skip


def test_what_a_table_made_is_known_after_the_upgrade(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Each document with its draft and row, from the lines of the runs; refused ones and other acts leave none."""
    for made in brought_up(engine, request, ISSUED, at="0015", filled=spread_before):
        with made.connect() as connection:
            one, two, three = connection.scalars(text("SELECT id FROM outgoing ORDER BY id LIMIT 3")).all()
            spread = connection.execute(text("SELECT outgoing_id, source_id, line FROM spread ORDER BY 1")).all()
        assert [tuple(row) for row in spread] == [(one, three, 2), (two, three, 5)]


def recalled_before(connection: Connection) -> None:
    """Of two given to units one was recalled twice, the other amended and replaced; one never was given. Each went
    to an office outside too, and the third was recalled there."""
    one, two, three = connection.scalars(text("SELECT id FROM outgoing ORDER BY id LIMIT 3")).all()
    unit = connection.scalar(text("SELECT min(id) FROM unit"))
    known = MetaData()
    known.reflect(connection, only=["unit_copy", "journal", "dispatch"])
    copies, journal = known.tables["unit_copy"], known.tables["journal"]
    copy = {"unit_id": unit, "given_at": NOON, "seen_at": None, "seen_by_id": None}
    connection.execute(insert(copies), [
        copy | {"outgoing_id": one}, copy | {"outgoing_id": two}, copy | {"outgoing_id": three, "given_at": None},
    ])  # fmt: skip
    out = {
        "name": "Sở Nội vụ", "state": "sent", "channel": "post", "sent_on": NOON.date(), "tracking": "",
        "receipt": "", "note": "", "wanted_channel": "", "address": "", "email": "", "changed_at": NOON,
    }  # fmt: skip
    connection.execute(insert(known.tables["dispatch"]), [out | {"outgoing_id": key} for key in (one, two, three)])
    entry = {"tag": "document:outgoing:recall_asked", "address": "", "body": "{}", "previous": "0", "digest": "0"}
    connection.execute(insert(journal), [
        entry | {"subject": f"outgoing:{key}", "ordinal": 900 + hours, "at": NOON + dt.timedelta(hours=hours)}
        for key, hours in ((one, 2), (one, 5), (three, 3))
    ])  # fmt: skip
    changed = entry | {"tag": "document:outgoing:corrected", "subject": f"outgoing:{two}"}
    connection.execute(insert(journal), [
        changed | {"ordinal": 900 + hours, "at": NOON + dt.timedelta(hours=hours), "body": body}
        for hours, body in ((1, '{"facts":{"kind":"amend"}}'), (4, '{"facts":{"kind":"replace"}}'))
    ])  # fmt: skip


def test_what_own_units_gave_back_is_known_after_the_upgrade(
    engine: Engine, request: pytest.FixtureRequest
) -> None:
    """Since the first recall, or since it was replaced; what was never given has no moment. Copies outside keep
    theirs too, and nobody wrote down that anybody there was told."""
    for made in brought_up(engine, request, ISSUED, at="0019", filled=recalled_before):
        with unit_of_work(made) as uow:
            rows = uow.session.scalars(select(UnitCopy).order_by(UnitCopy.outgoing_id)).all()
            two_hours, four_hours = (NOON + dt.timedelta(hours=hours) for hours in (2, 4))
            assert [row.recalled_at for row in rows] == [two_hours, four_hours, None]
            out = uow.session.scalars(select(Dispatch).order_by(Dispatch.outgoing_id)).all()
            three_hours = NOON + dt.timedelta(hours=3)
            assert [row.recalled_at for row in out] == [two_hours, four_hours, three_hours]
            assert {(row.told_on, row.told_how, row.back_on) for row in out} == {(None, "", None)}


def sealed_before(connection: Connection) -> None:
    """Two sealed copies of 0050, one of them cancelled since."""
    document, file = connection.execute(
        text("SELECT id, file_sha256 FROM outgoing WHERE file_sha256 IS NOT NULL ORDER BY id LIMIT 1")
    ).one()
    agency, post, person = connection.execute(text("SELECT agency_id, id, person_id FROM post LIMIT 1")).one()
    known = MetaData()
    known.reflect(connection, only=["certified_copy"])
    row = {
        "agency_id": agency, "form": "extract", "source_medium": "digital", "medium": "digital",
        "outgoing_id": document, "source_issuer": "", "source_symbol": "", "source_subject": "",
        "source_folded": "", "source_sha256": file, "filename": "", "chosen": "1", "pages": 1, "sha256": file,
        "left": 0.0, "bottom": 0.0, "right": 0.0, "top": 0.0, "copies": 1, "recipients": "", "signer_id": person,
        "signer_post_id": post, "capacity": "head", "version": 4, "asked_by_id": person, "asked_at": NOON,
        "approved_at": NOON, "year": 2026, "numbered_at": NOON, "done_at": NOON, "sealed_sha256": file,
        "key_holder": "", "claimed_at": NOON, "received_at": NOON, "conclusion": "passed", "verdict": "{}",
        "trust_digest": "",
    }  # fmt: skip
    connection.execute(insert(known.tables["certified_copy"]), [
        row | {"id": 1, "number": 1, "symbol": "01/TrS", "state": "done", "closed_at": None, "reason": ""},
        row | {"id": 2, "number": 2, "symbol": "02/TrS", "state": "cancelled", "closed_at": NOON, "reason": "x"},
    ])  # fmt: skip


def test_copies_sealed_before_wait_for_their_timestamps(engine: Engine, request: pytest.FixtureRequest) -> None:
    """What they show is kept with them from then on; the one that was cancelled waits for nothing."""
    for made in brought_up(engine, request, ISSUED, at="0050", filled=sealed_before):
        with unit_of_work(made) as uow:
            shown = uow.session.scalars(select(CertifiedCopy.shown).order_by(CertifiedCopy.id)).all()
            waiting = due(uow.session, Proof.WAITING, now=NOON + dt.timedelta(days=3650), limit=100)
            names = select(Unit.name).join(CertifiedCopy, CertifiedCopy.agency_id == Unit.id)
            name = uow.session.scalars(names).first()
        assert set(shown) == {f"TRÍCH SAO {name} Thời gian ký: 2026-11-23T12:00:00+07:00"}
        assert [one.key for one in waiting if one.whose is Whose.COPY] == [1]


def cancelled_before(connection: Connection) -> None:
    """Three cancelled numbers of 0019: of a paper that went on, of a secret one, and one that was only held."""
    one, two = connection.scalars(text("SELECT id FROM outgoing ORDER BY id LIMIT 2")).all()
    connection.execute(text("UPDATE register_number SET status = 'cancelled', reason = 'x'"))
    connection.execute(text("UPDATE outgoing SET recipients = 'Nơi cũ' WHERE id = :key"), {"key": one})
    connection.execute(text("UPDATE outgoing SET secret = true, file_sha256 = NULL WHERE id = :key"), {"key": two})
    known = MetaData()
    known.reflect(connection, only=["register_number"])
    number = {"register_id": 1, "year": 2026, "symbol": "", "status": "cancelled", "reason": "x", "drawn_at": NOON}
    connection.execute(insert(known.tables["register_number"]), [
        number | {"id": 8, "number": 2, "document_id": two}, number | {"id": 9, "number": 3, "document_id": None},
    ])  # fmt: skip


def test_cancelled_lines_stand_after_the_upgrade(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Each has what its document says at the upgrade, a secret one no subject; then it cannot be changed, and
    numbers are still drawn and cancelled."""
    for made in brought_up(engine, request, ISSUED, at="0019", filled=cancelled_before):
        with unit_of_work(made) as uow:
            query = select(RegisterNumber, Outgoing).outerjoin(Outgoing, Outgoing.id == RegisterNumber.document_id)
            rows = uow.session.execute(query.where(RegisterNumber.status == "cancelled")).all()
        assert len(rows) == 3
        for number, document in rows:
            if document is None:
                assert number.entry is None
                continue
            assert number.entry is not None
            assert number.entry["subject"] == ("" if document.secret else document.subject)
            assert number.entry["recipients"] == document.recipients
            assert number.entry["signer"]
            assert number.entry["drafter"]
            assert number.entry["unit_name"]
        assert {document.secret for _number, document in rows if document} == {True, False}
        with pytest.raises(DatabaseError, match="append-only"), made.begin() as connection:
            connection.execute(text("UPDATE register_number SET entry = '{}' WHERE document_id IS NOT NULL"))


def brought_up(
    engine: Engine, request: pytest.FixtureRequest, dump: str, *, at: str = "",
    filled: Callable[[Connection], None] | None = None,
) -> Iterator[Engine]:  # fmt: skip
    """A database of the same kind as `engine`: made at the dump's revision, filled, brought to head; `at` a
    revision on its way more may be `filled` in. Without more it is brought up once, each test has a copy."""
    if filled is None:
        url = copied(engine, request, dump)
    elif engine.dialect.name == "sqlite":
        url = f"sqlite:///{request.getfixturevalue('tmp_path') / 'old.db'}"
        bring(url, dump, at=at, filled=filled)
    else:
        url = created(request, f"old_{engine.url.database}")
        bring(url, dump, at=at, filled=filled)
    made = make_engine(url)
    yield made
    made.dispose()


def bring(url: str, dump: str, *, at: str = "", filled: Callable[[Connection], None] | None = None) -> None:
    """The whole way to head."""
    migrate.upgrade(url, to=dump[:4])
    old = make_engine(url)
    with old.begin() as connection:
        dumps.load(connection, dumps.read(dump))
    if filled is not None:
        migrate.upgrade(url, to=at)
        with old.begin() as connection:
            filled(connection)
    old.dispose()
    migrate.upgrade(url)


def copied(engine: Engine, request: pytest.FixtureRequest, dump: str) -> str:
    """A copy of what was brought up once in this process."""
    if engine.dialect.name == "sqlite":
        kept = request.getfixturevalue("tmp_path_factory").getbasetemp() / f"{dump}.db"
        if not kept.exists():
            bring(f"sqlite:///{kept}", dump)
        own = request.getfixturevalue("tmp_path") / "old.db"
        shutil.copyfile(kept, own)
        return f"sqlite:///{own}"
    admin: Engine = request.getfixturevalue("postgresql_admin")
    name = f"kept_{dump[:4]}_{request.getfixturevalue('worker_id')}"
    with admin.connect() as connection:
        there = connection.scalar(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": name})
    if there is None:
        bring(created(request, name), dump)
    return created(request, f"old_{engine.url.database}", like=name)


def created(request: pytest.FixtureRequest, name: str, *, like: str = "template1") -> str:
    """URL of a new database of the run's cluster."""
    admin: Engine = request.getfixturevalue("postgresql_admin")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{like}"'))
    return postgresql.url(request.getfixturevalue("postgresql_socket"), name)


def proven_before(connection: Connection) -> None:
    """The issued paper is lasting at 0035, and two of its attachments were sealed, one of them twice."""
    known = MetaData()
    known.reflect(connection, only=["document_proof", "attachment", "attachment_seal", "signature", "outgoing"])
    proof, attachment, seal = (known.tables[name] for name in ("document_proof", "attachment", "attachment_seal"))
    signature = known.tables["signature"]
    row = connection.execute(select(proof)).one()
    given = {"state": "lasting", "stamped_at": NOON, "lasting_at": NOON, "until": UNTIL, "next_at": None}
    connection.execute(proof.update().values(**given))
    made = connection.execute(select(signature).where(signature.c.document_id == row.document_id)).first()
    assert made is not None
    file = {
        "document_id": row.document_id, "name": "Phụ lục", "kind": "pdf", "filename": "", "note": "", "pages": 1,
        "original_sha256": made.file_sha256, "sha256": made.file_sha256, "media_type": "application/pdf",
        "left": 0, "bottom": 0, "right": 1, "top": 1, "added_at": NOON,
    }  # fmt: skip
    connection.execute(insert(attachment), [file | {"id": key, "place": key} for key in (1, 2, 3)])
    sealed = {
        "document_id": row.document_id, "key_holder": "browser", "symbol": "1", "claimed_at": NOON,
        "received_at": NOON, "sha256": made.file_sha256, "conclusion": "passed", "reason": "", "body": "{}",
        "trust_digest": "", "address": "", "person_id": made.person_id, "post_id": made.post_id,
        "certificate_id": made.certificate_id,
    }  # fmt: skip
    seals = ((1, 1, NOON), (2, 1, None), (3, 2, None))
    connection.execute(insert(seal), [
        sealed | {"id": key, "attachment_id": of, "withdrawn_at": gone} for key, of, gone in seals
    ])  # fmt: skip


UNTIL = NOON + dt.timedelta(days=400)


def test_what_was_issued_before_waits_for_its_timestamps(engine: Engine, request: pytest.FixtureRequest) -> None:
    """Each seal that stands on what goes with an issued paper; and what lasts is stamped again in time."""
    for made in brought_up(engine, request, ISSUED, at="0035", filled=proven_before):
        with unit_of_work(made) as uow:
            rows = uow.session.scalars(select(AttachmentProof).order_by(AttachmentProof.seal_id)).all()
            issued = uow.session.scalars(select(Outgoing.issued_at).where(Outgoing.issued_at.is_not(None))).one()
            assert [(row.seal_id, row.state, row.since, row.next_at, row.renewals) for row in rows] == [
                (2, "waiting", issued, issued, 0), (3, "waiting", issued, issued, 0)
            ]  # fmt: skip
            own = uow.session.scalars(select(DocumentProof)).one()
            assert (own.next_at, own.renewals, own.rests) == (UNTIL - dt.timedelta(days=90), 0, "")
            assert {one.key for one in due(uow.session, Proof.WAITING, now=NOON, limit=9)} == {2, 3}


def test_everything_is_there_and_holds(upgraded: Engine) -> None:
    """No row is lost, chains hold, verdicts can be read, and signatures count as looked at when they came.

    Every agency has got its two registers of arrivals besides, one for copies, and the three kinds of copies.
    """
    dump = dumps.read(ISSUED)
    known = MetaData()
    known.reflect(upgraded)
    with unit_of_work(upgraded) as uow:
        arrivals = uow.session.execute(
            text("SELECT agency_id, code FROM register WHERE direction = 'in' ORDER BY agency_id, code")
        ).all()
        agencies = sorted(row["id"] for row in dump["unit"] if row["kind"] == "agency")
        assert arrivals == [(agency, code) for agency in agencies for code in ("den", "den-mat")]
        uow.session.execute(text("DELETE FROM register WHERE direction = 'in' OR code = 'sao'"))
        uow.session.execute(text("DELETE FROM document_type WHERE code IN ('true_copy', 'extract', 'recopy')"))
        for name, rows in dump.items():
            found = uow.session.scalar(select(func.count()).select_from(known.tables[name]))
            assert found == len(rows), name
        documents = uow.session.scalars(select(Outgoing)).all()
        for document in documents:
            report = verify_subject(uow, f"outgoing:{document.id}")
            assert (report.broken, report.head) == (None, document.chain_head)
        for row in uow.session.scalars(select(VerdictRow)):
            assert str(DocumentVerdict.from_json(row.body).verdict) == row.conclusion
            assert row.cause == ""
        assert {row.checked_at == row.received_at for row in uow.session.scalars(select(Signature))} == {True}
        assert len(store.longest_unchecked(uow.session, limit=9)) == 2


def test_registers_belong_to_organs(upgraded: Engine) -> None:
    """The abbreviation that every register named became one organ an agency; numbers know how they were written."""
    with upgraded.connect() as connection:
        organs = connection.execute(text("SELECT id, agency_id, code, abbreviation FROM organ ORDER BY id")).all()
        assert [tuple(row[1:]) for row in organs] == [(1, "UBND", "UBND"), (5, "UBND", "UBND")]
        owners = connection.execute(text("SELECT DISTINCT agency_id, organ_id FROM register ORDER BY 1")).all()
        assert [tuple(row) for row in owners] == [(row.agency_id, row.id) for row in organs]
        written = text(
            "SELECT register_number.symbol, outgoing.symbol FROM register_number "
            "JOIN outgoing ON outgoing.id = document_id"
        )
        symbols = connection.execute(written).all()
        assert symbols
        assert all(ours == theirs != "" for ours, theirs in symbols)


def test_what_only_grows_still_does(upgraded: Engine) -> None:
    """The triggers came through the changes of their tables."""
    for table in ("verdict", "journal", "history", "register_number"):
        with upgraded.connect() as connection, pytest.raises(DatabaseError, match="append-only"):
            connection.execute(text(f"DELETE FROM {table}"))


ADDED = {"document_type": 3, "register": 2}
"""What later revisions add by themselves: the three kinds of copies, and their register for each agency."""


def test_incoming_documents_come_through_whole(arrived: Engine) -> None:
    """Every state is there, no row is lost, chains hold, and the state is the last line of history."""
    dump, known = dumps.read(ARRIVED), MetaData()
    known.reflect(arrived)
    with unit_of_work(arrived) as uow:
        for name, rows in dump.items():
            found = uow.session.scalar(select(func.count()).select_from(known.tables[name]))
            assert found == len(rows) + ADDED.get(name, 0), name
        documents = uow.session.scalars(select(Incoming)).all()
        assert {document.state for document in documents} == set(State)
        for document in documents:
            report = verify_subject(uow, f"incoming:{document.id}")
            assert (report.broken, report.head) == (None, document.chain_head)
            lines = select(IncomingHistory.to_state).where(IncomingHistory.incoming_id == document.id)
            last = uow.session.scalars(lines.order_by(IncomingHistory.ordinal.desc())).first()
            assert last == document.state
        states = Counter(uow.session.scalars(text("SELECT state FROM incoming_explanation")))
        assert states == {"owed": 1, "given": 1, "accepted": 1, "sent_back": 1}


def test_work_goes_on_after_the_upgrade(arrived: Engine) -> None:
    """The next number of arrivals follows, search finds what it found, the clocks run."""
    with unit_of_work(arrived) as uow:
        row = uow.session.scalars(select(PostRow).where(PostRow.role == "clerk", PostRow.agency_id == 1)).one()
        post = Post(row.id, row.person_id, row.unit_id, row.agency_id, Role.CLERK, row.title, row.valid_from)
        clerk, scope = Actor.of(post, name="Văn thư", address=""), scope_of(post, units_below=())
        waiting = uow.session.scalars(
            select(Incoming.id).where(Incoming.state == "arrived", Incoming.agency_id == 1).order_by(Incoming.id)
        ).first()
        assert waiting is not None
        highest = uow.session.scalar(select(func.max(Incoming.number)).where(Incoming.agency_id == 1))
        done = registering.register(uow, clerk, scope, incoming_id=waiting, version=None, now=NOON)
        assert done.number == (highest or 0) + 1
        uow.commit()
    if arrived.dialect.name == "postgresql":  # `dumps.load` left the words out
        with unit_of_work(arrived) as uow:
            written = search.rebuild(uow)
            assert search.write_some(uow, now=NOON, limit=written)[0] == written
            uow.commit()
    with unit_of_work(arrived) as uow:
        for asked in ("rà soát biên chế", unicodedata.normalize("NFD", "rà soát biên chế"), "ra soat bien che"):
            answer = search.search(uow, scope, asked, narrowed=Narrowed(), limit=100)
            assert answer is not None
            assert len(answer.rows) > 10, asked
        assert overdue_now(uow, scope, now=NOON, narrow=Narrow()).documents


def test_the_journal_of_issued_papers_is_whole(upgraded: Engine) -> None:
    """A complete pass has nothing to say about what an earlier version wrote, before its first anchor and after."""
    whole(upgraded)


def test_the_journal_of_incoming_documents_is_whole(arrived: Engine) -> None:
    """The same."""
    whole(arrived)


def whole(engine: Engine) -> None:
    before = examine(engine)
    assert before.findings == []
    assert before.open_entries == before.entries > 10
    anchor(engine, "h1")
    after = examine(engine)
    assert (after.findings, after.open_entries, after.anchors) == ([], 0, 1)
