"""The errors a person may meet. Each message says what was wrong, with the value, and the way out."""


class ChatrecError(Exception):
    """Base of all errors that are shown as one line, without a traceback."""


class BadInput(ChatrecError):
    """A file, an argument or a message that cannot be used as it is."""


class AssetError(ChatrecError):
    """A model or data file that could not be fetched or verified."""


class WorkspaceError(ChatrecError):
    """A workspace that is missing, half-built, or of another version."""


class StorageError(ChatrecError):
    """Something could not be written: a full or read-only disk, a locked database."""
