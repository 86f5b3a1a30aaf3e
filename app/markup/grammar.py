"""The Markdown that is understood: markdown-it's rules, chosen, and the few of our own.

CommonMark with GitHub's tables, strikethrough and task lists, footnotes and mathematics
(bare addresses are found later, in addresses.py). Raw HTML is recognised, so that the
blocks around it are what CommonMark says, and shown as text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it import MarkdownIt
from markdown_it.parser_block import ParserBlock, RuleFuncBlockType
from markdown_it.ruler import RuleOptionsType
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.fence import fence
from markdown_it.rules_block.list import list_block
from markdown_it.rules_block.table import table
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote.index import footnote_def

from app.markup.mathematics import inline_math, math_block

# Twenty lists, or forty quotes, one in another. markdown-it drops the text past its limit.
DEEPEST = 40

# A line or a paragraph longer than this is plain text. Parsing 12,000 characters takes 5 ms
# of prose and 50 ms of nothing but markers; wrapping an unbroken line in Qt takes time
# quadratic in its length.
LONGEST = 12_000

# A paragraph with more opening brackets than this is plain text: each costs up to 0.1 ms.
MOST_BRACKETS = 400

# A table with more columns than this stays text: markdown-it fills up every short row.
MOST_COLUMNS = 100

# What would be a paragraph, a quote or a formula of more lines than this ends here, and another
# one begins. So what is open of a growing text, and has to be parsed again, is never longer.
MOST_LINES = 400

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FOLLOWABLE = ("http:", "https:", "mailto:")


def followable(address: str) -> str:
    """Return `address` where a click may follow it, else nothing."""
    return address if address.lower().startswith(_FOLLOWABLE) else ""


class BlockParser(ParserBlock):
    """Block parsing that loses nothing to nesting, and says how loose an item is."""

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 -- markdown-it's names
        """Parse lines into blocks; too deep, take them as they are."""
        opener = state.tokens[-1] if state.tokens else None
        if state.level >= DEEPEST:
            _take_source(state, startLine, endLine)
        else:
            super().tokenize(state, startLine, endLine)
        if opener is not None and opener.type == "list_item_open":
            opener.meta["loose"] = not state.tight
            opener.meta["ends_empty"] = state.line - startLine > 1 and state.isEmpty(state.line - 1)


def _take_source(state: StateBlock, start_line: int, end_line: int) -> None:
    line = last = start_line
    while line < end_line and (
        state.isEmpty(line) or not 0 <= state.sCount[line] < state.blkIndent
    ):
        if not state.isEmpty(line):
            last = line + 1
        line += 1
    if last > start_line:
        token = state.push("source", "", 0)
        token.content = state.getLines(start_line, last, state.blkIndent, False)
        token.map = [start_line, last]
    state.line = line


class Markdown(MarkdownIt):
    """markdown-it with the rules above."""

    def __init__(self) -> None:
        super().__init__(
            "commonmark",
            {"tasklists": True, "inline_definitions": True, "maxNesting": DEEPEST},
        )
        self.block = BlockParser()
        stops: RuleOptionsType = {"alt": ["paragraph", "reference", "blockquote", "list"]}
        self.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
        for name in ("blockquote", "reference", "lheading", "paragraph"):
            self._limit(name)
        self.block.ruler.before("table", "long_line", _long_line, stops)
        self.block.ruler.at("fence", _fence, stops)
        self.block.ruler.after(
            "fence", "math", _limited(math_block), {"alt": ["paragraph", "reference"]}
        )
        self.block.ruler.before(
            "reference", "footnote", footnote_def, {"alt": ["paragraph", "reference"]}
        )
        self.inline.ruler.enable("strikethrough")
        self.inline.ruler2.enable("strikethrough")
        self.inline.ruler.before("escape", "math", inline_math)
        self.inline.ruler.before("link", "footnote_reference", _footnote_reference)

    def _limit(self, name: str) -> None:
        rule = next(one for one in self.block.ruler.__rules__ if one.name == name)
        self.block.ruler.at(name, _limited(rule.fn), {"alt": rule.alt})

    def validateLink(self, url: str) -> bool:  # noqa: N802 -- markdown-it's name
        """Say whether `url` makes a link; where not, its source stays text.

        markdown-it forbids some schemes (and lets `smb:` and `ms-msdt:` through); here
        whatever is not allowed is forbidden. What has no scheme is a link to nowhere.
        """
        url = url.strip()
        return not _SCHEME.match(url) or url.lower().startswith(_FOLLOWABLE)


def outline(markdown: Markdown, text: str, *, goes_on: bool = False) -> list[Token]:
    """Return the block tokens of `text`, whose inline contents are not parsed yet.

    With `goes_on` its first line is the next item of a list and nothing else, as inside
    of one, where a table can't begin.
    """
    tokens: list[Token] = []
    state = StateBlock(text, markdown, {}, tokens)
    if goes_on and not list_block(state, 0, state.lineMax, False):
        raise ValueError("the text does not begin with a list's item")
    markdown.block.tokenize(state, state.line, state.lineMax)
    return tokens


def inline(markdown: Markdown, content: str, references: object) -> Sequence[Token]:
    """Return the inline tokens of `content`."""
    return markdown.inline.parse(content, markdown, {"references": references}, [])


def _limited(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Let a rule see so many lines only, and note where it has taken them all."""

    def limited(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        whole, end = state.lineMax, start_line + MOST_LINES
        if whole <= end:
            return rule(state, start_line, end_line, silent)
        opener = len(state.tokens)
        state.lineMax = end
        try:
            found = rule(state, start_line, min(end_line, end), silent)
        finally:
            state.lineMax = whole
        if found and not silent and state.line == end:
            state.tokens[opener].meta["cut"] = True
        return found

    return limited


def _long_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a line too long to be parsed, which becomes a paragraph of plain text."""
    if state.eMarks[start_line] - state.bMarks[start_line] <= LONGEST:
        return False
    if silent:
        return True
    token = state.push("long_line", "", 0)
    token.content = state.getLines(start_line, start_line + 1, state.blkIndent, False)
    token.map = [start_line, start_line + 1]
    state.line = start_line + 1
    return True


def _table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a table that is not too wide."""
    if start_line + 2 <= end_line:
        bars = state.src.count("|", state.bMarks[start_line + 1], state.eMarks[start_line + 1])
        if bars > MOST_COLUMNS + 1:
            return False
    return table(state, start_line, end_line, silent)


def _fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a fence, and note whether its closing line has come."""
    if not fence(state, start_line, end_line, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        lines = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
        token.meta["closed"] = state.line - start_line - 1 > lines
    return True


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    """Match `[^label]` where the text defines that footnote."""
    if not state.src.startswith("[^", state.pos):
        return False
    end = state.src.find("]", state.pos, state.posMax)
    label = state.src[state.pos + 2 : end]
    if end < 0 or not label or " " in label or "\n" in label:
        return False
    if state.env.get("references", {}).get(footnote_key(label)) is None:
        return False
    if not silent:
        state.push("footnote_reference", "", 0).content = label
    state.pos = end + 1
    return True


def footnote_key(label: str) -> str:
    """Return the name of a footnote among those of links, which never begin with a space."""
    return " " + label
