"""How many tokens a text will be, without its tokenizer: for the meter, never for a bill."""

import re

_ASCII_WORD = re.compile(r"[A-Za-z0-9_]+")


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
        words = _ASCII_WORD.findall(text)
        word_characters = sum(map(len, words))
        marks = sum(not character.isspace() for character in text) - word_characters
        return sum(1 + (len(word) - 1) // 6 for word in words) + marks * 0.7
    ascii_part = text.encode("ascii", "ignore").decode()
    return _estimate(ascii_part) + (len(text) - len(ascii_part)) * 0.7
