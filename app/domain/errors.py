"""Everything that can go wrong and is not a bug, as one tree.

    LoquatError
    ├── InputError                what the person typed or chose can't be used
    │   ├── ParameterError          unknown, out of range, of the wrong kind
    │   ├── InvalidKey             a key that no header could carry
    │   ├── AddressError            not an http or https address
    │   ├── CommandError            a command for a tool's calls that can't be started
    │   └── NotFoundError           no such conversation, provider, model or file
    ├── ProviderError             the other side, or the way to it
    │   ├── MissingKey              this provider needs a key and there is none
    │   ├── Unreachable             name, route, refusal, TLS, proxy
    │   ├── Interrupted             the answer stopped in the middle
    │   ├── NotAnApi                what answered doesn't speak this protocol
    │   ├── Redirected              it points elsewhere; we don't follow
    │   ├── TooLarge                more bytes than an answer may have
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
    │   └── EngineFailed            it didn't start, or it died
    ├── LibraryError              the library file
    │   ├── LibraryNewer            written by a newer program; left untouched
    │   ├── LibraryReadOnly         can be read, not written
    │   ├── LibraryFull             no room on the disk
    │   └── LibraryBusy             another program holds it
    └── KeyringError              the system's keyring
        ├── KeyringMissing          there is none that we trust
        └── KeyringLocked           there is one, and it didn't open

`str(error)` is a sentence for the person with the next step in it; `detail` is for the log and
never holds a key. api, engine and store translate at their boundary, with `raise … from`.
What is outside this tree is a bug.
"""

from enum import StrEnum


class LoquatError(Exception):
    """An expected failure; see the module's drawing."""

    def __init__(self, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.detail = detail


class InputError(LoquatError):
    """What the person typed or chose can't be used."""


class ParameterError(InputError):
    """A parameter is unknown, out of range, or of the wrong kind."""


class InvalidKey(InputError):
    """A key that no header could carry."""


class AddressError(InputError):
    """Not an http or https address."""


class CommandError(InputError):
    """A command for a tool's calls that can't be started."""


class NotFoundError(InputError):
    """No such conversation, provider, model or file."""


class ProviderError(LoquatError):
    """The other side failed, or the way to it did."""


class MissingKey(ProviderError):
    """This provider needs a key and there is none."""


class Unreachable(ProviderError):
    """No connection: name, route, refusal, TLS, proxy."""


class Interrupted(ProviderError):
    """The answer stopped in the middle; what came is kept."""


class NotAnApi(ProviderError):
    """What answered does not speak this protocol."""


class Redirected(ProviderError):
    """The address points elsewhere; keys and prompts are not sent after it."""


class TooLarge(ProviderError):
    """More bytes than an answer may have."""


class Refused(ProviderError):
    """An error that the provider itself reports, with its HTTP status (or the stream's code)."""

    def __init__(
        self,
        message: str,
        detail: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        retryable: bool | None = None,
        words: str = "",
        parameter: str = "",
        about_length: bool = False,
    ) -> None:
        super().__init__(message, detail)
        self.status = status
        #: Seconds to wait before another try makes sense, where the provider said so.
        self.retry_after = retry_after
        #: Whether another try makes sense at all, where the provider said so.
        self.retryable = retryable
        #: What the provider said itself, and the parameter that it says it is about.
        self.words = words
        self.parameter = parameter
        #: Whether the conversation is too long, which no parameter mends.
        self.about_length = about_length


class KeyRefused(Refused):
    """401."""


class NoCredit(Refused):
    """402."""


class Forbidden(Refused):
    """403."""


class NoSuchModel(Refused):
    """404."""


class RequestRejected(Refused):
    """400, 413, 422 and the like: the same request would fail again."""


class RateLimited(Refused):
    """429."""


class ProviderFailed(Refused):
    """5xx, or an error code in the stream that means the same."""


class EngineError(LoquatError):
    """The embedded model failed."""


class EngineMissing(EngineError):
    """No model file, or no llama.cpp for this system."""


class EngineFailed(EngineError):
    """The embedded model didn't start, or it died."""


class LibraryError(LoquatError):
    """The library file failed."""


class LibraryNewer(LibraryError):
    """Written by a newer program; left untouched."""


class LibraryReadOnly(LibraryError):
    """Can be read, not written."""


class LibraryFull(LibraryError):
    """No room on the disk."""


class LibraryBusy(LibraryError):
    """Another program holds it."""


class KeyringError(LoquatError):
    """The system's keyring failed."""


class KeyringMissing(KeyringError):
    """There is no keyring that we trust."""


class KeyringLocked(KeyringError):
    """There is a keyring, and it didn't open."""


class Remedy(StrEnum):
    """What may help after a failure, besides trying again; the screen leads there."""

    NONE = ""
    KEY = "key"
    CREDIT = "credit"
    MODEL = "model"
    ADDRESS = "address"


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


def remedy_of(failure: LoquatError) -> Remedy:
    """What may help after a failure."""
    if isinstance(failure, Refused) and failure.about_length:
        return Remedy.MODEL
    return next((one for kind, one in _REMEDIES if isinstance(failure, kind)), Remedy.NONE)
