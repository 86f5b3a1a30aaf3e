"""Translates errors that a provider reports into the program's error tree.

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
from app.domain.providers.api_keys import REDACTED, without_secret
from app.domain.text.server_words import with_server_words
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

MAX_WORDS = 300
MAX_DETAIL = 2000
MAX_PART = 80
#: Longest wait in seconds; a Retry-After date may be years ahead.
MAX_RETRY_AFTER = 3600.0

#: Texts that look like a key: a known prefix, the word after "Bearer", or 32 mixed letters and
#: digits. It also hides some ids, which does no harm.
_KEY_LIKE = re.compile(
    r"\b(?:(?:sk|pk|rk|gsk|xai|hf|ghp|key)[-_]|AIza)[-_A-Za-z0-9*.•]{6,}"
    r"|(?<=[Bb]earer )\S+"
    r"|\b(?=[-_A-Za-z0-9]*[0-9])(?=[-_A-Za-z0-9]*[A-Za-z])[-_A-Za-z0-9]{32,}"
)

#: Fields with the words of an error, or with an object that has them.
_WORDS = (
    "message",
    "error",
    "detail",
    "msg",
    "errors",
    "error_message",
    "errorMessage",
    "error_msg",
    "base_resp",
    "status_msg",
)
#: The name of an error; other values are sentences.
_NAME = re.compile(r"[a-z_]{1,40}")

_STATUSES: dict[int, tuple[type[Refused], str]] = {
    400: (
        RequestRejected,
        _("{host} rejected the request. Reset a parameter or change the text, then try again."),
    ),
    401: (KeyRefused, _("{host} rejected the API key. Check the key in Settings.")),
    402: (NoCredit, _("Not enough credit at {host}. Add credit or choose another model.")),
    403: (
        Forbidden,
        _("{host} doesn't allow this request. Change the text or choose another model."),
    ),
    404: (NoSuchModel, _("{host} doesn't have this model. Choose another model.")),
    408: (ProviderFailed, _("The model at {host} took too long to answer. Try again.")),
    413: (RequestRejected, _("This chat is too long for {host}. Shorten it or start a new chat.")),
    429: (RateLimited, _("Too many requests to {host}. Wait a moment, then try again.")),
    503: (ProviderFailed, _("{host} is overloaded or down for maintenance. Try again later.")),
}
_OTHER_REJECTION = (RequestRejected, _STATUSES[400][1])
_OTHER_FAILURE = (
    ProviderFailed,
    _("{host} had an error. Try again or choose another model."),
)

#: Name of an error → the HTTP status to treat it as, and a sentence if that status's own is too
#: general.
_BY_NAME: dict[str, tuple[int, str | None]] = {
    "context_length_exceeded": (
        400,
        _("This chat is too long for this model. Shorten it or choose another model."),
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
            "No host at {host} serves this model with your privacy settings. Change the hosts or "
            "choose another model."
        ),
    ),
    "constraint_filtered": (
        404,
        _(
            "No host at {host} serves this model with these settings. Change the hosts, reset a "
            "parameter, or choose another model."
        ),
    ),
    "model_deprecated": (
        404,
        _("{host} no longer serves this model. Choose another model."),
    ),
    "free_variant_ended": (
        404,
        _("This model is no longer free at {host}. Choose it without “:free”, or another model."),
    ),
    "content_policy_violation": (
        403,
        _("The provider's content policy blocked this. Change the text or choose another model."),
    ),
}
#: Names of errors about a conversation that is too long.
_ABOUT_LENGTH = {"context_length_exceeded", "exceed_context_size_error"}
_BY_NAME["exceed_context_size_error"] = _BY_NAME["context_length_exceeded"]
_LOADING = _("The model at {host} is still loading. Try again in a moment.")
#: Statuses that servers and proxies use for many errors; the error's name is more exact.
_VAGUE = {400, 429, 500}


@dataclass(frozen=True, slots=True)
class Failures:
    """Makes exceptions for the errors of one host.

    No text of theirs but `unredacted`, which is only for understanding the error, holds the key.
    """

    host: str
    key: str | None = field(default=None, repr=False)
    #: Further texts of the request that must not appear in an error.
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def of_answer(self, status: int, headers: Mapping[str, str], body: bytes) -> Refused:
        """Return the error for an answer whose status isn't 200, with the words of its body."""
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
        """Return the error for an error object from a body or from a stream.

        `wait` is the Retry-After header in seconds.
        """
        code, name = _code_and_name(error)
        named, sentence = _BY_NAME.get(name, (None, None))
        if status is None or status in _VAGUE:
            status = named or code or status or 500
        understood = mend(own_words(error)[: MAX_DETAIL * 2])
        words = self.redacted(understood)
        kind, usual = _STATUSES.get(
            status, _OTHER_REJECTION if 400 <= status < 500 else _OTHER_FAILURE
        )
        if "loading model" in understood.lower():
            sentence = _LOADING
        text = (sentence or usual).format(host=self.host)
        for more in _particulars(error):
            text = f"{text} {self.redacted(more)}"
        if words:
            text = with_server_words(text, shortened(words, MAX_WORDS))
        # The log doesn't get the server's words, because they may quote the question.
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
            unredacted=understood,
            parameter=parameter[:100] if isinstance(parameter, str) else "",
            code=_code_of(error),
            about_length=name in _ABOUT_LENGTH,
        )

    def redacted(self, text: str) -> str:
        """Return a text as one line, without control characters and anything like a key."""
        for secret in (self.key, *self.secrets):
            text = without_secret(text, secret)
        text = "".join(
            character if character.isprintable() else " "
            for character in mend(text[: MAX_DETAIL * 2])
        )
        return _KEY_LIKE.sub(REDACTED, " ".join(text.split()))


