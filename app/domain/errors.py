"""The tree of expected failures: every exception of ours that is not a bug.

    LoquatError
    ├── InputError                a value that the person typed or chose can't be used
    │   ├── ParameterError          unknown, out of range, of the wrong kind
    │   ├── InvalidKey              an API key with characters that no HTTP header may carry
    │   ├── AddressError            not an http or https address
    │   ├── CommandError            a local command that answers tool calls can't be started
    │   └── NotFoundError           no such conversation, provider, model or file
    ├── ProviderError             a provider failed, or the connection to it
    │   ├── MissingKey              the provider needs an API key and none is stored
    │   ├── Unreachable             no connection: DNS, routing, refused, TLS or proxy
    │   ├── Interrupted             the connection ended in the middle of an answer
    │   ├── NotAnApi                the server doesn't speak this protocol
    │   ├── Redirected              the server redirects; redirects are not followed
    │   ├── TooLarge                the answer has more bytes than are accepted
    │   └── Refused                 an error that the provider itself reports
    │       ├── KeyRefused            401
    │       ├── NoCredit              402
    │       ├── Forbidden             403
    │       ├── NoSuchModel           404
    │       ├── RequestRejected       400, 413, 422 and the like
    │       ├── RateLimited           429
    │       └── ProviderFailed        5xx
    ├── EngineError               the embedded model
    │   ├── EngineMissing           no model file, or no llama.cpp on this system
    │   └── EngineFailed            the engine didn't start, or it died
    ├── LibraryError              the library file
    │   ├── LibraryNewer            written by a newer program; left untouched
    │   ├── LibraryReadOnly         the file can be read but not written
    │   ├── LibraryFull             no room on the disk
    │   └── LibraryBusy             another program has locked the file
    └── KeyringError              the system's keyring
        ├── KeyringMissing          the system has no keyring that we trust
        └── KeyringLocked           the keyring didn't open

`str(error)` is a sentence for the person with the next step in it; `detail` is for the log and
never holds a key. api, engine and store translate foreign exceptions at their boundary, with
`raise … from`. An exception outside this tree is a bug.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LoquatError(Exception):
    """An expected failure, the root of the tree drawn in the module docstring."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class InputError(LoquatError):
    """A value that the person typed or chose can't be used."""


class ParameterError(InputError):
    """A parameter is unknown, out of range, or of the wrong kind."""


class InvalidKey(InputError):
    """An API key has characters that no HTTP header may carry."""


class AddressError(InputError):
    """An address is not a valid http or https URL."""


class CommandError(InputError):
    """A local command that answers tool calls can't be started."""


class NotFoundError(InputError):
    """There is no such conversation, provider, model or file."""


class ProviderError(LoquatError):
    """A provider failed, or the connection to it did."""


class MissingKey(ProviderError):
    """The provider needs an API key and none is stored."""


class Unreachable(ProviderError):
    """No connection could be made: DNS, routing, refused, TLS or proxy."""


class Interrupted(ProviderError):
    """The connection ended in the middle of an answer; the text received so far is kept."""


class NotAnApi(ProviderError):
    """The server that answered does not speak this protocol."""


class Redirected(ProviderError):
    """The server redirects; redirects are not followed, as they would carry keys and prompts."""


class TooLarge(ProviderError):
    """The answer has more bytes than are accepted."""


class Refused(ProviderError):
    """An error that the provider reports, with its HTTP status or the error code in its stream."""

    def __init__(
        self,
        message: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        retryable: bool | None = None,
        words: str = "",
        unredacted: str = "",
        parameter: str = "",
        code: str = "",
        about_length: bool = False,
        use: "UseValue | None" = None,
    ) -> None:
        super().__init__(message, detail)
        self.status = status
        #: Seconds to wait before the next try; None if the provider named no time.
        self.retry_after = retry_after
        #: Whether the provider says that another try can succeed; None if it doesn't say.
        self.retryable = retryable
        #: The provider's own error message, and the name of the parameter that it blames.
        self.words = words
        #: The same message before keys were redacted: to be searched, never shown, logged or
        #: stored.
        self.unredacted = unredacted or words
        self.parameter = parameter
        #: The provider's name of the error, such as "unsupported_value".
        self.code = code
        #: A value to try instead of the refused one.
        self.use = use
        #: True if the conversation exceeds the model's context; no parameter change helps then.
        self.about_length = about_length


class KeyRefused(Refused):
    """HTTP 401: the API key is not accepted."""


class NoCredit(Refused):
    """HTTP 402: the account has no credit left."""


class Forbidden(Refused):
    """HTTP 403: the account may not use this model or this content."""


class NoSuchModel(Refused):
    """HTTP 404: the provider doesn't have this model."""


class RequestRejected(Refused):
    """HTTP 400, 413, 422 and the like: the same request would fail again."""


class RateLimited(Refused):
    """HTTP 429: too many requests in too short a time."""


class ProviderFailed(Refused):
    """HTTP 5xx, or an error code in the stream with the same meaning: the provider is at fault."""


class EngineError(LoquatError):
    """The embedded model failed."""


class EngineMissing(EngineError):
    """No model file, or no llama.cpp for this system."""


class EngineFailed(EngineError):
    """The embedded model didn't start, or it died."""


class LibraryError(LoquatError):
    """The library file failed."""


class LibraryNewer(LibraryError):
    """The library was written by a newer program; the file is left untouched."""


class LibraryReadOnly(LibraryError):
    """The library file can be read but not written."""


class LibraryFull(LibraryError):
    """The disk with the library file is full."""


class LibraryBusy(LibraryError):
    """The library file is locked by another program."""


class KeyringError(LoquatError):
    """The system's keyring failed."""


class KeyringMissing(KeyringError):
    """The system has no keyring that we trust."""


class KeyringLocked(KeyringError):
    """The system's keyring is locked and didn't open."""


class Remedy(StrEnum):
    """The setting that may mend a failure, other than trying again; the window links to it."""

    NONE = ""
    KEY = "key"
    CREDIT = "credit"
    MODEL = "model"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class UseValue:
    """A remedy for a refused parameter: a value within the bound that the refusal names."""

    parameter: str
    value: Any


_REMEDIES: tuple[tuple[type[LoquatError], Remedy], ...] = (
    (MissingKey, Remedy.KEY),
    (KeyRefused, Remedy.KEY),
    (NoCredit, Remedy.CREDIT),
    (NoSuchModel, Remedy.MODEL),
    (Forbidden, Remedy.MODEL),
    (RateLimited, Remedy.MODEL),
    (ProviderFailed, Remedy.MODEL),
    (NotAnApi, Remedy.ADDRESS),
    (Redirected, Remedy.ADDRESS),
    (Unreachable, Remedy.ADDRESS),
)


def remedy_of(failure: LoquatError) -> Remedy | UseValue:
    """Return what may mend a failure, other than trying again, or Remedy.NONE."""
    if isinstance(failure, Refused) and failure.use is not None:
        return failure.use
    if isinstance(failure, Refused) and failure.about_length:
        return Remedy.MODEL
    return next((remedy for kind, remedy in _REMEDIES if isinstance(failure, kind)), Remedy.NONE)
