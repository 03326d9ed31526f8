"""Signatures judged again: only a changed answer is stored, with its cause; what was found at signing stays."""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path

import pytest

from signing import DocumentVerdict
from signing.testing import Revoked
from tests.services.test_signing_road import Road, letter
from tests.services.test_signing_road import road as road  # the office with keys
from tests.support.office import NOON
from workflow.adapters.blobs import BlobDamaged
from workflow.domain.errors import Missing, NotFound
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.journal import verify_subject
from workflow.services.signing.trust import retire_root, set_policy
from workflow.services.verification.rechecking import Rechecked, longest_unchecked, recheck, recheck_for_job
from workflow.store import documents as store
from workflow.store.models import Journal
from workflow.store.session import unit_of_work

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)


def signed(road: Road) -> int:
    """A document with its leader's signature, passed within the grace of the daily policy."""
    document_id = road.awaiting()
    assert road.sign("leader", "leader", road.keys.held["leader"], document_id).conclusion == "passed"
    return document_id


def again(road: Road, document_id: int, *, at: dt.datetime, who: str = "clerk") -> Rechecked:
    """Press the button at a moment."""
    road.now = at
    found: Rechecked = road.do(recheck, who, document_id=document_id, blobs=road.blobs)
    return found


def verdicts(road: Road, document_id: int) -> list[tuple[str, str, str]]:
    """(occasion, conclusion, cause) of every stored verdict."""
    with unit_of_work(road.office.engine) as uow:
        rows = store.verdicts_of(uow.session, document_id)
        return [(row.occasion, row.conclusion, row.cause) for row in rows]


def reasons(road: Road, document_id: int) -> set[str]:
    """Of the leader's signature in the newest verdict."""
    with unit_of_work(road.office.engine) as uow:
        found = DocumentVerdict.from_json(store.verdicts_of(uow.session, document_id)[-1].body).signature("leader")
    assert found is not None
    return {str(reason) for reason in found.reasons}


def test_a_list_from_after_the_signature_settles_it_once(road: Road) -> None:
    """Signed within the grace; the next list proves it. A third look finds nothing new and adds nothing."""
    document_id = signed(road)
    road.keys.publish(at=NOON + HOUR)
    assert again(road, document_id, at=NOON + 2 * HOUR).changed == 1
    assert verdicts(road, document_id) == [("signing", "passed", ""), ("recheck", "passed", "evidence")]
    assert "revocation_within_grace" not in reasons(road, document_id)
    third = again(road, document_id, at=NOON + 3 * HOUR)
    assert third == Rechecked(document_id=document_id, answered=True, changed=0, thorough=True)
    assert len(verdicts(road, document_id)) == 2


def test_a_revocation_dated_back_is_found_and_names_its_cause(road: Road) -> None:
    """Revoked before it signed, told three days later: failed today, still "passed" at signing, and journalled."""
    document_id = signed(road)
    leader = road.keys.held["leader"].certificate.serial_number
    road.keys.publish(at=NOON + 3 * DAY, revoked=(Revoked(serial=leader, at=NOON - HOUR),))
    assert again(road, document_id, at=NOON + 3 * DAY + HOUR).changed == 1
    assert verdicts(road, document_id) == [("signing", "passed", ""), ("recheck", "failed", "evidence")]
    assert "revoked" in reasons(road, document_id)
    row = road.document(document_id)
    assert row.leader_verdict == "passed"  # the published rate counts the verdict at signing
    with unit_of_work(road.office.engine) as uow:
        entry = store.entries_of(uow.session, f"outgoing:{document_id}")[-1]
        assert entry.tag == "document:signature:rechecked"
        assert verify_subject(uow, f"outgoing:{document_id}").broken is None


