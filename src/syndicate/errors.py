"""Every exception syndicate raises on purpose."""


class SyndicateError(Exception):
    """What the caller asked for cannot be done; the message names the thing, the trouble and the way out."""

    exit_code = 1
    temporary = False


class ConfigurationError(SyndicateError):
    """The configuration is unusable; one line with file, table, key and remedy."""

    exit_code = 78

    def __init__(self, *, file: str, table: str, key: str, trouble: str, remedy: str) -> None:
        self.file, self.table, self.key, self.trouble, self.remedy = file, table, key, trouble, remedy
        place = ": ".join(part for part in (file, f"[{table}]" if table else "", key) if part)
        super().__init__(f"{place}: {trouble}; {remedy}")


class SecretChangedError(SyndicateError):
    """The database was made under another secret than those of the configuration."""

    exit_code = 78


class UsageError(SyndicateError):
    """A command was called with arguments that name nothing."""

    exit_code = 2


class SchemaVersionError(SyndicateError):
    """The database's schema is of another version than this program."""

    exit_code = 65


class ForeignTablesError(SyndicateError):
    """The configured database is somebody else's: tables that are not ours have names of ours."""

    exit_code = 78


class ServiceUnavailableError(SyndicateError):
    """A service that the command needs (database, content store, relay) cannot be reached."""

    exit_code = 69
    temporary = True


class AlreadyRunningError(ServiceUnavailableError):
    """Another `syndicate run` holds this SQLite database."""

    temporary = False


class NotFoundError(SyndicateError):
    """The article, section, subscriber, digest or edition that was named does not exist."""


class MalformedArticleError(SyndicateError):
    """One article of a source cannot be read or repaired; the reason is for the newsroom."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class SourceError(SyndicateError):
    """A content store cannot be read as configured; the other sources go on."""

    temporary = True

    def __init__(self, *, source: str, trouble: str) -> None:
        self.source, self.trouble = source, trouble
        super().__init__(f"source {source}: {trouble}")


class AddressError(SyndicateError):
    """A text is not an e-mail address that mail can be sent to."""


class TokenError(SyndicateError):
    """A signed link is forged, of another purpose, or has expired."""

    def __init__(self, message: str, *, expired: bool = False) -> None:
        self.expired = expired
        super().__init__(message)


class TemplateError(SyndicateError):
    """An operator's template cannot be rendered; names the template and the line."""


class TransportError(SyndicateError):
    """A transport cannot be opened or used as configured."""

    temporary = True


class SummariserError(SyndicateError):
    """A summariser cannot be used as configured."""


class ShelfError(SyndicateError):
    """A feed file cannot be written or read; the last good bytes stay where they are."""

    temporary = True

    def __init__(self, *, path: str, trouble: str) -> None:
        self.path, self.trouble = path, trouble
        super().__init__(f"feed file {path}: {trouble}; check [feeds] directory, its free space and its permissions")
