"""The key of readers' addresses, wrapped in the site's secret."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from syndicate.errors import SyndicateError
from syndicate.options import Secret
from syndicate.storage import schema
from syndicate.storage.address_key import open_address_key
from syndicate.storage.database import Database, async_url


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Yield a database that is set up."""
    database = Database(async_url("sqlite:///syndicate.db", folder=tmp_path))
    await schema.prepare(database)
    yield database
    await database.close()


async def test_another_secret_is_a_fault_of_the_configuration(database: Database) -> None:
    """It is mended there; no service is down."""
    await open_address_key(database, (Secret("a" * 32),))

    with pytest.raises(SyndicateError, match="old-secrets") as caught:
        await open_address_key(database, (Secret("b" * 32),))

    assert (caught.value.exit_code, caught.value.temporary) == (78, False)
