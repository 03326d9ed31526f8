"""first tables

Revision 0001: everything the main job stands on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Forward only: an office goes back by restoring its backup."""
    op.create_table(
        "asking",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_asking")),
    )
    op.create_table(
        "blob",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("media_type", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("gone_at IS NULL OR leaving_at IS NOT NULL", name=op.f("ck_blob_gone_after_leaving")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_blob")),
    )
    op.create_table(
        "calendar_day",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("working", sa.Boolean(), nullable=False),
        sa.Column("name_vi", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("decree", sa.String(length=200), nullable=False),
        sa.Column("seeded", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_day")),
        sa.UniqueConstraint("day", name=op.f("uq_calendar_day_day")),
    )
    op.create_table(
        "crl",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("issuer_key", sa.String(length=64), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("number", sa.String(length=64), nullable=False),
        sa.Column("this_update", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_update", sa.DateTime(timezone=True), nullable=True),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=200), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_crl")),
    )
    with op.batch_alter_table("crl", schema=None) as batch_op:
        batch_op.create_index("ix_crl_issuer", ["issuer_key", "this_update"], unique=False)

    op.create_table(
        "document_type",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("abbreviation", sa.String(length=10), nullable=False),
        sa.Column("name_vi", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_document_type")),
    )
    op.create_table(
        "job_run",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("worker", sa.String(length=80), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'missed')", name=op.f("ck_job_run_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "period", name=op.f("uq_job_run_job_period")),
    )
    op.create_table(
        "login_delay",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_login_delay")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("full_name", sa.String(length=100), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("muted_digest", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "unit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=35), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("abbreviation", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("place", sa.String(length=60), nullable=False),
        sa.Column("superior", sa.String(length=200), nullable=False),
        sa.Column("head_title", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=200), nullable=False),
        sa.Column("server_seal", sa.Boolean(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("decree", sa.String(length=200), nullable=False),
        sa.CheckConstraint("kind IN ('agency', 'part')", name=op.f("ck_unit_kind")),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_unit_dates")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_unit_agency_id_unit")),
        sa.ForeignKeyConstraint(["parent_id"], ["unit.id"], name=op.f("fk_unit_parent_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_unit_code")),
    )
    with op.batch_alter_table("unit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_unit_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_unit_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "account",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("username", sa.String(length=60), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("totp_secret", sa.String(length=64), nullable=False),
        sa.Column("totp_last_step", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=5), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("person_id", name=op.f("uq_account_person_id")),
        sa.UniqueConstraint("username", name=op.f("uq_account_username")),
    )
    op.create_table(
        "certificate",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.Column("subject_name", sa.String(length=200), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("issuer_name", sa.String(length=200), nullable=False),
        sa.Column("serial", sa.String(length=64), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_after", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_kind", sa.String(length=20), nullable=False),
        sa.Column("holder", sa.String(length=20), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("enrolled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("enrolled_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "status <> 'confirmed' OR (confirmed_by_id IS NOT NULL AND confirmed_by_id <> enrolled_by_id)",
            name=op.f("ck_certificate_second_person"),
        ),
        sa.CheckConstraint(
            "status IN ('pending', 'confirmed', 'retired', 'refused')", name=op.f("ck_certificate_status")
        ),
        sa.CheckConstraint("(person_id IS NULL) <> (agency_id IS NULL)", name=op.f("ck_certificate_one_owner")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_certificate_agency_id_unit")),
        sa.ForeignKeyConstraint(
            ["confirmed_by_id"], ["person.id"], name=op.f("fk_certificate_confirmed_by_id_person")
        ),
        sa.ForeignKeyConstraint(
            ["enrolled_by_id"], ["person.id"], name=op.f("fk_certificate_enrolled_by_id_person")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_certificate_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_agency_id"), ["agency_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_not_after"), ["not_after"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_certificate_live",
            ["sha256"],
            unique=True,
            sqlite_where=sa.text("status IN ('pending', 'confirmed')"),
            postgresql_where=sa.text("status IN ('pending', 'confirmed')"),
        )

    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("once_key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=10), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("link", sa.String(length=300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_outbox_state")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outbox_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("once_key", name=op.f("uq_outbox_once_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_unit_id"), ["unit_id"], unique=False)
        batch_op.create_index(
            "ix_outbox_waiting",
            ["next_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "post",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name=op.f("ck_post_dates")),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_post_agency_id_unit")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_post_person_id_person")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_post_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_post")),
    )
    with op.batch_alter_table("post", schema=None) as batch_op:
        batch_op.create_index("ix_post_agency_role", ["agency_id", "role"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_person_id"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_post_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "register",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("organ", sa.String(length=30), nullable=False),
        sa.Column("type_codes", sa.JSON(), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_register_agency_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register")),
        sa.UniqueConstraint("agency_id", "code", name=op.f("uq_register_agency_id_code")),
    )
    with op.batch_alter_table("register", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_agency_id"), ["agency_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("period", sa.String(length=30), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("cut_off", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_report_agency_id_unit")),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_report_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
        sa.UniqueConstraint("kind", "period", "unit_id", name=op.f("uq_report_kind_period_unit_id")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_unit_id"), ["unit_id"], unique=False)

    op.create_table(
        "trust_root",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("der", sa.LargeBinary(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("purposes", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("trusted_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_trust_root_added_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trust_root")),
        sa.UniqueConstraint("sha256", name=op.f("uq_trust_root_sha256")),
    )
    op.create_table(
        "unit_succession",
        sa.Column("predecessor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("successor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("decree", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["predecessor_id"], ["unit.id"], name=op.f("fk_unit_succession_predecessor_id_unit")
        ),
        sa.ForeignKeyConstraint(["successor_id"], ["unit.id"], name=op.f("fk_unit_succession_successor_id_unit")),
        sa.PrimaryKeyConstraint("predecessor_id", "successor_id", name=op.f("pk_unit_succession")),
    )
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_api_token_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_token_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invitation_account_id_account")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_invitation_made_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_account_id"), ["account_id"], unique=False)

    op.create_table(
        "journal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tag", sa.String(length=60), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_journal_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_journal_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal")),
        sa.UniqueConstraint("subject", "ordinal", name=op.f("uq_journal_subject_ordinal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_at"), ["at"], unique=False)

    op.create_table(
        "login_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stepped_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_because", sa.String(length=40), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.Column("challenge", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_login_session_account_id_account")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_login_session_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_login_session")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_login_session_id_hash")),
    )
    with op.batch_alter_table("login_session", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_session_account_id"), ["account_id"], unique=False)

    op.create_table(
        "outgoing",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("once_key", sa.String(length=64), nullable=True),
        sa.Column("agency_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("unit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("register_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("type_code", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=500), nullable=False),
        sa.Column("subject_folded", sa.String(length=500), nullable=False),
        sa.Column("recipients", sa.Text(), nullable=False),
        sa.Column("urgency", sa.String(length=12), nullable=False),
        sa.Column("secret", sa.Boolean(), nullable=False),
        sa.Column("medium", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("drafter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drafter_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signer_post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("holder_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_before_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("skipped_review", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("step_due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("numbered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("symbol", sa.String(length=40), nullable=False),
        sa.Column("exempt_reason", sa.String(length=500), nullable=False),
        sa.Column("exempt_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("leader_verdict", sa.String(length=15), nullable=False),
        sa.Column("seal_verdict", sa.String(length=15), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("chain_length", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "(state IN ('issued', 'filed')) = (issued_at IS NOT NULL)", name=op.f("ck_outgoing_issued_has_date")
        ),
        sa.CheckConstraint(
            "(state IN ('issued', 'filed', 'cancelled')) = (closed_at IS NOT NULL)",
            name=op.f("ck_outgoing_closed_has_date"),
        ),
        sa.CheckConstraint(
            "(state IN ('numbered', 'sealed', 'issued', 'filed')) = (numbered_at IS NOT NULL)",
            name=op.f("ck_outgoing_numbered_has_date"),
        ),
        sa.CheckConstraint(
            "(state IN ('sealed', 'issued', 'filed')) = (sealed_at IS NOT NULL)",
            name=op.f("ck_outgoing_sealed_has_date"),
        ),
        sa.CheckConstraint(
            "(state IN ('signed', 'numbered', 'sealed', 'issued', 'filed')) = (signed_at IS NOT NULL)",
            name=op.f("ck_outgoing_signed_has_date"),
        ),
        sa.CheckConstraint("medium IN ('digital', 'ink')", name=op.f("ck_outgoing_medium")),
        sa.CheckConstraint(
            "state IN ('draft','returned','in_review','format_check','awaiting_signature','signed','numbered','sealed','issued','filed','cancelled')",
            name=op.f("ck_outgoing_state"),
        ),
        sa.CheckConstraint(
            "(numbered_at IS NULL) = (number IS NULL)", name=op.f("ck_outgoing_numbered_has_number")
        ),
        sa.CheckConstraint("NOT secret OR file_sha256 IS NULL", name=op.f("ck_outgoing_secret_holds_no_file")),
        sa.CheckConstraint(
            "signed_at IS NULL OR signer_id IS NOT NULL", name=op.f("ck_outgoing_signed_has_signer")
        ),
        sa.ForeignKeyConstraint(
            ["actor_before_id"], ["person.id"], name=op.f("fk_outgoing_actor_before_id_person")
        ),
        sa.ForeignKeyConstraint(["agency_id"], ["unit.id"], name=op.f("fk_outgoing_agency_id_unit")),
        sa.ForeignKeyConstraint(["drafter_id"], ["person.id"], name=op.f("fk_outgoing_drafter_id_person")),
        sa.ForeignKeyConstraint(["drafter_post_id"], ["post.id"], name=op.f("fk_outgoing_drafter_post_id_post")),
        sa.ForeignKeyConstraint(["exempt_by_id"], ["person.id"], name=op.f("fk_outgoing_exempt_by_id_person")),
        sa.ForeignKeyConstraint(["file_sha256"], ["blob.sha256"], name=op.f("fk_outgoing_file_sha256_blob")),
        sa.ForeignKeyConstraint(["holder_id"], ["person.id"], name=op.f("fk_outgoing_holder_id_person")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_outgoing_register_id_register")),
        sa.ForeignKeyConstraint(["signer_id"], ["person.id"], name=op.f("fk_outgoing_signer_id_person")),
        sa.ForeignKeyConstraint(["signer_post_id"], ["post.id"], name=op.f("fk_outgoing_signer_post_id_post")),
        sa.ForeignKeyConstraint(
            ["type_code"], ["document_type.code"], name=op.f("fk_outgoing_type_code_document_type")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_outgoing_unit_id_unit")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing")),
        sa.UniqueConstraint("code", name=op.f("uq_outgoing_code")),
        sa.UniqueConstraint("drafter_id", "once_key", name=op.f("uq_outgoing_drafter_id_once_key")),
        sa.UniqueConstraint("register_id", "year", "number", name=op.f("uq_outgoing_register_id_year_number")),
    )
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.create_index("ix_outgoing_agency", ["agency_id", "id"], unique=False)
        batch_op.create_index("ix_outgoing_agency_state", ["agency_id", "state", "id"], unique=False)
        batch_op.create_index("ix_outgoing_drafter", ["drafter_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_holder_id"), ["holder_id"], unique=False)
        batch_op.create_index(
            "ix_outgoing_issued",
            [
                "agency_id",
                "issued_at",
                "id",
                "unit_id",
                "signer_id",
                "secret",
                "exempt_by_id",
                "medium",
                "leader_verdict",
                "seal_verdict",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_outgoing_open",
            ["agency_id", "step_due_at", "id"],
            unique=False,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index("ix_outgoing_signer", ["signer_id", "issued_at"], unique=False)
        batch_op.create_index("ix_outgoing_unit", ["unit_id", "id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("register_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("last_number", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_number >= 0", name=op.f("ck_series_last_number")),
        sa.ForeignKeyConstraint(["register_id"], ["register.id"], name=op.f("fk_series_register_id_register")),
        sa.PrimaryKeyConstraint("register_id", "year", name=op.f("pk_series")),
    )
    op.create_table(
        "file_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_file_version_added_by_id_person")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_file_version_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["sha256"], ["blob.sha256"], name=op.f("fk_file_version_sha256_blob")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_file_version")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_file_version_document_id_ordinal")),
    )
    with op.batch_alter_table("file_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_file_version_document_id"), ["document_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_file_version_sha256"), ["sha256"], unique=False)

    op.create_table(
        "history",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("action", sa.String(length=20), nullable=False),
        sa.Column("from_state", sa.String(length=20), nullable=False),
        sa.Column("to_state", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("held_minutes", sa.Integer(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_history_document_id_outgoing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_history_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_history_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history")),
        sa.UniqueConstraint("document_id", "ordinal", name=op.f("uq_history_document_id_ordinal")),
    )
    op.create_table(
        "look",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("first_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_look_document_id_outgoing")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_look_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_look")),
        sa.UniqueConstraint("document_id", "person_id", "day", name=op.f("uq_look_document_id_person_id_day")),
    )
    op.create_table(
        "planned_box",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=30), nullable=False),
        sa.Column("kind", sa.String(length=15), nullable=False),
        sa.Column("owner", sa.String(length=15), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("left", sa.Double(), nullable=False),
        sa.Column("bottom", sa.Double(), nullable=False),
        sa.Column("right", sa.Double(), nullable=False),
        sa.Column("top", sa.Double(), nullable=False),
        sa.Column("required", sa.Boolean(), nullable=False),
        sa.Column("drawn", sa.String(length=10), nullable=False),
        sa.Column("typed", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_planned_box_document_id_outgoing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_box")),
        sa.UniqueConstraint("document_id", "name", name=op.f("uq_planned_box_document_id_name")),
    )
    op.create_table(
        "register_number",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("register_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.CheckConstraint("status IN ('used', 'held', 'cancelled')", name=op.f("ck_register_number_status")),
        sa.CheckConstraint("number > 0", name=op.f("ck_register_number_positive")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_register_number_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["person.id"], name=op.f("fk_register_number_drawn_by_id_person")),
        sa.ForeignKeyConstraint(
            ["register_id"], ["register.id"], name=op.f("fk_register_number_register_id_register")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_number")),
        sa.UniqueConstraint("document_id", name=op.f("uq_register_number_document_id")),
        sa.UniqueConstraint(
            "register_id", "year", "number", name=op.f("uq_register_number_register_id_year_number")
        ),
    )
    op.create_table(
        "signature",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key_holder", sa.String(length=20), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("purpose IN ('leader', 'number', 'seal')", name=op.f("ck_signature_purpose")),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_signature_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_signature_document_id_outgoing")),
        sa.ForeignKeyConstraint(["file_sha256"], ["blob.sha256"], name=op.f("fk_signature_file_sha256_blob")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signature_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_signature_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signature")),
    )
    with op.batch_alter_table("signature", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signature_document_id"), ["document_id"], unique=False)
        batch_op.create_index(
            "uq_signature_live",
            ["document_id", "field"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL"),
        )

    op.create_table(
        "signing_session",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("post_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("login_session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("certificate_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.String(length=10), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["certificate_id"], ["certificate.id"], name=op.f("fk_signing_session_certificate_id_certificate")
        ),
        sa.ForeignKeyConstraint(
            ["login_session_id"],
            ["login_session.id"],
            name=op.f("fk_signing_session_login_session_id_login_session"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_signing_session_person_id_person")),
        sa.ForeignKeyConstraint(["post_id"], ["post.id"], name=op.f("fk_signing_session_post_id_post")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_session")),
        sa.UniqueConstraint("id_hash", name=op.f("uq_signing_session_id_hash")),
    )
    op.create_table(
        "signing_item",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("session_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_version", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(length=30), nullable=False),
        sa.Column("capacity", sa.String(length=10), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("prepared_sha256", sa.String(length=64), nullable=False),
        sa.Column("to_be_signed", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("key_holder", sa.String(length=20), nullable=False),
        sa.Column("answer_sha256", sa.String(length=64), nullable=False),
        sa.Column("result_sha256", sa.String(length=64), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "status IN ('prepared', 'pending', 'done', 'superseded')", name=op.f("ck_signing_item_status")
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["outgoing.id"], name=op.f("fk_signing_item_document_id_outgoing")
        ),
        sa.ForeignKeyConstraint(
            ["prepared_sha256"], ["blob.sha256"], name=op.f("fk_signing_item_prepared_sha256_blob")
        ),
        sa.ForeignKeyConstraint(
            ["session_id"], ["signing_session.id"], name=op.f("fk_signing_item_session_id_signing_session")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signing_item")),
        sa.UniqueConstraint("session_id", "document_id", name=op.f("uq_signing_item_session_id_document_id")),
    )
    with op.batch_alter_table("signing_item", schema=None) as batch_op:
        batch_op.create_index(
            "uq_signing_item_live",
            ["document_id", "field"],
            unique=True,
            sqlite_where=sa.text("status IN ('prepared', 'pending')"),
            postgresql_where=sa.text("status IN ('prepared', 'pending')"),
        )

    op.create_table(
        "verdict",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("document_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("signature_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("occasion", sa.String(length=15), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(length=15), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("trust_digest", sa.String(length=64), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=False),
        sa.CheckConstraint(
            "conclusion IN ('passed', 'indeterminate', 'failed')", name=op.f("ck_verdict_conclusion")
        ),
        sa.ForeignKeyConstraint(["document_id"], ["outgoing.id"], name=op.f("fk_verdict_document_id_outgoing")),
        sa.ForeignKeyConstraint(["signature_id"], ["signature.id"], name=op.f("fk_verdict_signature_id_signature")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_verdict_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_verdict_signature", ["signature_id", "at"], unique=False)

    postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL if postgresql else SQLITE:
        op.execute(statement)


SQLITE = (
    "CREATE TRIGGER tr_history_update BEFORE UPDATE ON history BEGIN SELECT RAISE(ABORT, 'history is "
    "append-only'); END",
    "CREATE TRIGGER tr_history_delete BEFORE DELETE ON history BEGIN SELECT RAISE(ABORT, 'history is "
    "append-only'); END",
    "CREATE TRIGGER tr_history_replace BEFORE INSERT ON history WHEN EXISTS (SELECT 1 FROM history WHERE "
    "id = NEW.id) OR EXISTS (SELECT 1 FROM history WHERE document_id = NEW.document_id AND ordinal = "
    "NEW.ordinal) BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    "CREATE TRIGGER tr_journal_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'journal is "
    "append-only'); END",
    "CREATE TRIGGER tr_journal_delete BEFORE DELETE ON journal BEGIN SELECT RAISE(ABORT, 'journal is "
    "append-only'); END",
    "CREATE TRIGGER tr_journal_replace BEFORE INSERT ON journal WHEN EXISTS (SELECT 1 FROM journal WHERE "
    "id = NEW.id) OR EXISTS (SELECT 1 FROM journal WHERE subject = NEW.subject AND ordinal = NEW.ordinal)"
    " BEGIN SELECT RAISE(ABORT, 'journal is append-only'); END",
    "CREATE TRIGGER tr_verdict_update BEFORE UPDATE ON verdict BEGIN SELECT RAISE(ABORT, 'verdict is "
    "append-only'); END",
    "CREATE TRIGGER tr_verdict_delete BEFORE DELETE ON verdict BEGIN SELECT RAISE(ABORT, 'verdict is "
    "append-only'); END",
    "CREATE TRIGGER tr_verdict_replace BEFORE INSERT ON verdict WHEN EXISTS (SELECT 1 FROM verdict WHERE "
    "id = NEW.id) BEGIN SELECT RAISE(ABORT, 'verdict is append-only'); END",
    "CREATE TRIGGER tr_register_number_delete BEFORE DELETE ON register_number BEGIN SELECT RAISE(ABORT, "
    "'register_number is append-only'); END",
    "CREATE TRIGGER tr_register_number_replace BEFORE INSERT ON register_number WHEN EXISTS (SELECT 1 "
    "FROM register_number WHERE id = NEW.id) OR EXISTS (SELECT 1 FROM register_number WHERE register_id ="
    " NEW.register_id AND year = NEW.year AND number = NEW.number) OR EXISTS (SELECT 1 FROM "
    "register_number WHERE document_id = NEW.document_id) BEGIN SELECT RAISE(ABORT, 'register_number is "
    "append-only'); END",
    "CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number WHEN NEW.id <> OLD.id OR "
    "NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year OR NEW.number <> OLD.number OR "
    "(OLD.document_id IS NOT NULL AND (NEW.document_id IS NULL OR NEW.document_id <> OLD.document_id)) OR"
    " EXISTS (SELECT 1 FROM register_number WHERE document_id = NEW.document_id AND id <> OLD.id) BEGIN "
    "SELECT RAISE(ABORT, 'register_number is append-only'); END",
)
"""What makes SQLite refuse to change what only grows."""

POSTGRESQL = (
    """
CREATE OR REPLACE FUNCTION trinhky_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
""",
    "CREATE TRIGGER tr_history_update BEFORE UPDATE ON history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_history_delete BEFORE DELETE ON history FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_history_truncate BEFORE TRUNCATE ON history FOR EACH STATEMENT EXECUTE FUNCTION "
    "trinhky_refuse()",
    "CREATE TRIGGER tr_journal_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_journal_delete BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_journal_truncate BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION "
    "trinhky_refuse()",
    "CREATE TRIGGER tr_verdict_update BEFORE UPDATE ON verdict FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_verdict_delete BEFORE DELETE ON verdict FOR EACH ROW EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_verdict_truncate BEFORE TRUNCATE ON verdict FOR EACH STATEMENT EXECUTE FUNCTION "
    "trinhky_refuse()",
    "CREATE TRIGGER tr_register_number_delete BEFORE DELETE ON register_number FOR EACH ROW EXECUTE "
    "FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_register_number_truncate BEFORE TRUNCATE ON register_number FOR EACH STATEMENT "
    "EXECUTE FUNCTION trinhky_refuse()",
    "CREATE TRIGGER tr_register_number_key BEFORE UPDATE ON register_number FOR EACH ROW WHEN (NEW.id <> "
    "OLD.id OR NEW.register_id <> OLD.register_id OR NEW.year <> OLD.year OR NEW.number <> OLD.number OR "
    "(OLD.document_id IS NOT NULL AND (NEW.document_id IS NULL OR NEW.document_id <> OLD.document_id))) "
    "EXECUTE FUNCTION trinhky_refuse()",
)
"""The same for PostgreSQL."""
