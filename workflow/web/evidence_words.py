"""Where revocation evidence is fetched from, in words: what came of the last attempt, and when the next one is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from signing.fetch import FetchReason
from workflow.domain.evidence import GOOD, Came
from workflow.services.evidence_places import host_of
from workflow.store.models import EvidencePlace
from workflow.web.i18n import N_, _

KINDS = {"crl": N_("revocation list"), "ocsp": N_("answer about one certificate")}
RESULTS: dict[str, str] = {
    "": N_("not asked yet"),
    Came.NEW: N_("a newer one came"),
    Came.UNCHANGED: N_("it publishes nothing newer yet"),
    Came.OLDER: N_("it gave an older one than is here; that was refused"),
    Came.OVERDUE: N_("what it gives has ended; its successor is overdue"),
    Came.FUTURE: N_("what it gave is dated in the future; that was refused"),
    Came.WRONG_ISSUER: N_("what it gave was not signed by this authority; that was refused"),
    Came.WRONG_SUBJECT: N_("it answered about another certificate; that was refused"),
    Came.UNKNOWN: N_("it does not know the certificate"),
    Came.UNREADABLE: N_("what it gave cannot be read"),
    FetchReason.CONTENT_UNREADABLE: N_("what it gave cannot be read"),
    FetchReason.RESPONDER_REFUSED: N_("the responder refused to answer"),
    FetchReason.TOO_LARGE: N_("what it gave is larger than 10 MB"),
    FetchReason.REDIRECT_REFUSED: N_("it sends elsewhere, which is not followed"),
    FetchReason.STATUS_REFUSED: N_("the server answered with an error"),
    FetchReason.TOO_SLOW: N_("the server took longer than 10 seconds"),
    FetchReason.NAME_NOT_FOUND: N_("the server's name is not found"),
    FetchReason.CONNECTION_FAILED: N_("the server does not answer"),
    FetchReason.ANSWER_MALFORMED: N_("the server broke off or answered with something unreadable"),
    FetchReason.ADDRESS_REFUSED: N_("its name leads into a private network, which is not asked"),
    FetchReason.TLS_FAILED: N_("no safe connection: the server's certificate is not believed"),
    FetchReason.PROXY_REFUSED: N_("the proxy refused"),
}
UNLISTED = N_("not asked: the host is not listed in TRINHKY_FETCH_HOSTS")
OTHERWISE = N_("the address cannot be asked (%(reason)s)")


@dataclass(frozen=True, slots=True)
class Place:
    """An address for a page. `next_at` None: it is not asked."""

    row: EvidencePlace
    host: str
    kind: str
    words: str
    tone: str
    next_at: dt.datetime | None


def place(row: EvidencePlace, hosts: Collection[str]) -> Place:
    """From its row; `hosts` may be asked."""
    host = host_of(row.url)
    if host not in hosts:
        return Place(row, host, _(KINDS[row.kind]), _(UNLISTED), "warn", None)
    words = _(RESULTS[row.result]) if row.result in RESULTS else _(OTHERWISE, reason=row.result)
    tone = "good" if row.result in GOOD else "plain" if not row.result else "bad"
    return Place(row, host, _(KINDS[row.kind]), words, tone, row.next_at)
