"""Spending limits of an API key: parsing OpenRouter's GET /key, and sentences about them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.domain.providers.api_keys import without_secret
from app.domain.text.figures import credit
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Largest amount in US dollars; a larger one is taken for an error and ignored.
MOST = Decimal(1_000_000_000)
#: Longest label in characters.
MAX_LABEL = 40

_PLAIN_DECIMAL = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,20})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """Facts about a key from its provider. Amounts are US dollars; None is unknown."""

    label: str = ""
    #: Spending limit in all; None also if the key has no limit of its own.
    limit: Decimal | None = None
    remaining: Decimal | None = None
    usage: Decimal | None = None
    #: Whether the account has never bought credit. Such an account may use free models only.
    free_tier: bool | None = None
    expires: datetime | None = None

    def sentence(self) -> str:
        """Return the facts about a key as sentences: its label and the rest of its limit (else the
        limit, else the amount used), its expiry, and whether only free models may answer.

        Empty if nothing is known.
        """
        said = []
        if (amounts := self._amounts()) and self.label:
            said.append(_("Key “{label}”: {amounts}.").format(label=self.label, amounts=amounts))
        elif amounts:
            said.append(_("Key: {amounts}.").format(amounts=amounts))
        elif self.label:
            said.append(_("Key “{label}”.").format(label=self.label))
        if self.expires is not None:
            said.append(_("It expires on {date}.").format(date=self.expires.date().isoformat()))
        if self.free_tier:
            said.append(_("The account has no credit yet; only free models answer."))
        return " ".join(said)

    def _amounts(self) -> str:
        if self.remaining is not None:
            left = credit(max(self.remaining, Decimal(0)))
            if self.limit is None:
                return _("{left} left").format(left=left)
            return _("{left} of {limit} left").format(left=left, limit=credit(self.limit))
        if self.limit is not None:
            return _("at most {limit}").format(limit=credit(self.limit))
        if self.usage is not None:
            return _("{used} used so far, no limit set").format(used=credit(self.usage))
        return ""


def read_key_facts(value: Any, key: str = "") -> KeyFacts:
    """Parse the answer of `GET /key`, any JSON value. Fields with wrong values are left out.

    `key` is replaced in the label, which may quote it. Source: OpenRouter's API description, /key.
    """
    data = value.get("data", value) if isinstance(value, Mapping) else None
    if not isinstance(data, Mapping):
        return KeyFacts()
    free = data.get("is_free_tier")
    return KeyFacts(
        label=_label(data.get("label"), key),
        limit=_amount(data.get("limit"), least=Decimal(0)),
        # Negative if more was spent than the limit.
        remaining=_amount(data.get("limit_remaining"), least=-MOST),
        usage=_amount(data.get("usage"), least=Decimal(0)),
        free_tier=free if isinstance(free, bool) else None,
        expires=_moment(data.get("expires_at")),
    )


def _amount(value: Any, least: Decimal) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str | Decimal):
        return None
    if isinstance(value, str) and _PLAIN_DECIMAL.fullmatch(value) is None:
        return None
    # repr() gives the shortest decimal of a float, which is the number in the JSON text.
    amount = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    return amount if amount.is_finite() and least <= amount <= MOST else None


def _label(value: Any, key: str) -> str:
    if not isinstance(value, str):
        return ""
    text = without_secret(value, key)
    text = "".join(character if character.isprintable() else " " for character in mend(text[:1000]))
    text = " ".join(text.split())
    return text if len(text) <= MAX_LABEL else text[: MAX_LABEL - 1].rstrip() + "…"


def _moment(value: Any) -> datetime | None:
    if not isinstance(value, str) or len(value) > MAX_LABEL:
        return None
    try:
        moment = datetime.fromisoformat(value)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
