"""One page: permission → who. Deny by default: what is not written here nobody may.

`Scope` says whose papers a person can reach; only this module builds one, and every query for people's work takes
one as its first argument.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from workflow.domain.errors import NotPermitted
from workflow.domain.people import Actor, Post, Role


class Permission(StrEnum):
    """What a page or a service may ask for."""

    READ_DOCUMENT = "read_document"
    DRAFT_DOCUMENT = "draft_document"
    KEEP_TEMPLATES = "keep_templates"
    ACT_ON_DOCUMENT = "act_on_document"
    GIVE_OPINION = "give_opinion"
    SIGN = "sign"
    CO_SIGN = "co_sign"
    SEAL = "seal"
    RECEIVE_DOCUMENT = "receive_document"
    READ_INCOMING = "read_incoming"
    ACT_ON_INCOMING = "act_on_incoming"
    SEE_REGISTER = "see_register"
    KEEP_REGISTER = "keep_register"
    REOPEN_YEAR = "reopen_year"
    IMPORT_REGISTER = "import_register"
    SEE_GROUPS = "see_groups"
    KEEP_GROUPS = "keep_groups"
    KEEP_OFFICES = "keep_offices"
    SEE_RATES = "see_rates"
    SEE_REPORTS = "see_reports"
    ENROL_CERTIFICATE = "enrol_certificate"
    CONFIRM_CERTIFICATE = "confirm_certificate"
    SEE_CERTIFICATES = "see_certificates"
    ALLOW_SERVER_SEAL = "allow_server_seal"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_TRUST = "manage_trust"
    READ_DOSSIER = "read_dossier"
    KEEP_DOSSIER = "keep_dossier"
    PLAN_FILES = "plan_files"
    APPROVE_FILE_PLAN = "approve_file_plan"
    TRANSFER_DOSSIER = "transfer_dossier"
    MANAGE_RETENTION = "manage_retention"
    MANAGE_SIGNS = "manage_signs"
    RUN_JOBS = "run_jobs"
    SEE_JOURNAL = "see_journal"
    USE_API = "use_api"
    SEE_COPIES = "see_copies"
    MAKE_COPIES = "make_copies"
    SIGN_COPIES = "sign_copies"
    NAME_COPY_SIGNERS = "name_copy_signers"
    FOUND_INSPECTION = "found_inspection"
    SEE_ACCESS = "see_access"
    REVIEW_ACCESS = "review_access"


_D, _H, _C, _L, _P = Role.DRAFTER, Role.UNIT_HEAD, Role.CLERK, Role.LEADER, Role.DEPUTY
_A, _I = Role.ADMIN, Role.INSPECTOR

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.READ_DOCUMENT: frozenset({_D, _H, _C, _L, _P, _I}),
    Permission.DRAFT_DOCUMENT: frozenset({_D, _H, _C}),
    Permission.KEEP_TEMPLATES: frozenset({_C, _A}),
    Permission.ACT_ON_DOCUMENT: frozenset({_D, _H, _C, _L, _P}),
    Permission.GIVE_OPINION: frozenset({_D, _H, _C, _L, _P}),
    Permission.SIGN: frozenset({_L, _P, _H}),
    Permission.CO_SIGN: frozenset({_L, _P, _H, _C}),
    Permission.SEAL: frozenset({_C}),
    Permission.RECEIVE_DOCUMENT: frozenset({_C}),
    Permission.READ_INCOMING: frozenset({_D, _H, _C, _L, _P, _I}),
    Permission.ACT_ON_INCOMING: frozenset({_D, _H, _C, _L, _P}),
    Permission.SEE_REGISTER: frozenset({_C, _L, _P, _I}),
    Permission.KEEP_REGISTER: frozenset({_C}),
    Permission.REOPEN_YEAR: frozenset({_L}),
    Permission.IMPORT_REGISTER: frozenset({_C}),
    Permission.SEE_GROUPS: frozenset({_D, _H, _C, _A}),
    Permission.KEEP_GROUPS: frozenset({_C, _A}),
    Permission.KEEP_OFFICES: frozenset({_C, _A}),
    Permission.SEE_RATES: frozenset({_H, _C, _L, _P, _A, _I}),
    Permission.SEE_REPORTS: frozenset({_H, _C, _L, _P, _A, _I}),
    Permission.ENROL_CERTIFICATE: frozenset({_L, _P, _H, _C}),
    Permission.CONFIRM_CERTIFICATE: frozenset({_A}),
    Permission.SEE_CERTIFICATES: frozenset({_L, _A}),
    Permission.ALLOW_SERVER_SEAL: frozenset({_L}),
    Permission.MANAGE_PEOPLE: frozenset({_A}),
    Permission.MANAGE_SETTINGS: frozenset({_A}),
    Permission.MANAGE_TRUST: frozenset({_A}),
    Permission.READ_DOSSIER: frozenset({_D, _H, _C, _L, _P, _I}),
    Permission.KEEP_DOSSIER: frozenset({_D, _H, _C, _L, _P}),
    Permission.PLAN_FILES: frozenset({_C}),
    Permission.APPROVE_FILE_PLAN: frozenset({_L}),
    Permission.TRANSFER_DOSSIER: frozenset({_C}),
    Permission.MANAGE_RETENTION: frozenset({_A}),
    Permission.MANAGE_SIGNS: frozenset({_A}),
    Permission.RUN_JOBS: frozenset({_A}),
    Permission.SEE_JOURNAL: frozenset({_A, _I}),
    Permission.USE_API: frozenset({_D, _H, _C, _L, _P, _A, _I}),
    Permission.SEE_COPIES: frozenset({_H, _C, _L, _P, _I}),
    Permission.MAKE_COPIES: frozenset({_C}),
    Permission.SIGN_COPIES: frozenset({_H, _L, _P}),
    Permission.NAME_COPY_SIGNERS: frozenset({_L}),
    Permission.FOUND_INSPECTION: frozenset({_L, _P, _A}),
    Permission.SEE_ACCESS: frozenset({_A, _I}),
    Permission.REVIEW_ACCESS: frozenset({_A}),
}

AT_TOP = frozenset(
    {
        Permission.MANAGE_TRUST,
        Permission.MANAGE_RETENTION,
        Permission.MANAGE_SIGNS,
        Permission.RUN_JOBS,
        Permission.SEE_JOURNAL,
    }
)
"""What concerns every agency at once: only posts of the top agency have these. A commune's administrator who chose
how strictly signatures are judged would choose it for the whole province; the retention table is one for all, and
so are the numbers from which on a sign of irregularity speaks, the jobs of the clock, with the backups and ways of
messages that they look after, and the roots of the journal."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose papers: whole agencies, single units, or one person's own; nothing where all three are empty.

    `person_id` lets a named signer, drafter or handler reach exactly their own documents besides, those of the
    agency `person_in`: what bears their name in an agency that they left is not theirs any more. `office_of`:
    agencies whose incoming documents (only these) the post prepares for the leader. `receives_for`: units whose
    copies of issued documents (only these, nothing else of those documents) the post receives. `reads_for`: units
    whose copies it reads once somebody has received them there, those of secret documents left out.
    `until` ends the scope with the posts it came from. `no_secrets`: secret documents are not there at all.
    """

    agency_ids: tuple[int, ...] = ()
    unit_ids: tuple[int, ...] = ()
    person_id: int | None = None
    until: dt.date | None = None
    office_of: tuple[int, ...] = ()
    person_in: int | None = None
    receives_for: tuple[int, ...] = ()
    reads_for: tuple[int, ...] = ()
    no_secrets: bool = False

    @property
    def own(self) -> tuple[int, int] | None:
        """(person, agency) of what is one's own; None where nothing is."""
        return None if self.person_id is None or self.person_in is None else (self.person_id, self.person_in)


