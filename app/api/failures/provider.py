"""What a provider reports as an error, as our error tree: a sentence, a next step, its own words.

Providers agree on `{"error": {…}}` and on little within it; the shapes read here are those of
OpenRouter, DeepSeek, OpenAI, llama.cpp, vLLM (`message` without `error`) and Ollama (`error` as
a text).
"""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

from app.domain.errors import (
    Forbidden,
    KeyRefused,
    NoCredit,
    NoSuchModel,
    ProviderFailed,
    RateLimited,
    Refused,
    RequestRejected,
)
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

MAX_WORDS = 300
MAX_DETAIL = 2000
MAX_PART = 80
#: No provider's word makes anybody wait longer than this; a date may lie in 2099.
MAX_RETRY_AFTER = 3600.0

_REDACTED = "•••"
#: What looks like a key: a known beginning, what follows "Bearer", or a long run of letters and
#: digits mixed. Better an id too many hidden than a key shown.
_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key)[-_]|AIza)[-_A-Za-z0-9*.•]{6,}"
    r"|(?<=[Bb]earer )\S+"
    r"|\b(?=[-_A-Za-z0-9]*[0-9])(?=[-_A-Za-z0-9]*[A-Za-z])[-_A-Za-z0-9]{32,}"
)

#: A name of an error, and no text.
_NAME = re.compile(r"[a-z_]{1,40}")

_STATUSES: dict[int, tuple[type[Refused], str]] = {
    400: (
        RequestRejected,
        _("{host} does not take this request. Unset a parameter or change the text."),
    ),
    401: (KeyRefused, _("{host} did not accept the key. Check it in the settings.")),
    402: (NoCredit, _("The account at {host} has too little credit. Add some, or change model.")),
    403: (Forbidden, _("{host} does not allow this request. Change the text or the model.")),
    404: (NoSuchModel, _("{host} does not have this model, or not for this. Choose another.")),
    408: (ProviderFailed, _("{host} gave up waiting for the model. Try again.")),
    413: (RequestRejected, _("The conversation is too large for {host}. Shorten it.")),
    429: (RateLimited, _("{host} takes no more requests for the moment. Wait, then try again.")),
    503: (ProviderFailed, _("{host} is overloaded or being serviced. Try again in a while.")),
}
_OTHER_REJECTION = (RequestRejected, _STATUSES[400][1])
_OTHER_FAILURE = (
    ProviderFailed,
    _("{host} failed at its own end. Try again, or choose another model."),
)

#: Names of errors that say more than the status with them, or that stand in place of one.
_BY_NAME: dict[str, tuple[int, str | None]] = {
    "context_length_exceeded": (
        400,
        _("The conversation is longer than this model can read. Shorten it or change model."),
    ),
    "model_not_found": (404, None),
    "invalid_api_key": (401, None),
    "authentication_error": (401, None),
    "insufficient_quota": (402, None),
    "insufficient_credits": (402, None),
    "rate_limit_exceeded": (429, None),
    "invalid_request_error": (400, None),
    "server_error": (500, None),
    "unavailable_error": (503, None),
    "insufficient_system_resource": (503, None),
    "capacity_exhausted": (429, None),
    "provider_overloaded": (529, None),
    "provider_unavailable": (502, None),
    "privacy_restricted": (
        404,
        _(
            "Nobody at {host} serves this model under the privacy that is asked for. Loosen it in "
            "the routing, or choose another model."
        ),
    ),
    "constraint_filtered": (
        404,
        _(
            "Nobody at {host} serves this model with all that is asked for. Loosen the routing or "
            "unset a parameter, or choose another model."
        ),
    ),
    "model_deprecated": (
        404,
        _("{host} serves this model no more. Choose another."),
    ),
    "free_variant_ended": (
        404,
        _("This model is free no more at {host}. Choose it without “:free”, or another."),
    ),
    "content_policy_violation": (
        403,
        _("The provider objects to what the conversation says. Change the text or the model."),
    ),
}
#: What is said of a conversation that is too long.
_ABOUT_LENGTH = {"context_length_exceeded", "exceed_context_size_error"}
_BY_NAME["exceed_context_size_error"] = _BY_NAME["context_length_exceeded"]
_LOADING = _("The model at {host} is still being loaded. Try again in a moment.")
#: Statuses that a proxy chooses freely; the error's own name is nearer to the matter.
_VAGUE = {400, 429, 500}


