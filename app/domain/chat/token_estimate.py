"""How many tokens a text will be, without its tokenizer: for the meter, never for a bill."""

import re

#: At most six characters of a word at a time: so many tokens has it, about.
_PARTS_OF_WORDS = re.compile(r"[A-Za-z0-9_]{1,6}")
_MARKS = re.compile(r"[^\sA-Za-z0-9_]")


def estimate_tokens(text: str) -> int:
    """Estimate tokens from kinds of characters.

    Common byte-pair vocabularies give about 4 characters a token to English words, 1 token to a
    punctuation mark, and a bit over half a token to a CJK character; long texts are judged
    by samples from their beginning, middle and end.
    """
    if len(text) > 60_000:
        middle = len(text) // 2
        sample = text[:10_000] + text[middle : middle + 10_000] + text[-10_000:]
        return round(_estimate(sample) * len(text) / len(sample))
    return round(_estimate(text))


def _estimate(text: str) -> float:
    if text.isascii():
        return len(_PARTS_OF_WORDS.findall(text)) + len(_MARKS.findall(text)) * 0.7
    ascii_part = text.encode("ascii", "ignore").decode()
    return _estimate(ascii_part) + (len(text) - len(ascii_part)) * 0.7