def shortened(text: str, most: int) -> str:
    """Return a text cut to `most` characters, including an ellipsis."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def retry_after(text: str) -> float | None:
    """Parse a Retry-After header, a number of seconds or a date; None if it is neither."""
    text = text.strip()
    try:
        seconds = float(text)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(text).timestamp() - time.time()
        except (ValueError, OverflowError):
            return None
    # NaN fails the comparison.
    return min(seconds, MAX_RETRY_AFTER) if seconds >= 0 else None


def _inside(value: Any, name: str) -> dict[str, Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def _particulars(error: Any) -> list[str]:
    """Return sentences about a router's reasons: excluded hosts, fallbacks, guardrails."""
    found = []
    if isinstance(error, dict):
        needed, room = error.get("n_prompt_tokens"), error.get("n_ctx")
        if isinstance(needed, int) and isinstance(room, int):
            words = _("It has {n} tokens; the limit is {most}.")
            found.append(words.format(n=f"{needed:,}", most=f"{room:,}"))
    availability, metadata = _inside(error, "availability"), _inside(error, "metadata")
    constraint = availability.get("constraint")
    detail = constraint.get("detail") if isinstance(constraint, dict) else None
    if isinstance(detail, str) and detail:
        found.append(_("Reason: {reason}.").format(reason=detail[:MAX_PART].rstrip(".")))
    if excluded := _names(availability.get("excluded_by")):
        found.append(_("Excluded by: {list}.").format(list=excluded))
    if instead := _names(availability.get("fallback_models")):
        found.append(_("Available instead: {list}.").format(list=instead))
    if reasons := _names(metadata.get("reasons")):
        found.append(_("Flagged for: {list}.").format(list=reasons))
    if patterns := _names(metadata.get("patterns")):
        found.append(_("Blocked by a guardrail of your account: {list}.").format(list=patterns))
    return found


def _names(value: Any) -> str:
    if not isinstance(value, list):
        return ""
    return ", ".join(name[:MAX_PART] for name in value[:5] if isinstance(name, str))


def _code_and_name(error: Any) -> tuple[int | None, str]:
    """Return the status and the name in an error object; either may be missing."""
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


def _code_of(error: Any) -> str:
    """Return the most exact name in an error object, its `code` or else its `type`, or nothing."""
    names = (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    named = (name for name in names if isinstance(name, str) and not name.isdigit())
    return next(named, "")[:100]


def own_words(error: Any, depth: int = 0) -> str:
    """Return the provider's message, from the innermost place that has one.

    OpenRouter wraps the serving provider's error as `metadata.raw`: a text, JSON in a text, or an
    object.
    """
    if isinstance(error, str):
        if error.lstrip().startswith("{") and depth < 4:
            try:
                return own_words(json.loads(error), depth + 1) or error
            except (ValueError, RecursionError):
                return error
        return error
    if depth > 4:
        return ""
    if isinstance(error, list):
        return next((words for item in error if (words := own_words(item, depth + 1))), "")
    if not isinstance(error, dict):
        return ""
    metadata = _inside(error, "metadata")
    if inner := own_words(metadata.get("raw"), depth + 1):
        provider = metadata.get("provider_name")
        return f"{provider}: {inner}" if isinstance(provider, str) else inner
    for name in _WORDS:
        if words := own_words(error.get(name), depth + 1):
            return words
    return ""
