"""Keep the key that addresses are hashed under, wrapped in the site's secret."""

from collections.abc import Sequence
from secrets import token_bytes

from sqlalchemy import select, update

from syndicate.core.address_key import KEY_BYTES, AddressKey, unwrap, wrap
from syndicate.errors import SecretChangedError
from syndicate.storage.choices import insert_into
from syndicate.storage.database import Database
from syndicate.storage.tables import setting

NAME = "address-key"


async def open_address_key(database: Database, secrets: Sequence[str]) -> AddressKey:
    """Return the database's address key, made on first use; `secrets` newest first.

    It is random and never changes, so that suppressed addresses stay so for ever. A key still wrapped in an old secret is wrapped
    in the newest, after which the old one may be forgotten.
    """
    async with database.read() as connection:
        stored = (await connection.execute(select(setting.c.value).where(setting.c.name == NAME))).scalar()
    if stored is None:
        fresh = wrap(token_bytes(KEY_BYTES), secrets[0])
        async with database.begin() as connection:
            await connection.execute(
                insert_into(connection, setting).values(name=NAME, value=fresh).on_conflict_do_nothing()
            )
            stored = (await connection.execute(select(setting.c.value).where(setting.c.name == NAME))).scalar_one()
    opened = unwrap(str(stored), secrets)
    if opened is None:
        raise SecretChangedError(
            "database: made under another [site] secret; put that secret back, or into old-secrets, so that suppressed addresses are known again"
        )
    key, secret = opened
    if secret != secrets[0]:
        async with database.begin() as connection:
            await connection.execute(
                update(setting)
                .where(setting.c.name == NAME, setting.c.value == stored)
                .values(value=wrap(key, secrets[0]))
            )
    return AddressKey(key)
