"""How an answer that failed is checked: what was kept, and what the person reads."""

from app.api.http.client import Client
from app.domain.errors import (
    ProviderError,
)
from tests.api.http.exchanges import Outcome, ask
from tests.servers import Script, serving


async def outcome_of(*scripts: Script, client: Client | None = None) -> Outcome:
    with serving(*scripts) as server:
        return await ask(server.url, client=client)


def failed(outcome: Outcome, kind: type[ProviderError], text: str = "") -> str:
    """Check how an answer failed and what was kept; return the sentence."""
    assert type(outcome.error) is kind, outcome.error
    assert outcome.text == text
    assert outcome.finished == []
    sentence = str(outcome.error)
    assert sentence.endswith((".", "”"))
    assert "Error" not in sentence
    return sentence