@dataclass(frozen=True, slots=True)
class Failures:
    """Words for what went wrong at one host, with the key kept out of all of them."""

    host: str
    key: str | None = field(default=None, repr=False)
    #: What else was sent and must not come back in an error.
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def of_answer(self, status: int, headers: Mapping[str, str], body: bytes) -> Refused:
        """Explain an HTTP status that isn't 200, by its body where that says anything."""
        try:
            error = json.loads(body.decode("utf-8", "replace"), strict=False)
        except (ValueError, RecursionError):
            error = None
        if isinstance(error, dict) and isinstance(error.get("error"), dict | str):
            error = error["error"]
        return self.of_object(error, status, retry_after(headers.get("retry-after", "")))

    def of_object(
        self, error: Any, status: int | None = None, wait: float | None = None
    ) -> Refused:
        """Explain an error object, as it comes in a body or in the middle of a stream."""
        code, name = _code_and_name(error)
        named, sentence = _BY_NAME.get(name, (None, None))
        if status is None or status in _VAGUE:
            status = named or code or status or 500
        words = self.redacted(_own_words(error))
        kind, usual = _STATUSES.get(
            status, _OTHER_REJECTION if 400 <= status < 500 else _OTHER_FAILURE
        )
        if "loading model" in words.lower():
            sentence = _LOADING
        text = (sentence or usual).format(host=self.host)
        for more in _particulars(error):
            text = f"{text} {self.redacted(more)}"
        if words:
            text = _("{sentence} It says: “{words}”").format(
                sentence=text, words=shortened(words, MAX_WORDS)
            )
        # Its words are for the person alone: many a server quotes the question in them.
        detail = f"{self.host}: {status} {name if _NAME.fullmatch(name) else ''}".rstrip()
        if wait is None:
            wait = retry_after(str(_inside(error, "availability").get("retry_after", "")))
        availability = _inside(error, "availability")
        said = availability.get("retryable")
        parameter = error.get("param") if isinstance(error, dict) else None
        return kind(
            text,
            detail,
            status=status,
            retry_after=wait,
            retryable=said if isinstance(said, bool) else None,
            words=words,
            parameter=parameter[:100] if isinstance(parameter, str) else "",
            about_length=name in _ABOUT_LENGTH,
        )

    def redacted(self, text: str) -> str:
        """One line without control characters, and without anything that may be a key."""
        for secret in (self.key, *self.secrets):
            if secret:
                text = text.replace(secret, _REDACTED)
        text = "".join(one if one.isprintable() else " " for one in mend(text[: MAX_DETAIL * 2]))
        return _KEY_LIKE.sub(_REDACTED, " ".join(text.split()))


def shortened(text: str, most: int) -> str:
    """Cut a text to at most so many characters, an ellipsis among them."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def retry_after(text: str) -> float | None:
    """Read a Retry-After header, in seconds or as a date; None where it says nothing usable."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    # Not a number fails both comparisons.
    return min(seconds, MAX_RETRY_AFTER) if seconds >= 0 else None


def _inside(value: Any, name: str) -> dict[str, Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _particulars(error: Any) -> list[str]:
    """What a router says of its reasons: whom it left out and why, whom it would ask instead."""
    found = []
    if isinstance(error, dict):
        needed, room = error.get("n_prompt_tokens"), error.get("n_ctx")
        if isinstance(needed, int) and isinstance(room, int):
            words = _("It has {n} tokens, and there is room for {most}.")
            found.append(words.format(n=f"{needed:,}", most=f"{room:,}"))
    availability, metadata = _inside(error, "availability"), _inside(error, "metadata")
    constraint = availability.get("constraint")
    detail = constraint.get("detail") if isinstance(constraint, dict) else None
    if isinstance(detail, str) and detail:
        found.append(_("The reason: {reason}.").format(reason=detail[:MAX_PART].rstrip(".")))
    if excluded := _names(availability.get("excluded_by")):
        found.append(_("Left out by: {list}.").format(list=excluded))
    if instead := _names(availability.get("fallback_models")):
        found.append(_("It offers instead: {list}.").format(list=instead))
    if reasons := _names(metadata.get("reasons")):
        found.append(_("It objects to: {list}.").format(list=reasons))
    if patterns := _names(metadata.get("patterns")):
        found.append(_("A guardrail of the account found: {list}.").format(list=patterns))
    return found


def _names(value: Any) -> str:
    if not isinstance(value, list):
        return ""
    return ", ".join(one[:MAX_PART] for one in value[:5] if isinstance(one, str))


def _code_and_name(error: Any) -> tuple[int | None, str]:
    """The status inside an error object, and the word for it; either may be missing."""
    if not isinstance(error, dict):
        return None, ""
    code = None
    for raw in (error.get("code"), error.get("http_status"), error.get("status")):
        digits = str(raw)
        if code is None and len(digits) == 3 and digits.isascii() and digits.isdigit():
            code = int(digits) if int(digits) >= 400 else None
    names = (
        _inside(error, "metadata").get("error_type"),
        error.get("error_type"),
        error.get("code"),
        error.get("type"),
    )
    words = [name for name in names if isinstance(name, str) and not name.isdigit()]
    return code, next((name for name in words if name in _BY_NAME), words[0] if words else "")


def _own_words(error: Any, depth: int = 0) -> str:
    """Dig out what the provider says, from the innermost place that has words.

    OpenRouter wraps what the serving provider said as `metadata.raw`: a text, JSON in a text, or
    an object.
    """
    if isinstance(error, str):
        if error.lstrip().startswith("{") and depth < 4:
            try:
                return _own_words(json.loads(error), depth + 1) or error
            except (ValueError, RecursionError):
                return error
        return error
    if not isinstance(error, dict) or depth > 4:
        return ""
    metadata = _inside(error, "metadata")
    if inner := _own_words(metadata.get("raw"), depth + 1):
        provider = metadata.get("provider_name")
        return f"{provider}: {inner}" if isinstance(provider, str) else inner
    for name in ("message", "error", "detail", "msg"):
        if words := _own_words(error.get(name), depth + 1):
            return words
    return ""
