"""Remember with which reader each edition begins"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply this step."""
    op.add_column("edition", sa.Column("begins", sa.BigInteger(), server_default="0", nullable=False))
