"""What the office knows about a document of its own, as the question that the verifier is asked."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from signing import Evidence, PlannedField, Policy, Receipt, TimeSource, TrustStore
from workflow.services.documents.files import planned_fields
from workflow.services.proofs import authority
from workflow.services.signing import trust
from workflow.store import documents, verdicts
from workflow.store import evidence as evidence_store
from workflow.store.session import UnitOfWork


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """Roots, evidence and policy of the moment; boxes, owners and texts as this document was prepared."""

    trust: TrustStore
    evidence: Evidence
    policy: Policy
    plan: tuple[PlannedField, ...]
    owners: Mapping[str, frozenset[str]]
    texts: Mapping[str, str]


def own_question(
    uow: UnitOfWork, document_id: int, *, at: dt.datetime, received_at: dt.datetime | None = None,
    arriving: Mapping[str, str] | None = None, cited: Collection[str] = (),
) -> OwnQuestion:  # fmt: skip
    """Everything that is known at the moment `at`. Each signature that stands is judged at the time it came, and in
    each box only its owner's certificate counts.

    `arriving`: field → SHA-256 of the certificate of a signature that comes just now (`received_at`). `cited`:
    digests of revocation lists that earlier verdicts rested on; an authority may drop expired certificates from its
    newer lists, so the older list stays evidence.
    """
    standing = documents.receipts_of(uow.session, document_id)
    receipts = tuple(
        Receipt(row.received_at, TimeSource.RECEIPT, size=row.size, sha256=row.sha256) for row in standing
    )
    owners = {row.field: frozenset({row.owner}) for row in standing}
    owners |= {field: frozenset({owner}) for field, owner in (arriving or {}).items()}
    about = authority.fingerprints(uow).union(*owners.values())
    evidence = trust.evidence(uow, at=at, received_at=received_at, about=about)
    kept = tuple(row.der for row in verdicts.lists(uow.session, cited) if row.this_update <= at)
    answers = tuple(row.der for row in evidence_store.answers(uow.session, cited) if row.this_update <= at)
    plan = planned_fields(uow, document_id)
    return OwnQuestion(
        trust=trust.trust_store(uow, documents.agency_of(uow.session, document_id)),
        evidence=dataclasses.replace(evidence.plus(crls=kept, ocsps=answers), older_receipts=receipts),
        policy=trust.policy(uow),
        plan=plan,
        owners=owners,
        texts={field.name: field.expected_text for field in plan if field.expected_text},
    )
