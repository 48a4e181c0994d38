"""Remember with which reader each edition begins, and what became of its deliveries"""

import sqlalchemy as sa
from alembic import op

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FILL = """
INSERT INTO edition_count (edition, state, n)
SELECT delivery.edition, delivery.state, count(*) FROM delivery JOIN edition ON edition.id = delivery.edition
WHERE edition.state <> 'open' GROUP BY delivery.edition, delivery.state
"""

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("edition", sa.Column("begins", sa.BigInteger(), server_default="0", nullable=False))
    op.create_table(
        "edition_count",
        sa.Column("edition", BIG_ID, nullable=False),
        sa.Column("state", sa.SmallInteger(), nullable=False),
        sa.Column("n", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["edition"], ["edition.id"], name=op.f("fk_edition_count_edition"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("edition", "state", name=op.f("pk_edition_count")),
    )
    op.execute(FILL)
