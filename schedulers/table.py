"""The table of jobs. A file in `schedulers/jobs/` that is not named here never runs; a test compares the two."""

from __future__ import annotations

from schedulers.job import Job
from schedulers.jobs import (
    anchor,
    audit_pass,
    backup,
    bounces,
    bundles,
    certificates,
    collect,
    digest,
    escalation,
    explanations,
    freeze,
    held_numbers,
    housekeeping,
    index_texts,
    monthly_reports,
    outbox,
    read_scans,
    recheck,
    recount,
    remote_signatures,
    restore_drill,
    revocation,
    settle,
    timestamps,
    trust_report,
    unsigned,
)
from workflow.domain.errors import NotFound

JOBS: tuple[Job, ...] = (
    unsigned.JOB,
    digest.JOB,
    outbox.JOB,
    bounces.JOB,
    settle.JOB,
    remote_signatures.JOB,
    recheck.JOB,
    trust_report.JOB,
    revocation.JOB,
    certificates.JOB,
    collect.JOB,
    explanations.JOB,
    held_numbers.JOB,
    read_scans.JOB,
    bundles.JOB,
    index_texts.JOB,
    timestamps.JOB,
    housekeeping.JOB,
    backup.JOB,
    restore_drill.JOB,
    anchor.JOB,
    audit_pass.JOB,
    escalation.JOB,
    freeze.JOB,
    monthly_reports.JOB,
    recount.JOB,
)


def job(name: str) -> Job:
    """A job by its name."""
    for found in JOBS:
        if found.name == name:
            return found
    raise NotFound("job_not_found", job=name, known=", ".join(one.name for one in JOBS))
