"""Short forms of the figures that a person reads: money, speed, tokens, context windows, durations.

Every window, message and report for a person formats its figures here. Machine output (JSON, CSV,
the command line's `--json`) has all digits instead.
"""

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

from app.domain.text.translation import _, ngettext

#: Decimals of an amount in US dollars.
_CENTS = 2
_CENT = Decimal("0.01")
#: Least cost that is shown with figures, in US dollars.
LEAST_COST = Decimal("0.0001")


def dollars(amount: Decimal, *, figures: int = 2) -> str:
    """Return US dollars with two decimals, or more where fewer than `figures` significant figures
    would be shown: "$1.50", "$0.43", "$0.0021", "$0"."""
    if not amount:
        return "$0"
    decimals = max(_CENTS, figures - 1 - amount.adjusted())
    rounded = amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _point, rest = f"{abs(rounded):,.{decimals}f}".partition(".")
    sign = "-" if rounded < 0 else ""
    return f"{sign}${whole}.{rest[:_CENTS]}{rest[_CENTS:].rstrip('0')}"


def cost(amount: Decimal, *, estimated: bool) -> str:
    """Return the cost of answers in US dollars, with ≈ if it was worked out from prices; a cost
    that is too small to matter is "< $0.0001"."""
    if 0 < amount < LEAST_COST:
        return f"< {dollars(LEAST_COST)}"
    return f"≈ {dollars(amount)}" if estimated and amount else dollars(amount)


def credit(amount: Decimal) -> str:
    """Return an amount that may still be spent, such as "$5" or "$4.99": rounded down, so as not to
    promise too much; "less than $0.01" where something below a cent is left."""
    if 0 < amount < _CENT:
        return _("less than $0.01")
    if amount == amount.to_integral_value():
        return f"${amount:,.0f}"
    return dollars(amount.quantize(_CENT, ROUND_DOWN))


def price_pair(prompt: Decimal, completion: Decimal) -> str:
    """Return two prices, such as "$0.43 / $0.87": three significant figures, as price lists have
    them."""
    return f"{dollars(prompt, figures=3)} / {dollars(completion, figures=3)}"


def speed(tokens_per_second: float) -> str:
    """Return a speed, such as "41 tok/s"; one decimal below 10."""
    shown = f"{tokens_per_second:.1f}" if tokens_per_second < 9.95 else f"{tokens_per_second:,.0f}"
    return _("{n} tok/s").format(n=shown)


def token_count(tokens: int) -> str:
    """Return a number of tokens in short, without a unit: "950", "12.4k", "1.2M"."""
    if tokens < 1000:
        return str(tokens)
    if tokens < 999_500:
        return f"{_three(tokens / 1000)}k"
    return f"{_three(tokens / 1_000_000)}M"


def exact_tokens(tokens: int) -> str:
    """Return a number of tokens with all digits and the unit: "131,072 tokens"."""
    return ngettext("{n} token", "{n} tokens", tokens).format(n=f"{tokens:,}")


def window(tokens: int | None) -> str:
    """Return the size of a context window by its usual name: "8K", "128K", "1M"; empty if unknown.

    Round decimal numbers count thousands (128,000 is 128K), and multiples of 1,024 that aren't
    round count those (131,072 is 128K as well, 8,192 is 8K).
    """
    if not tokens:
        return ""
    step = 1024 if tokens % 1000 and tokens % 1024 == 0 else 1000
    if tokens < 1000:
        return str(tokens)
    thousands = tokens / step
    if thousands < step * 0.9995:
        return f"{_three(thousands)}K"
    return f"{_three(thousands / step)}M"


def duration(seconds: float) -> str:
    """Return a duration: "0.4 s", "12 s", "1 min 5 s", "2 h 3 min"."""
    if seconds < 9.95:
        return _("{n} s").format(n=f"{max(0.0, seconds):.1f}")
    return whole_duration(seconds)


def whole_duration(seconds: float) -> str:
    """Return a duration in whole seconds, at least one: "1 s", "12 s", "1 min 5 s", "2 h 3 min"."""
    whole = max(1, int(seconds + 0.5))
    if whole < 60:
        return _("{n} s").format(n=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        if not rest:
            return _("{minutes} min").format(minutes=minutes)
        return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    hours, rest = divmod(whole // 60, 60)
    if not rest:
        return _("{hours} h").format(hours=hours)
    return _("{hours} h {minutes} min").format(hours=hours, minutes=rest)


def _three(number: float) -> str:
    """Return a number below 1,000 with at most three significant figures: "1", "12.4", "950"."""
    return f"{number:.3g}" if number < 999.5 else f"{number:.0f}"
