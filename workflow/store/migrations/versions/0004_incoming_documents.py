"""incoming documents

Revision 0004, after 0003: incoming documents with files, recipients, history and the work on them; what travels between
agencies of the installation; a register of arrivals for every agency; the office that prepares directions.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    _units()
    _registers()
    _deadline_rule()
    _phrase()
    _saved_view()
    _handover()
    _incoming()
    _delivery()
    _incoming_explanation()
    _incoming_extension()
    _incoming_file()
    _incoming_history()
    _incoming_part()
    _incoming_pause()
    _incoming_urging()
    _recipient()
    _reply()
    _delivery_status()
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _units() -> None:
    """No unit is an office and no Saturday is worked until somebody says so."""
    with op.batch_alter_table("unit") as batch:
        batch.add_column(sa.Column("is_office", sa.Boolean(), nullable=True))
        batch.add_column(sa.Column("saturday", sa.String(length=40), nullable=True))
    op.execute(sa.text("UPDATE unit SET is_office = :no, saturday = ''").bindparams(no=False))
    with op.batch_alter_table("unit") as batch:
        batch.alter_column("is_office", existing_type=sa.Boolean(), nullable=False)
        batch.alter_column("saturday", existing_type=sa.String(length=40), nullable=False)


def _registers() -> None:
    """What stands numbers our own documents; every agency gets a register of arrivals beside."""
    with op.batch_alter_table("register") as batch:
        batch.add_column(sa.Column("direction", sa.String(length=3), nullable=True))
        batch.create_check_constraint(op.f("ck_register_direction"), "direction IN ('out', 'in')")
    op.execute("UPDATE register SET direction = 'out'")
    with op.batch_alter_table("register") as batch:
        batch.alter_column("direction", existing_type=sa.String(length=3), nullable=False)
    op.execute(
        sa.text(
            "INSERT INTO register (agency_id, code, name, organ, type_codes, secret, active, direction) "
            "SELECT id, 'den', 'Sổ văn bản đến', abbreviation, '[]', :no, :yes, 'in' FROM unit WHERE kind = 'agency'"
        ).bindparams(no=False, yes=True)
    )
    op.execute(
        sa.text(
            "INSERT INTO register (agency_id, code, name, organ, type_codes, secret, active, direction) "
            "SELECT id, 'den-mat', 'Sổ văn bản mật đến', abbreviation, '[]', :yes, :yes, 'in' FROM unit "
            "WHERE kind = 'agency'"
        ).bindparams(yes=True)
    )


def _deadline_rule() -> None:
    op.create_table(
        "deadline_rule",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("type_code", sa.String(length=20), nullable=True),
        sa.Column("unit_id", KEY, nullable=True),
        sa.Column("measure", sa.String(length=15), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(length=200), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(measure = 'none') = (amount = 0)", name=op.f("ck_deadline_rule_amount")),
        sa.CheckConstraint(
            "measure IN ('none', 'days', 'working_days', 'hours')", name=op.f("ck_deadline_rule_measure")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_deadline_rule_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_deadline_rule_type_code_document_type")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_deadline_rule_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadline_rule")),
    )
    with op.batch_alter_table("deadline_rule", schema=None) as batch_op:
        batch_op.create_index("ix_deadline_rule_agency", ["agency_id"], unique=False)


def _phrase() -> None:
    op.create_table(
        "phrase",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("words", sa.String(length=300), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_phrase_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_phrase")),
        sa.UniqueConstraint("person_id", "words", name=op.f("uq_phrase_person_id_words")),
    )


def _saved_view() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("page", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("query", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
        sa.UniqueConstraint("person_id", "page", "name", name=op.f("uq_saved_view_person_id_page_name")),
    )


def _handover() -> None:
    op.create_table(
        "handover",
        sa.Column("id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("post_id", KEY, nullable=False),
        sa.Column("to_post_id", KEY, nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_handover_agency_id_unit")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_handover_by_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_handover_post_id_post")),
        sa.ForeignKeyConstraint(["to_post_id"], ["post.id"], name=op.f("fk_handover_to_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_handover_post_id"), ["post_id"], unique=False)


def _incoming() -> None:
    op.create_table(
        "incoming",
        sa.Column("id", KEY, nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("medium", sa.String(length=10), nullable=False),
        sa.Column("issuer", sa.String(length=200), nullable=False),
        sa.Column("issuer_folded", sa.String(length=200), nullable=False),
        sa.Column("issuer_agency_id", KEY, nullable=True),
        sa.Column("issuer_kind", sa.String(length=12), nullable=False),
        sa.Column("symbol", sa.String(length=60), nullable=False),
        sa.Column("symbol_key", sa.String(length=60), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=True),
        sa.Column("type_code", sa.String(length=20), nullable=True),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("subject_folded", sa.String(length=500), nullable=False),
        sa.Column("signer", sa.String(length=100), nullable=False),
        sa.Column("signer_title", sa.String(length=100), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("copies", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("envelope_on", sa.Date(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_before_id", KEY, nullable=True),
        sa.Column("register_id", KEY, nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("registered_by_id", KEY, nullable=True),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("verdict_reason", sa.String(length=500), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("reading", sa.String(length=12), nullable=False),
        sa.Column("proposals", sa.JSON(), nullable=False),
        sa.Column("leader_id", KEY, nullable=True),
        sa.Column("at_office", sa.Boolean(), nullable=False),
        sa.Column("proposal", sa.JSON(), nullable=False),
        sa.Column("direction", sa.Text(), nullable=False),
        sa.Column("directed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lead_unit_id", KEY, nullable=True),
        sa.Column("handler_id", KEY, nullable=True),
        sa.Column("holder_id", KEY, nullable=True),
        sa.Column("due_kind", sa.String(length=10), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_term", sa.JSON(), nullable=False),
        sa.Column("first_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("extensions", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.String(length=20), nullable=False),
        sa.Column("result_words", sa.Text(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("replaces_id", KEY, nullable=True),
        sa.Column("recall_asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recall_reason", sa.String(length=1000), nullable=False),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint("(done_at IS NULL) = (result = '')", name=op.f("ck_incoming_done_has_result")),
        sa.CheckConstraint(
            "(due_kind IN ('given', 'rule')) = (due_at IS NOT NULL)", name=op.f("ck_incoming_due_has_moment")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'filed')) = (done_at IS NOT NULL)", name=op.f("ck_incoming_done_has_date")
        ),
        sa.CheckConstraint(
            "(state IN ('done', 'filed', 'returned', 'recalled')) = (closed_at IS NOT NULL)",
            name=op.f("ck_incoming_closed_has_date"),
        ),
        sa.CheckConstraint("due_kind IN ('none', 'given', 'rule', 'undecided')", name=op.f("ck_incoming_due_kind")),
        sa.CheckConstraint("medium IN ('electronic', 'paper')", name=op.f("ck_incoming_medium")),
        sa.CheckConstraint(
            "state IN ('arrived','checked','anomaly','registered','submitted','directed','assigned','in_progress','done','filed','returned','recalled')",
            name=op.f("ck_incoming_state"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('assigned', 'in_progress') OR handler_id IS NOT NULL",
            name=op.f("ck_incoming_has_handler"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('directed', 'assigned', 'in_progress') OR lead_unit_id IS NOT NULL",
            name=op.f("ck_incoming_directed_has_lead"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('registered', 'submitted', 'directed', 'assigned', 'in_progress', 'done', 'filed') OR (number IS NOT NULL AND registered_at IS NOT NULL)",
            name=op.f("ck_incoming_registered_has_number"),
        ),
        sa.CheckConstraint(
            "(number IS NULL) = (register_id IS NULL)", name=op.f("ck_incoming_number_has_register")
        ),
        sa.CheckConstraint("(number IS NULL) = (year IS NULL)", name=op.f("ck_incoming_number_has_year")),
        sa.ForeignKeyConstraint(
            ["actor_before_id"], ["person.id"], name=op.f("fk_incoming_actor_before_id_person")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_incoming_agency_id_unit")),
        sa.ForeignKeyConstraint(["handler_id"], ["person.id"], name=op.f("fk_incoming_handler_id_person")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_incoming_holder_id_person")),
        sa.ForeignKeyConstraint(["issuer_agency_id"], ["unit.id"], name=op.f("fk_incoming_issuer_agency_id_unit")),
        sa.ForeignKeyConstraint(["lead_unit_id"], ["unit.id"], name=op.f("fk_incoming_lead_unit_id_unit")),
        sa.ForeignKeyConstraint(["leader_id"], ["person.id"], name=op.f("fk_incoming_leader_id_person")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_incoming_register_id_register")),
        sa.ForeignKeyConstraint(
            ["registered_by_id"], ["person.id"], name=op.f("fk_incoming_registered_by_id_person")
        ),
        sa.ForeignKeyConstraint(["replaces_id"], ["incoming.id"], name=op.f("fk_incoming_replaces_id_incoming")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_incoming_type_code_document_type")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming")),
        sa.UniqueConstraint("agency_id", "once_key", name=op.f("uq_incoming_agency_id_once_key")),
        sa.UniqueConstraint("register_id", "year", "number", name=op.f("uq_incoming_register_id_year_number")),
    )
    with op.batch_alter_table("incoming", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_agency", ["agency_id", "id"], unique=False)
        batch_op.create_index("ix_incoming_agency_state", ["agency_id", "state", "id"], unique=False)
        batch_op.create_index(
            "ix_incoming_done", ["agency_id", "done_at", "id", "lead_unit_id", "due_at", "result"], unique=False
        )
        batch_op.create_index(
            "ix_incoming_due",
            ["agency_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_incoming_handler", ["handler_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_lead_unit_id"), ["lead_unit_id"], unique=False)
        batch_op.create_index(
            "ix_incoming_open",
            ["agency_id", "step_due_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_incoming_same", ["agency_id", "symbol_key", "issued_on"], unique=False)


def _delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("status", sa.String(length=2), nullable=False),
        sa.Column("status_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "status IN ('01','02','03','04','05','06','13','15','16')", name=op.f("ck_delivery_status")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_delivery_agency_id_unit")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_delivery_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_delivery_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("outgoing_id", "agency_id", name=op.f("uq_delivery_outgoing_id_agency_id")),
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_incoming", ["incoming_id"], unique=False)


def _incoming_explanation() -> None:
    op.create_table(
        "incoming_explanation",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("lateness", sa.String(length=40), nullable=False),
        sa.Column("person_id", KEY, nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("held_by", sa.String(length=12), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("demanded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("demanded_by_id", KEY, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cause", sa.String(length=12), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'accepted') <= (cause <> '')", name=op.f("ck_incoming_explanation_accepted_has_cause")
        ),
        sa.CheckConstraint(
            "(state IN ('given', 'accepted')) <= (given_at IS NOT NULL)",
            name=op.f("ck_incoming_explanation_given_has_date"),
        ),
        sa.CheckConstraint("cause IN ('', 'subjective', 'objective')", name=op.f("ck_incoming_explanation_cause")),
        sa.CheckConstraint(
            "state IN ('owed', 'given', 'accepted', 'sent_back')", name=op.f("ck_incoming_explanation_state")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_incoming_explanation_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["demanded_by_id"], ["person.id"], name=op.f("fk_incoming_explanation_demanded_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_explanation_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_incoming_explanation_person_id_person")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_incoming_explanation_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_explanation")),
        sa.UniqueConstraint(
            "incoming_id",
            "person_id",
            "lateness",
            name=op.f("uq_incoming_explanation_incoming_id_person_id_lateness"),
        ),
    )
    with op.batch_alter_table("incoming_explanation", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_explanation_document", ["incoming_id", "id"], unique=False)
        batch_op.create_index(
            "ix_incoming_explanation_owed",
            ["person_id", "due_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('owed', 'sent_back')"),
            postgresql_where=sa.text("state IN ('owed', 'sent_back')"),
        )


def _incoming_extension() -> None:
    op.create_table(
        "incoming_extension",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("due_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_wanted", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_granted", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("answer", sa.String(length=1000), nullable=False),
        sa.Column("asked_by_id", KEY, nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", KEY, nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state = 'asked') = (decided_at IS NULL)", name=op.f("ck_incoming_extension_decided_has_date")
        ),
        sa.CheckConstraint("kind IN ('inside', 'between')", name=op.f("ck_incoming_extension_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'granted', 'refused', 'withdrawn')", name=op.f("ck_incoming_extension_state")
        ),
        sa.ForeignKeyConstraint(
            ["asked_by_id"], ["person.id"], name=op.f("fk_incoming_extension_asked_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["decided_by_id"], ["person.id"], name=op.f("fk_incoming_extension_decided_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_extension_incoming_id_incoming")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_extension")),
    )
    with op.batch_alter_table("incoming_extension", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_extension_document", ["incoming_id", "id"], unique=False)
        batch_op.create_index(
            "uq_incoming_extension_asked",
            ["incoming_id"],
            unique=True,
            sqlite_where=sa.text("state = 'asked'"),
            postgresql_where=sa.text("state = 'asked'"),
        )


def _incoming_file() -> None:
    op.create_table(
        "incoming_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("intake_id", KEY, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Boolean(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.CheckConstraint(
            "kind IN ('main', 'attachment', 'scan', 'envelope', 'work')", name=op.f("ck_incoming_file_kind")
        ),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_incoming_file_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_file_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name=op.f("fk_incoming_file_intake_id_intake")),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_incoming_file_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_file")),
        sa.UniqueConstraint("incoming_id", "ordinal", name=op.f("uq_incoming_file_incoming_id_ordinal")),
    )
    with op.batch_alter_table("incoming_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incoming_file_intake_id"), ["intake_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_file_sha256"), ["sha256"], unique=False)


def _incoming_history() -> None:
    op.create_table(
        "incoming_history",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("post_id", KEY, nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("held_by", sa.String(length=12), nullable=False),
        sa.Column("held_by_id", KEY, nullable=True),
        sa.Column("held_unit_id", KEY, nullable=True),
        sa.Column("held_minutes", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["held_by_id"], ["person.id"], name=op.f("fk_incoming_history_held_by_id_person")),
        sa.ForeignKeyConstraint(["held_unit_id"], ["unit.id"], name=op.f("fk_incoming_history_held_unit_id_unit")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_history_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incoming_history_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_incoming_history_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_history")),
        sa.UniqueConstraint("incoming_id", "ordinal", name=op.f("uq_incoming_history_incoming_id_ordinal")),
    )


def _incoming_part() -> None:
    op.create_table(
        "incoming_part",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=12), nullable=False),
        sa.Column("unit_id", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("words", sa.String(length=500), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by_id", KEY, nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", KEY, nullable=True),
        sa.Column("result_words", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(state IN ('done', 'ended')) = (ended_at IS NOT NULL)", name=op.f("ck_incoming_part_ended_has_date")
        ),
        sa.CheckConstraint("part IN ('lead', 'coordinate', 'inform')", name=op.f("ck_incoming_part_part")),
        sa.CheckConstraint(
            "state IN ('open', 'in_progress', 'done', 'ended')", name=op.f("ck_incoming_part_state")
        ),
        sa.ForeignKeyConstraint(["given_by_id"], ["person.id"], name=op.f("fk_incoming_part_given_by_id_person")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_part_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incoming_part_person_id_person")),
        sa.ForeignKeyConstraint(["read_by_id"], ["person.id"], name=op.f("fk_incoming_part_read_by_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_incoming_part_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_part")),
    )
    with op.batch_alter_table("incoming_part", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_part_document", ["incoming_id", "id"], unique=False)
        batch_op.create_index(
            "ix_incoming_part_open",
            ["unit_id", "due_at", "id"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_incoming_part_person", ["person_id", "incoming_id"], unique=False)
        batch_op.create_index("ix_incoming_part_unit", ["unit_id", "incoming_id"], unique=False)
        batch_op.create_index(
            "uq_incoming_part_lead",
            ["incoming_id"],
            unique=True,
            sqlite_where=sa.text("part = 'lead' AND state <> 'ended'"),
            postgresql_where=sa.text("part = 'lead' AND state <> 'ended'"),
        )


def _incoming_pause() -> None:
    op.create_table(
        "incoming_pause",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("began_by_id", KEY, nullable=True),
        sa.Column("ended_by_id", KEY, nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR ended_at >= began_at", name=op.f("ck_incoming_pause_order")),
        sa.ForeignKeyConstraint(["began_by_id"], ["person.id"], name=op.f("fk_incoming_pause_began_by_id_person")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["person.id"], name=op.f("fk_incoming_pause_ended_by_id_person")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_pause_incoming_id_incoming")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_pause")),
    )
    with op.batch_alter_table("incoming_pause", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_pause_document", ["incoming_id", "id"], unique=False)
        batch_op.create_index(
            "uq_incoming_pause_open",
            ["incoming_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )


def _incoming_urging() -> None:
    op.create_table(
        "incoming_urging",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("words", sa.String(length=1000), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_incoming_urging_by_id_person")),
        sa.ForeignKeyConstraint(
            ["incoming_id"], ["incoming.id"], name=op.f("fk_incoming_urging_incoming_id_incoming")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_incoming_urging_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incoming_urging")),
    )
    with op.batch_alter_table("incoming_urging", schema=None) as batch_op:
        batch_op.create_index("ix_incoming_urging_document", ["incoming_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incoming_urging_person_id"), ["person_id"], unique=False)


def _recipient() -> None:
    op.create_table(
        "recipient",
        sa.Column("id", KEY, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=False),
        sa.Column("agency_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_recipient_agency_id_unit")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_recipient_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recipient")),
        sa.UniqueConstraint("outgoing_id", "agency_id", name=op.f("uq_recipient_outgoing_id_agency_id")),
    )


def _reply() -> None:
    op.create_table(
        "reply",
        sa.Column("id", KEY, nullable=False),
        sa.Column("incoming_id", KEY, nullable=False),
        sa.Column("outgoing_id", KEY, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("closes", sa.Boolean(), nullable=False),
        sa.Column("linked_by_id", KEY, nullable=True),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("kind IN ('answer', 'apology')", name=op.f("ck_reply_kind")),
        sa.ForeignKeyConstraint(["incoming_id"], ["incoming.id"], name=op.f("fk_reply_incoming_id_incoming")),
        sa.ForeignKeyConstraint(["linked_by_id"], ["person.id"], name=op.f("fk_reply_linked_by_id_person")),
        sa.ForeignKeyConstraint(["outgoing_id"], ["outgoing.id"], name=op.f("fk_reply_outgoing_id_outgoing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("incoming_id", "outgoing_id", name=op.f("uq_reply_incoming_id_outgoing_id")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index("ix_reply_outgoing", ["outgoing_id"], unique=False)


def _delivery_status() -> None:
    op.create_table(
        "delivery_status",
        sa.Column("id", KEY, nullable=False),
        sa.Column("delivery_id", KEY, nullable=False),
        sa.Column("code", sa.String(length=2), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_status_delivery_id_delivery")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delivery_status_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_status")),
    )
    with op.batch_alter_table("delivery_status", schema=None) as batch_op:
        batch_op.create_index("ix_delivery_status_delivery", ["delivery_id", "id"], unique=False)


SQLITE = (
    "CREATE TRIGGER tr_delivery_status_update BEFORE UPDATE ON delivery_status BEGIN SELECT RAISE(ABORT, 'delivery_status is append-only'); END",
    "CREATE TRIGGER tr_delivery_status_delete BEFORE DELETE ON delivery_status BEGIN SELECT RAISE(ABORT, 'delivery_status is append-only'); END",
    "CREATE TRIGGER tr_delivery_status_replace BEFORE INSERT ON delivery_status WHEN EXISTS (SELECT 1 FROM delivery_status WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'delivery_status is append-only'); END",
    "CREATE TRIGGER tr_incoming_history_update BEFORE UPDATE ON incoming_history BEGIN SELECT RAISE(ABORT, 'incoming_history is append-only'); END",
    "CREATE TRIGGER tr_incoming_history_delete BEFORE DELETE ON incoming_history BEGIN SELECT RAISE(ABORT, 'incoming_history is append-only'); END",
    "CREATE TRIGGER tr_incoming_history_replace BEFORE INSERT ON incoming_history WHEN EXISTS (SELECT 1 FROM incoming_history WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM incoming_history WHERE incoming_id = NEW.incoming_id AND ordinal = NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'incoming_history is append-only'); END",
)
POSTGRESQL = (
    "CREATE TRIGGER tr_delivery_status_update BEFORE UPDATE ON delivery_status FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_delivery_status_delete BEFORE DELETE ON delivery_status FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_delivery_status_truncate BEFORE TRUNCATE ON delivery_status FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_incoming_history_update BEFORE UPDATE ON incoming_history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_incoming_history_delete BEFORE DELETE ON incoming_history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_incoming_history_truncate BEFORE TRUNCATE ON incoming_history FOR EACH STATEMENT EXECUTE FUNCTION trinhky_refuse()",
)
