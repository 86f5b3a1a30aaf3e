"""What a server's /tokenize says: the tokens that a text is cut into, as llama.cpp and vLLM tell.

It is read with suspicion: another server may stand at the address, and say what it likes.
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

MOST_BYTES = 1_000_000
#: Longer texts are not asked for, nor more tokens taken.
LONGEST_TEXT = 2_000
MOST_TOKENS = LONGEST_TEXT
#: Of one token; the longest of real vocabularies are some hundred spaces.
LONGEST_PIECE = 1_024
#: A server that tells ids alone is asked for the texts of so many.
MOST_ASKED = 16


@dataclass(frozen=True, slots=True)
class Tokenizer:
    """One model's tokenizer at a server of llama.cpp or vLLM."""

    client: Client
    base_url: str
    key: str | None
    kind: ProviderKind
    model: str

    async def tokens(self, text: str) -> tuple[Word, ...]:
        """The tokens of a text, without those that only begin a prompt. Raises ProviderError,
        which NotAnApi is where the answer makes no sense."""
        text = mend(text[:LONGEST_TEXT])
        if self._api is TokenizeApi.VLLM:
            return await self._vllm(text)
        body = {"content": text, "add_special": False, "with_pieces": True}
        found = []
        for one in _list(await self._ask("tokenize", body), "tokens")[:MOST_TOKENS]:
            # Servers from before `with_pieces` tell the ids alone.
            told = one if isinstance(one, dict) else {"id": one}
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
        ids = [_id(one) for one in _list(answer, "tokens")[:MOST_TOKENS]]
        spelled = answer.get("token_strs")
        if isinstance(spelled, list) and all(isinstance(one, str) for one in spelled):
            pieces = _spelled_out([mend(one[:LONGEST_PIECE]) for one in spelled], text)
            if len(pieces) == len(ids):
                return tuple(_word(*one) for one in zip(ids, pieces, strict=True))
        if len(ids) == 1:
            return _named([_word(ids[0], None)], text)
        pairs = enumerate(ids)
        return tuple([_word(id_, await self._piece(n, id_)) for n, id_ in pairs])

    async def _piece(self, place: int, id_: int) -> bytes | None:
        """The text of one token, of a server that told ids alone."""
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
    return NotAnApi(_("The server's answer about tokens can't be understood. Enter ids instead."))


def _raw(piece: Any) -> bytes | None:
    """The bytes of a token, told as a text, or as numbers where it is half of a character."""
    if isinstance(piece, str):
        return mend(piece[:LONGEST_PIECE]).encode()
    if not isinstance(piece, list) or len(piece) > LONGEST_PIECE:
        return None
    if not all(isinstance(one, int) and 0 <= one < 256 for one in piece):
        return None
    return bytes(piece)


def _word(id_: int, raw: bytes | None) -> Word:
    return Word((raw or b"").decode(errors="replace"), raw or b"", id_)


def _named(words: Sequence[Word], text: str) -> tuple[Word, ...]:
    """A single token without a text of its own is the text that was asked about."""
    if len(words) == 1 and not words[0].raw:
        return (Word(text, text.encode(), words[0].id),)
    return tuple(words)


def _spelled_out(spelled: Sequence[str], text: str) -> list[bytes]:
    """Tokens as bytes, from the two spellings that vocabularies have: GPT-2's letter for each byte
    (its `bytes_to_unicode`), and SentencePiece's ▁ for a space. Which it is, the text tells."""
    letters = _letters()
    if all(one in letters for piece in spelled for one in piece):
        pieces = [bytes(letters[one] for one in piece) for piece in spelled]
        if b"".join(pieces) == text.encode():
            return pieces
    return [piece.replace("▁", " ").encode() for piece in spelled]


def _letters() -> Mapping[str, int]:
    plain = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in plain]
    return {chr(byte): byte for byte in plain} | {
        chr(256 + place): byte for place, byte in enumerate(others)
    }
