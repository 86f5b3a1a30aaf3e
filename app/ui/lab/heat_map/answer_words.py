"""Words about an answer's probabilities: its figures, and the tokens left out."""

from app.domain.text.translation import _, ngettext
from app.domain.tokens.token_statistics import Figures
from app.domain.tokens.token_table import TokenTable
from app.ui.lab.heat_map.token_sentences import signed


def figures_words(table: TokenTable, figures: Figures, counted: int | None = None) -> str:
    """Return the figures of an answer as one line. The numbers of tokens add up to all of them.

    `counted` is the number of tokens by the provider's own count, if known: some of them may be
    missing in the table.
    """
    thoughts = sum(map(bool, table.reasoning))
    left_out = max(figures.left_out, (counted or 0) - thoughts - figures.tokens)
    words = [
        ngettext("{n} token", "{n} tokens", figures.tokens).format(n=f"{figures.tokens:,}"),
        _("mean log probability {mean}").format(mean=signed(figures.mean_logprob)),
        _("perplexity {perplexity}").format(perplexity=f"{figures.perplexity:.2f}"),
    ]
    if left_out:
        words.append(
            ngettext(
                "{n} token has no probability",
                "{n} tokens have no probability",
                left_out,
            ).format(n=f"{left_out:,}")
        )
    if thoughts:
        words.append(
            ngettext(
                "{n} token of reasoning not counted",
                "{n} tokens of reasoning not counted",
                thoughts,
            ).format(n=f"{thoughts:,}")
        )
    return " · ".join(words)