NOTHING = Scope()

_WHOLE_AGENCY = frozenset({_C, _L, _P, _I})


def allowed(role: Role, permission: Permission, *, at_top: bool = False) -> bool:
    """Whether a role has a permission, in the top agency or in another."""
    return role in ALLOWED[permission] and (at_top or permission not in AT_TOP)


IN_PLACE_READING = frozenset({Permission.READ_DOCUMENT, Permission.READ_INCOMING})
IN_PLACE = IN_PLACE_READING | {Permission.ACT_ON_INCOMING, Permission.GIVE_OPINION}
"""All that somebody may who looks after another's desk (`absences`): read, settle what arrives, and say what their
unit thinks of another's draft, under their own name. Never sign or seal; nor review drafts, whose content the head
answers for (Decree 30/2020 Art. 12.1)."""


def open_in_place(permission: Permission, *, reading_only: bool) -> bool:
    """Whether a permission goes with a desk that is looked after for somebody."""
    return permission in (IN_PLACE_READING if reading_only else IN_PLACE)


def demand(actor: Actor, permission: Permission) -> None:
    """Raise `NotPermitted` unless the actor's post has the permission, and they act in a post of their own or do
    what may be done in another's place."""
    if actor.in_place_of is not None and not open_in_place(permission, reading_only=actor.reading_only):
        raise NotPermitted("not_in_place", permission=str(permission))
    if not allowed(actor.role, permission, at_top=actor.at_top):
        raise NotPermitted("no_permission", permission=str(permission), role=str(actor.role))


