"""A sentence for the person, with the server's own message quoted behind it."""

from app.domain.text.translation import _

_QUOTING = _("{sentence} Message from the server: “{words}”")
_BEFORE, _BETWEEN, _AFTER = _QUOTING.format(sentence="\0", words="\0").split("\0")


def with_server_words(sentence: str, words: str) -> str:
    """Return a sentence with the server's message behind it."""
    return _QUOTING.format(sentence=sentence, words=words)


def without_server_words(text: str) -> tuple[str, str]:
    """Return the sentence and the server's message of a text made by `with_server_words`. The
    message is empty in any other text, such as one in another language."""
    sentence, between, words = text.partition(_BETWEEN)
    if not between:
        return text, ""
    return sentence.removeprefix(_BEFORE).strip(), words.removesuffix(_AFTER)