def test_an_older_list_does_not_win_over_a_newer_one(road: Road) -> None:
    """A list of before the revocation, taken in late, changes nothing."""
    document_id = signed(road)
    leader = road.keys.held["leader"].certificate.serial_number
    road.keys.publish(at=NOON + 3 * DAY, revoked=(Revoked(serial=leader, at=NOON - HOUR),))
    again(road, document_id, at=NOON + 3 * DAY + HOUR)
    road.keys.publish(at=NOON + DAY)
    assert again(road, document_id, at=NOON + 4 * DAY).changed == 0


def test_a_root_that_is_retired_is_named_as_the_cause(road: Road) -> None:
    """The chain leads nowhere listed any more: not enough to decide, because of the roots."""
    document_id = signed(road)
    with unit_of_work(road.office.engine) as uow:
        retire_root(uow, SYSTEM_ACTOR, fingerprint=hashlib.sha256(road.keys.root.der).hexdigest(), now=NOON)
        uow.commit()
    assert again(road, document_id, at=NOON + HOUR).changed == 1
    assert verdicts(road, document_id)[-1] == ("recheck", "indeterminate", "trust")


def test_a_stricter_policy_is_named_as_the_cause(road: Road) -> None:
    """Strict: the list of the morning is no proof, and our own receipt proves no time."""
    document_id = signed(road)
    with unit_of_work(road.office.engine) as uow:
        set_policy(uow, SYSTEM_ACTOR, "strict", now=NOON)
        uow.commit()
    assert again(road, document_id, at=NOON + 30 * HOUR).changed == 1
    occasion, conclusion, cause = verdicts(road, document_id)[-1]
    assert (occasion, conclusion) == ("recheck", "indeterminate")
    assert "policy" in cause


def test_pressed_twice_it_is_checked_once(road: Road) -> None:
    """Within a minute the answer of a moment ago stands: no file is read again."""
    document_id = signed(road)
    again(road, document_id, at=NOON + HOUR)
    blobs, road.blobs = road.blobs, None  # type: ignore[assignment]  # reading would break
    assert again(road, document_id, at=NOON + HOUR + dt.timedelta(seconds=30)).changed == 0
    road.blobs = blobs


def test_a_strangers_document_is_not_found_and_an_unsigned_one_has_nothing(road: Road) -> None:
    """The scope is asked first; a draft carries no signature."""
    document_id = signed(road)
    with pytest.raises(NotFound):
        again(road, document_id, at=NOON + HOUR, who="far_clerk")
    with pytest.raises(Missing, match="signature"):
        again(road, road.draft(), at=NOON + HOUR)


def test_the_job_takes_what_was_looked_at_longest_ago(road: Road) -> None:
    """Two documents: the one just looked at comes last."""
    first, second = signed(road), signed(road)
    again(road, first, at=NOON + HOUR)
    with unit_of_work(road.office.engine) as uow:
        assert longest_unchecked(uow, limit=10) == [second, first]
        assert longest_unchecked(uow, limit=1) == [second]
        assert recheck_for_job(uow, document_id=second, blobs=road.blobs, now=NOON + 2 * HOUR).answered
        uow.commit()
        assert longest_unchecked(uow, limit=10) == [first, second]


def test_a_damaged_file_is_no_verdict(road: Road, tmp_path: Path) -> None:
    """Bytes that are not the stored ones are refused by the store of files; nothing is judged, nothing stored."""
    document_id = signed(road)
    digest = str(road.document(document_id).file_sha256)
    (stored,) = [path for path in (tmp_path / "blobs").rglob("*") if digest in path.name]
    stored.chmod(0o600)
    stored.write_bytes(letter())
    with pytest.raises(BlobDamaged):
        again(road, document_id, at=NOON + HOUR)
    assert len(verdicts(road, document_id)) == 1


def test_nothing_is_written_into_the_journal_where_nothing_changed(road: Road) -> None:
    """A year of nights would fill it."""
    document_id = signed(road)
    with unit_of_work(road.office.engine) as uow:
        before = len(uow.session.scalars(store.select(Journal)).all())
    again(road, document_id, at=NOON + HOUR)
    with unit_of_work(road.office.engine) as uow:
        assert len(uow.session.scalars(store.select(Journal)).all()) == before
