"""Which revocation lists count: the newest of each issuer's key, whoever else bears its name."""

from __future__ import annotations

import datetime as dt

from signing.testing import Authority, CrlOptions, KeyKind, key
from tests.support.keys import FOUNDED, Keys, founded
from tests.support.office import NOON, Office
from workflow.domain.people import SYSTEM_ACTOR
from workflow.services.signing.trust import evidence, import_crl
from workflow.store import certificates
from workflow.store.session import unit_of_work

HOUR = dt.timedelta(hours=1)


def publish(keys: Keys, authority: Authority, *, at: dt.datetime, options: CrlOptions | None = None) -> str:
    """A list of one authority; returns its hash."""
    more = {} if options is None else {"options": options}
    der = authority.crl(this_update=at, number=int(at.timestamp()), **more)
    with unit_of_work(keys.office.engine) as uow:
        row = import_crl(uow, SYSTEM_ACTOR, der=der, issuer=authority.der, source="test", now=NOON)
        uow.commit()
        return row.sha256


def newest(keys: Keys) -> set[str]:
    """Hashes of the lists that count at noon."""
    with unit_of_work(keys.office.engine) as uow:
        return {row.sha256 for row in certificates.newest_crls(uow.session, until=NOON)}


def test_a_second_authority_of_the_same_name_hides_no_list(office: Office) -> None:
    """Another key under the same name publishes later: both lists stay, and the older one still answers."""
    keys = founded(office)
    double = keys.root.subordinate(now=FOUNDED, private=key(KeyKind.P256, "another key"))
    assert double.certificate.subject == keys.issuing.certificate.subject
    theirs = publish(keys, keys.issuing, at=NOON - 3 * HOUR)
    other = publish(keys, double, at=NOON - HOUR)
    assert newest(keys) == {theirs, other}
    with unit_of_work(office.engine) as uow:
        assert len(evidence(uow, at=NOON).crls) == 2


def test_a_newer_list_of_the_same_key_takes_over(office: Office) -> None:
    """One authority, three lists, one of them from the future: the last that was out counts."""
    keys = founded(office)
    publish(keys, keys.issuing, at=NOON - 3 * HOUR)
    latest = publish(keys, keys.issuing, at=NOON - HOUR)
    publish(keys, keys.issuing, at=NOON + HOUR)
    assert newest(keys) == {latest}


def test_a_list_about_some_hides_none_about_others(office: Office) -> None:
    """A newer list about authorities only leaves the one about persons standing."""
    keys = founded(office)
    persons = publish(keys, keys.issuing, at=NOON - 3 * HOUR)
    authorities = publish(keys, keys.issuing, at=NOON - HOUR, options=CrlOptions(only_ca=True))
    assert newest(keys) == {persons, authorities}
