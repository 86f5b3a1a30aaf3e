"""Tokenizes a text by the /tokenize request of llama.cpp or vLLM.

Every answer is checked, because another server may answer at the address.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.api.endpoints.llama_cpp import native_url
from app.api.http.client import Client
from app.api.http.transport import JsonRequest
from app.domain.errors import NotAnApi, ProviderError
from app.domain.parameters.logit_bias import MOST_ID
from app.domain.providers.providers import KINDS, ProviderKind
from app.domain.providers.traits import TokenizeApi
from app.domain.text.surrogates import mend
from app.domain.text.translation import _
from app.domain.tokens.token_table import Word

#: Largest answer in bytes.
MOST_BYTES = 1_000_000
#: Longest text in characters, and most tokens taken of an answer.
LONGEST_TEXT = 2_000
MOST_TOKENS = LONGEST_TEXT
#: Longest token in characters; the longest in real vocabularies are some hundred spaces.
LONGEST_PIECE = 1_024
#: Tokens whose texts are requested one by one from a server that sends ids only.
MOST_ASKED = 16


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """The tokenizer of one model at a server of llama.cpp or vLLM."""

    client: Client
    base_url: str
    key: str | None
    kind: ProviderKind
    model: str

    async def tokens(self, text: str) -> tuple[Word, ...]:
        """Return the tokens of a text, cut to LONGEST_TEXT, without a begin-of-text token.

        Raises ProviderError, which is NotAnApi if the answer is no list of tokens.
        """
        text = mend(text[:LONGEST_TEXT])
        if self._api is TokenizeApi.VLLM:
            return await self._vllm(text)
        body = {"content": text, "add_special": False, "with_pieces": True}
        found = []
        for entry in _list(await self._ask("tokenize", body), "tokens")[:MOST_TOKENS]:
            # Servers older than `with_pieces` send only ids.
            told = entry if isinstance(entry, dict) else {"id": entry}
            found.append(_word(_id(told.get("id")), _raw(told.get("piece"))))
        return _named(found, text)

    @property
    def _api(self) -> TokenizeApi | None:
        return KINDS[self.kind].tokenize_api

    async def _ask(self, what: str, body: Mapping[str, Any]) -> Any:
        url = f"{native_url(self.base_url)}/{what}"
        if self._api is TokenizeApi.VLLM and self.model:
            body = {"model": self.model, **body}
        request = JsonRequest(url, self.key, self.kind, body=body, most=MOST_BYTES)
        return await self.client.fetch(request)

    async def _vllm(self, text: str) -> tuple[Word, ...]:
        body = {"prompt": text, "add_special_tokens": False, "return_token_strs": True}
        answer = await self._ask("tokenize", body)
        ids = [_id(token) for token in _list(answer, "tokens")[:MOST_TOKENS]]
        spelled = answer.get("token_strs")
        if isinstance(spelled, list) and all(isinstance(piece, str) for piece in spelled):
            pieces = _spelled_out([mend(piece[:LONGEST_PIECE]) for piece in spelled], text)
            if len(pieces) == len(ids):
                return tuple(_word(*pair) for pair in zip(ids, pieces, strict=True))
        if len(ids) == 1:
            return _named([_word(ids[0], None)], text)
        pairs = enumerate(ids)
        return tuple([_word(id_, await self._piece(n, id_)) for n, id_ in pairs])

    async def _piece(self, place: int, id_: int) -> bytes | None:
        """Return the text of one token from a server that sends ids only."""
        if place >= MOST_ASKED:
            return None
        try:
            answer = await self._ask("detokenize", {"tokens": [id_]})
        except ProviderError:
            return None
        return _raw(answer.get("prompt")) if isinstance(answer, dict) else None


def _list(answer: Any, name: str) -> list[Any]:
    listed = answer.get(name) if isinstance(answer, dict) else None
    if not isinstance(listed, list):
        raise _nonsense()
    return listed


def _id(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < MOST_ID:
        raise _nonsense()
    return value


def _nonsense() -> NotAnApi:
    return NotAnApi(_("The server sent tokens that can't be read. Enter token ids instead."))


def _raw(piece: Any) -> bytes | None:
    """Return the bytes of a token, given as a text, or as numbers if it is part of a character."""
    if isinstance(piece, str):
        return mend(piece[:LONGEST_PIECE]).encode()
    if not isinstance(piece, list) or len(piece) > LONGEST_PIECE:
        return None
    if not all(isinstance(byte, int) and 0 <= byte < 256 for byte in piece):
        return None
    return bytes(piece)


def _word(id_: int, raw: bytes | None) -> Word:
    return Word((raw or b"").decode(errors="replace"), raw or b"", id_)


def _named(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """Give a single token without a text the text that was asked about."""
    if len(words) == 1 and not words[0].raw:
        return (Word(text, text.encode(), words[0].id),)
    return tuple(words)


def _spelled_out(spelled: Sequence[str], text: str) -> list[bytes]:
    """Return tokens as bytes from their spelling in the vocabulary.

    There are two spellings: GPT-2's letter for each byte (`bytes_to_unicode`), and SentencePiece's
    ▁ for a space. GPT-2's is taken if it gives the text.
    """
    letters = _letters()
    if all(letter in letters for piece in spelled for letter in piece):
        pieces = [bytes(letters[letter] for letter in piece) for piece in spelled]
        if b"".join(pieces) == text.encode():
            return pieces
    return [piece.replace("▁", " ").encode() for piece in spelled]


def _letters() -> Mapping[str, int]:
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {
        chr(256 + place): byte for place, byte in enumerate(others)
    }
