"""Remember which articles came back to a section, and which readers moved sections between digests"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("article_section", sa.Column("again_seq", sa.BigInteger(), nullable=True))
    op.add_column("subscription", sa.Column("moved_seq", sa.BigInteger(), nullable=True))
