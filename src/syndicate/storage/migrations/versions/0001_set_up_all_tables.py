"""Set up all tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import text

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.create_table(
        "article",
        sa.Column("key", BIG_ID, nullable=False),
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("guid", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("published", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("terms", sa.LargeBinary(), nullable=True),
        sa.Column("arrived", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=12), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_article")),
        sa.UniqueConstraint("guid", name=op.f("uq_article_guid")),
        sa.UniqueConstraint("source", "source_id", name=op.f("uq_article_source_source_id")),
    )
    with op.batch_alter_table("article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_published_key"), ["published", "key"], unique=False)
        batch_op.create_index(batch_op.f("ix_article_state_published"), ["state", "published"], unique=False)

    op.create_table(
        "bounce",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("digest_of_report", sa.String(length=64), nullable=False),
        sa.Column("recipient_key", sa.String(length=64), server_default="", nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("class", sa.String(length=12), nullable=False),
        sa.Column("status", sa.String(length=12), server_default="", nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("stream", sa.String(length=60), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bounce")),
        sa.UniqueConstraint("digest_of_report", "recipient_key", name=op.f("uq_bounce_digest_of_report_recipient_key")),
    )
    with op.batch_alter_table("bounce", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_bounce_at"), ["at"], unique=False)

    op.create_table(
        "bucket",
        sa.Column("relay", sa.String(length=120), nullable=False),
        sa.Column("tat", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("relay", name=op.f("pk_bucket")),
    )
    op.create_table(
        "carried",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("subscriber", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("from_seq", sa.BigInteger(), nullable=True),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("from_by_date", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("edition", "subscriber", "digest", name=op.f("pk_carried")),
    )
    op.create_table(
        "choice",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("json", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_choice")),
        sa.UniqueConstraint("hash", name=op.f("uq_choice_hash")),
    )
    op.create_table(
        "counter",
        sa.Column("name", sa.String(length=20), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_counter")),
    )
    op.create_table(
        "delivery",
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("subscriber", sa.Integer(), nullable=False),
        sa.Column("variant", sa.Integer(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=True),
        sa.Column("next_try", sa.Integer(), nullable=True),
        sa.Column("from_at", sa.Integer(), nullable=True),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("code", sa.SmallInteger(), nullable=True),
        sa.Column("from_by_date", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("transport", sa.String(length=60), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("edition", "subscriber", name=op.f("pk_delivery")),
        postgresql_with={"autovacuum_vacuum_scale_factor": "0.02"},
    )
    with op.batch_alter_table("delivery", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delivery_subscriber"), ["subscriber"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempt", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("next_try", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_open",
            ["next_try"],
            unique=False,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        )

    op.create_table(
        "pause",
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_pause")),
    )
    op.create_table(
        "rejection",
        sa.Column("source", sa.String(length=100), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_rejection")),
    )
    op.create_table(
        "rhythm",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("weekdays", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_from", sa.SmallInteger(), nullable=False),
        sa.Column("quiet_to", sa.SmallInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rhythm")),
        sa.UniqueConstraint(
            "zone",
            "minute",
            "weekdays",
            "quiet_from",
            "quiet_to",
            name=op.f("uq_rhythm_zone_minute_weekdays_quiet_from_quiet_to"),
        ),
    )
    op.create_table(
        "section",
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("slug", name=op.f("pk_section")),
        sa.UniqueConstraint("label", name=op.f("uq_section_label")),
    )
    op.create_table(
        "section_version",
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("section", name=op.f("pk_section_version")),
    )
    op.create_table(
        "setting",
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_setting")),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("cursor", sa.Text(), nullable=True),
        sa.Column("recipe", sa.String(length=32), server_default="", nullable=False),
        sa.Column("swept_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=True),
        sa.Column("outcome", sa.Text(), server_default="{}", nullable=False),
        sa.Column("trouble", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "spent",
        sa.Column("relay", sa.String(length=120), nullable=False),
        sa.Column("stretch", sa.Integer(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("relay", "stretch", name=op.f("pk_spent")),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("public_id", sa.String(length=24), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=True),
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("nonce", sa.String(length=24), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("chose_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("timezone", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("format", sa.String(length=8), server_default="html", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("paused_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("soft_score", sa.Float(), server_default="0", nullable=False),
        sa.Column("soft_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("email", name=op.f("uq_subscriber_email")),
        sa.UniqueConstraint("email_key", name=op.f("uq_subscriber_email_key")),
        sa.UniqueConstraint("public_id", name=op.f("uq_subscriber_public_id")),
    )
    with op.batch_alter_table("subscriber", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriber_state"), ["state"], unique=False)

    op.create_table(
        "suppression",
        sa.Column("email_key", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email_key", name=op.f("pk_suppression")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("last_fire", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_tick")),
    )
    op.create_table(
        "article_revision",
        sa.Column("article", BIG_ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("standfirst", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("authors", sa.Text(), nullable=False),
        sa.Column("tags", sa.Text(), nullable=False),
        sa.Column("labels", sa.Text(), nullable=False),
        sa.Column("image", sa.Text(), nullable=True),
        sa.Column("related", sa.Text(), server_default="[]", nullable=False),
        sa.Column("updated", sa.DateTime(timezone=True), nullable=False),
        sa.Column("significant", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["article.key"], name=op.f("fk_article_revision_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "revision", name=op.f("pk_article_revision")),
    )
    op.create_table(
        "article_section",
        sa.Column("article", BIG_ID, nullable=False),
        sa.Column("section", sa.String(length=80), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("visible_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backlog", sa.Boolean(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(
            ["article"], ["article.key"], name=op.f("fk_article_section_article"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("article", "section", name=op.f("pk_article_section")),
    )
    with op.batch_alter_table("article_section", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_article_section_section_seq"), ["section", "seq"], unique=False)

    op.create_table(
        "consent",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("subscriber", BIG_ID, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ip_key", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["subscriber"], ["subscriber.id"], name=op.f("fk_consent_subscriber"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
    )
    with op.batch_alter_table("consent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_consent_subscriber"), ["subscriber"], unique=False)

    op.create_table(
        "correction",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("article", BIG_ID, nullable=False),
        sa.Column("wrong_to_revision", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name=op.f("fk_correction_article"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_article"), ["article"], unique=False)

    op.create_table(
        "edition",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("rhythm", BIG_ID, nullable=False),
        sa.Column("slot", sa.String(length=24), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("to_seq", sa.BigInteger(), nullable=False),
        sa.Column("revision", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("replay", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stale_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("walked_to", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["rhythm"], ["rhythm.id"], name=op.f("fk_edition_rhythm")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
        sa.UniqueConstraint("digest", "rhythm", "slot", name=op.f("uq_edition_digest_rhythm_slot")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("edition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_edition_state"), ["state"], unique=False)

    op.create_table(
        "related",
        sa.Column("article", BIG_ID, nullable=False),
        sa.Column("other", BIG_ID, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("same_story", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["article"], ["article.key"], name=op.f("fk_related_article"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other"], ["article.key"], name=op.f("fk_related_other"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("article", "other", name=op.f("pk_related")),
    )
    with op.batch_alter_table("related", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_related_other"), ["other"], unique=False)

    op.create_table(
        "subscription",
        sa.Column("subscriber", BIG_ID, nullable=False),
        sa.Column("digest", sa.String(length=60), nullable=False),
        sa.Column("rhythm", BIG_ID, nullable=False),
        sa.Column("choice", BIG_ID, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("since_seq", sa.BigInteger(), nullable=False),
        sa.Column("seen", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by_date", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["choice"], ["choice.id"], name=op.f("fk_subscription_choice")),
        sa.ForeignKeyConstraint(["rhythm"], ["rhythm.id"], name=op.f("fk_subscription_rhythm")),
        sa.ForeignKeyConstraint(
            ["subscriber"], ["subscriber.id"], name=op.f("fk_subscription_subscriber"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("subscriber", "digest", name=op.f("pk_subscription")),
    )
    with op.batch_alter_table("subscription", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_subscription_digest_rhythm_subscriber"), ["digest", "rhythm", "subscriber"], unique=False
        )

    op.create_table(
        "batch",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("edition", BIG_ID, nullable=False),
        sa.Column("lo", sa.BigInteger(), nullable=False),
        sa.Column("hi", sa.BigInteger(), nullable=False),
        sa.Column("cursor", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.Integer(), server_default="0", nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("priority", sa.SmallInteger(), server_default="5", nullable=False),
        sa.Column("n_empty", sa.Integer(), server_default="0", nullable=False),
        sa.Column("n_skipped", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_batch_edition"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batch")),
    )
    with op.batch_alter_table("batch", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_batch_edition"), ["edition"], unique=False)
        batch_op.create_index(
            "ix_batch_open",
            ["state", "priority", "id"],
            unique=False,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        )

    op.create_table(
        "notice",
        sa.Column("correction", BIG_ID, nullable=False),
        sa.Column("subscriber", BIG_ID, nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction"], ["correction.id"], name=op.f("fk_notice_correction"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("correction", "subscriber", name=op.f("pk_notice")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_edition_subscriber"), ["edition", "subscriber"], unique=False)

    op.create_table(
        "variant",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("edition", BIG_ID, nullable=False),
        sa.Column("hash", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_variant_edition"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_variant")),
        sa.UniqueConstraint("edition", "hash", name=op.f("uq_variant_edition_hash")),
    )
    op.create_table(
        "variant_article",
        sa.Column("variant", BIG_ID, nullable=False),
        sa.Column("article", BIG_ID, nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("rank", sa.SmallInteger(), nullable=False),
        sa.Column("corrected", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["article"], ["article.key"], name=op.f("fk_variant_article_article"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["variant"], ["variant.id"], name=op.f("fk_variant_article_variant"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("variant", "article", name=op.f("pk_variant_article")),
    )
    with op.batch_alter_table("variant_article", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_variant_article_article"), ["article"], unique=False)

    op.execute(sa.insert(sa.table("counter", sa.column("name"), sa.column("n"))).values(name="seq", n=0))


def downgrade() -> None:
    """Refuse: going back would lose records; restore a backup instead."""
    raise RuntimeError("restore a backup instead")
