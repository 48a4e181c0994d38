"""Describe the tables; docs/data.md explains them."""

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[datetime]):
    """An aware moment, stored in UTC on every database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive moments; SQLite gets UTC without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive moment {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# SQLite numbers rows by itself only in a column typed exactly INTEGER
BigId = BigInteger().with_variant(Integer, "sqlite")

counter = Table(
    "counter", metadata, Column("name", String(20), primary_key=True), Column("n", BigInteger, nullable=False)
)

source = Table(
    "source",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("cursor", Text),
    Column("recipe", String(32), nullable=False, server_default=""),
    Column("swept_at", Moment),
    Column("collected_at", Moment),
    Column("seconds", Float),
    Column("outcome", Text, nullable=False, server_default="{}"),
    Column("trouble", Text),
)

rejection = Table(
    "rejection",
    metadata,
    Column("source", String(100), nullable=False),
    Column("source_id", Text, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
    PrimaryKeyConstraint("source", "source_id"),
)

section = Table(
    "section",
    metadata,
    Column("slug", String(80), primary_key=True),
    Column("title", Text, nullable=False),
    Column("label", Text, unique=True),
    Column("position", Integer, nullable=False),
)

article = Table(
    "article",
    metadata,
    Column("key", BigId, primary_key=True),
    Column("source", String(100), nullable=False),
    Column("source_id", Text, nullable=False),
    Column("guid", Text, nullable=False, unique=True),
    Column("state", String(12), nullable=False),
    Column("published", Moment, nullable=False),
    Column("updated", Moment, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("terms", LargeBinary),
    Column("arrived", Moment, nullable=False),
    Column("changed", Moment, nullable=False),
    Column("withdrawn_by", String(12)),
    UniqueConstraint("source", "source_id"),
    Index(None, "published", "key"),
    Index(None, "state", "published"),
)

article_revision = Table(
    "article_revision",
    metadata,
    Column("article", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("title", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("standfirst", Text, nullable=False),
    Column("language", String(35), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("authors", Text, nullable=False),
    Column("tags", Text, nullable=False),
    Column("labels", Text, nullable=False),
    Column("image", Text),
    Column("related", Text, nullable=False, server_default="[]"),
    Column("updated", Moment, nullable=False),
    Column("significant", Boolean, nullable=False),
    PrimaryKeyConstraint("article", "revision"),
)

article_section = Table(
    "article_section",
    metadata,
    Column("article", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("section", String(80), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("visible_at", Moment, nullable=False),
    Column("backlog", Boolean, nullable=False),
    Column("position", SmallInteger, nullable=False),
    Column("removed", Boolean, nullable=False, server_default=text("false")),
    # Where it stands for readers' marks, when it had been shown before, here or in another section; its place in feeds is `seq` for good
    Column("again_seq", BigInteger),
    PrimaryKeyConstraint("article", "section"),
    Index(None, "section", "seq"),
)

related = Table(
    "related",
    metadata,
    Column("article", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("other", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("score", Float, nullable=False),
    Column("same_story", Boolean, nullable=False),
    PrimaryKeyConstraint("article", "other"),
    Index(None, "other"),
)

correction = Table(
    "correction",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("article", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("wrong_to_revision", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "article"),
)

# Who was told of a correction, and in which edition's mail
notice = Table(
    "notice",
    metadata,
    Column("correction", BigId, ForeignKey("correction.id", ondelete="CASCADE"), nullable=False),
    Column("subscriber", BigId, nullable=False),
    Column("edition", Integer, nullable=False),
    PrimaryKeyConstraint("correction", "subscriber"),
    Index(None, "edition", "subscriber"),
)

section_version = Table(
    "section_version",
    metadata,
    Column("section", String(80), primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("changed", Moment, nullable=False),
)

subscriber = Table(
    "subscriber",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("public_id", String(24), nullable=False, unique=True),
    Column("email", String(320), unique=True),
    Column("email_key", String(64), nullable=False, unique=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("state", String(12), nullable=False),
    Column("nonce", String(24)),  # what a confirmation must bear; NULL when none is open
    Column("asked_at", Moment),  # when a confirmation was last asked for
    Column("chose_at", Moment),  # when he last changed his choices himself
    Column("timezone", String(64), nullable=False),
    Column("language", String(35), nullable=False),
    Column("format", String(8), nullable=False, server_default="html"),
    Column("created_at", Moment, nullable=False),
    Column("confirmed_at", Moment),
    Column("paused_until", Moment),
    Column("soft_score", Float, nullable=False, server_default="0"),
    Column("soft_at", Moment),
    Index(None, "state"),
)

choice = Table(
    "choice",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("hash", String(32), nullable=False, unique=True),
    Column("json", Text, nullable=False),
)

rhythm = Table(
    "rhythm",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("zone", String(64), nullable=False),
    Column("minute", SmallInteger, nullable=False),  # -1: instant
    Column("weekdays", SmallInteger, nullable=False),
    Column("quiet_from", SmallInteger, nullable=False),  # -1: no quiet hours
    Column("quiet_to", SmallInteger, nullable=False),
    UniqueConstraint("zone", "minute", "weekdays", "quiet_from", "quiet_to"),
)

subscription = Table(
    "subscription",
    metadata,
    Column("subscriber", BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(60), nullable=False),
    Column("rhythm", BigId, ForeignKey("rhythm.id"), nullable=False),
    Column("choice", BigId, ForeignKey("choice.id"), nullable=False),
    Column("state", String(12), nullable=False),  # pending | active | left
    Column("since", Moment, nullable=False),
    Column("since_seq", BigInteger, nullable=False),
    Column("seen", BigInteger),
    Column("seen_at", Moment),
    Column("seen_by_date", Boolean, nullable=False, server_default=text("false")),
    Column("moved_seq", BigInteger),  # the counter when its reader last chose other sections, or other digests for them
    PrimaryKeyConstraint("subscriber", "digest"),
    Index(None, "digest", "rhythm", "subscriber"),
)

edition = Table(
    "edition",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest", String(60), nullable=False),
    Column("rhythm", BigId, ForeignKey("rhythm.id"), nullable=False),
    Column("slot", String(24), nullable=False),
    Column("at", Moment, nullable=False),
    Column("to_seq", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False, server_default="0"),
    Column("state", String(12), nullable=False),  # waiting | open | done | rejected
    Column("replay", Boolean, nullable=False, server_default=text("false")),
    Column("planned_at", Moment, nullable=False),
    Column("stale_at", Moment, nullable=False),
    Column("begins", BigInteger, nullable=False, server_default="0"),  # the reader after whom its batches begin
    Column("walked_to", BigInteger),  # the planning walk's place; NULL when all batches are cut
    UniqueConstraint("digest", "rhythm", "slot"),
    Index(None, "state"),
    sqlite_autoincrement=True,  # a number given twice would find the deliveries of the edition that had it
)

variant = Table(
    "variant",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("edition", BigId, ForeignKey("edition.id", ondelete="CASCADE"), nullable=False),
    Column("hash", String(32), nullable=False),
    Column("language", String(35), nullable=False),
    Column("format", String(8), nullable=False),
    Column("subject", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    UniqueConstraint("edition", "hash"),
)

variant_article = Table(
    "variant_article",
    metadata,
    Column("variant", BigId, ForeignKey("variant.id", ondelete="CASCADE"), nullable=False),
    Column("article", BigId, ForeignKey("article.key", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("rank", SmallInteger, nullable=False),
    Column("corrected", BigInteger),  # the newest correction that stood beside the article; NULL when none did
    PrimaryKeyConstraint("variant", "article"),
    Index(None, "article"),
)

# What an edition brought of a faster digest that was silent: the mark there as it was before
carried = Table(
    "carried",
    metadata,
    Column("edition", Integer, nullable=False),
    Column("subscriber", BigId, nullable=False),
    Column("digest", String(60), nullable=False),
    Column("from_seq", BigInteger),
    Column("from_at", Moment),
    Column("from_by_date", Boolean, nullable=False),
    PrimaryKeyConstraint("edition", "subscriber", "digest"),
)

batch = Table(
    "batch",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("edition", BigId, ForeignKey("edition.id", ondelete="CASCADE"), nullable=False),
    Column("lo", BigInteger, nullable=False),
    Column("hi", BigInteger, nullable=False),
    Column("cursor", BigInteger, nullable=False),
    Column("epoch", Integer, nullable=False, server_default="0"),
    Column("owner", Text),
    Column("lease_until", Moment),
    Column("wake_at", Moment, nullable=False),  # not looked at before: the next try of what was deferred
    Column("state", String(8), nullable=False),  # open | done
    Column("priority", SmallInteger, nullable=False, server_default="5"),
    Column("n_empty", Integer, nullable=False, server_default="0"),
    Column("n_skipped", Integer, nullable=False, server_default="0"),
    Index(None, "edition"),
    Index(
        "ix_batch_open",
        "state",
        "priority",
        "id",
        sqlite_where=text("state = 'open'"),
        postgresql_where=text("state = 'open'"),
    ),
)

# No index holds `state` or `next_try`, so that marking a delivery is a heap-only update on PostgreSQL: no index grows by it, and
# its dead row is swept in passing. Whoever looks for open deliveries does so within a batch, by the primary key.
delivery = Table(
    "delivery",
    metadata,
    Column("edition", Integer, nullable=False),
    Column("subscriber", Integer, nullable=False),
    Column("variant", Integer, nullable=False),
    Column("from_seq", Integer),
    Column("next_try", Integer),  # POSIX seconds
    Column("from_at", Integer),  # POSIX seconds of the mark's `at`
    Column("state", SmallInteger, nullable=False),
    Column("attempt", SmallInteger, nullable=False, server_default="0"),
    Column("code", SmallInteger),
    Column("from_by_date", Boolean, nullable=False, server_default=text("false")),
    Column("transport", String(60)),
    Column("note", Text),
    PrimaryKeyConstraint("edition", "subscriber"),
    Index(None, "subscriber"),
    # each mark leaves a dead row behind, whose place the next deliveries are to take: vacuum after a fiftieth, not a fifth
    postgresql_with={"autovacuum_vacuum_scale_factor": "0.02"},
)

# How many deliveries of an edition that is over stand in each state; those of open ones are counted where they stand
edition_count = Table(
    "edition_count",
    metadata,
    Column("edition", BigId, ForeignKey("edition.id", ondelete="CASCADE"), nullable=False),
    Column("state", SmallInteger, nullable=False),
    Column("n", BigInteger, nullable=False),
    PrimaryKeyConstraint("edition", "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("key", String(120), nullable=False, unique=True),
    Column("payload", Text, nullable=False),
    Column("state", String(10), nullable=False),  # open | done | refused
    Column("attempt", SmallInteger, nullable=False, server_default="0"),
    Column("next_try", Moment, nullable=False),
    Column("lease_until", Moment),
    Column("note", Text),
    Column("created_at", Moment, nullable=False),
    Index("ix_outbox_open", "next_try", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")),
)

tick = Table("tick", metadata, Column("job", String(40), primary_key=True), Column("last_fire", Moment, nullable=False))

bucket = Table("bucket", metadata, Column("relay", String(120), primary_key=True), Column("tat", Float, nullable=False))

spent = Table(  # what a relay with a daily cap was given, ten minutes a row
    "spent",
    metadata,
    Column("relay", String(120), nullable=False),
    Column("stretch", Integer, nullable=False),
    Column("n", Integer, nullable=False),
    PrimaryKeyConstraint("relay", "stretch"),
)

pause = Table(
    "pause",
    metadata,
    Column("digest", String(60), primary_key=True),  # "*" pauses everything
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

suppression = Table(
    "suppression",
    metadata,
    Column("email_key", String(64), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Moment, nullable=False),
)

consent = Table(
    "consent",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("subscriber", BigId, ForeignKey("subscriber.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("kind", String(20), nullable=False),  # asked | confirmed | imported | left
    Column("text", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("ip_key", String(64)),
)

bounce = Table(
    "bounce",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("digest_of_report", String(64), nullable=False),
    Column("recipient_key", String(64), nullable=False, server_default=""),
    Column("kind", String(10), nullable=False),
    Column("class", String(12), nullable=False),
    Column("status", String(12), nullable=False, server_default=""),
    Column("action", Text, nullable=False),
    Column("stream", String(60), nullable=False, server_default=""),  # the digest that the message was of
    Column("at", Moment, nullable=False),
    Column("raw", LargeBinary),
    UniqueConstraint("digest_of_report", "recipient_key"),
    Index(None, "at"),
)

setting = Table(
    "setting", metadata, Column("name", String(60), primary_key=True), Column("value", Text, nullable=False)
)
