"""Address a prepared message to one reader: fill its slots, sign its links, write its envelope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from syndicate.core.addresses import encode_address
from syndicate.core.headers import mailbox
from syndicate.core.links import Signer
from syndicate.core.message import fill, message_id
from syndicate.flows.compose import Ready
from syndicate.model import Envelope
from syndicate.storage.deliveries import ReaderRow
from syndicate.storage.editions import EditionRow