def scope_of(post: Post, *, units_below: Iterable[int], agencies_below: Iterable[int] = ()) -> Scope:
    """The scope of one post.

    Clerks, leaders and their deputies reach their agency; inspectors also the agencies below it, but
    nothing secret; heads of units
    their unit and its parts, and the head of the office that prepares directions all that arrives; drafters their
    own unit's papers. Administrators of people see no papers. What goes to a unit inside its agency is received by
    its head, or a clerk who sits there; its staff read it after that.
    """
    if post.role is Role.INSPECTOR:
        agencies = tuple(sorted({post.agency_id, *agencies_below}))
        return Scope(agency_ids=agencies, until=post.valid_to, no_secrets=True)
    if post.role in _WHOLE_AGENCY:
        receives_for = (post.unit_id,) if post.role is Role.CLERK else ()
        return Scope(agency_ids=(post.agency_id,), until=post.valid_to, receives_for=receives_for)
    if post.role is Role.UNIT_HEAD:
        units = tuple(sorted({post.unit_id, *units_below}))
        office_of = (post.agency_id,) if post.in_office else ()
        return Scope(
            unit_ids=units, person_id=post.person_id, person_in=post.agency_id, until=post.valid_to,
            office_of=office_of, receives_for=units,
        )  # fmt: skip
    if post.role is Role.DRAFTER:
        return Scope(
            unit_ids=(post.unit_id,), person_id=post.person_id, person_in=post.agency_id, until=post.valid_to,
            reads_for=(post.unit_id,),
        )  # fmt: skip
    return NOTHING


def inspection_scope(*, agencies: Iterable[int], units: Iterable[int], until: dt.date | None) -> Scope:
    """The papers of the units that an inspection names: whole agencies, and single units with their parts.

    Nothing of the reader's own, and nothing secret: a decision that founds a team opens no state secret.
    """
    whole, parts = tuple(sorted(set(agencies))), tuple(sorted(set(units)))
    return Scope(agency_ids=whole, unit_ids=parts, until=until, no_secrets=True)


def figures_scope(post: Post, *, agencies_below: Iterable[int]) -> Scope:
    """Whose figures: administrators and inspectors see their agency and those below, others their own agency."""
    if post.role in {Role.ADMIN, Role.INSPECTOR}:
        agencies = tuple(sorted({post.agency_id, *agencies_below}))
        return Scope(agency_ids=agencies, until=post.valid_to, no_secrets=post.role is Role.INSPECTOR)
    if allowed(post.role, Permission.SEE_RATES):
        return Scope(agency_ids=(post.agency_id,), until=post.valid_to)
    return NOTHING
