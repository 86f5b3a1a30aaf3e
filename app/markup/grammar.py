"""Markdown grammar: a selection of markdown-it's rules, and a few rules of our own.

CommonMark with GitHub's tables, strikethrough and task lists, footnotes and formulas. (Bare
addresses are found later, in addresses.py.) Raw HTML is recognised, so that the blocks around it
are what CommonMark says, but it is shown as text.
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

# Largest nesting: twenty lists, or forty quotes. Deeper source becomes RawMarkdown, while
# markdown-it would drop it.
DEEPEST = 40

# A line or paragraph with more characters than this is plain text. Parsing 12,000 characters takes
# 5 ms for prose and 50 ms for nothing but markers, and Qt wraps an unbroken line in time quadratic
# in its length.
LONGEST = 12_000

# A paragraph with more opening brackets than this is plain text: each takes up to 0.1 ms to parse.
MOST_BRACKETS = 400

# A table with more columns than this is shown as text, since markdown-it would add a cell for each
# column that a row has too few.
MOST_COLUMNS = 100

# Largest number of lines of a paragraph, quote or formula. A longer block is split. This bounds
# how much of a growing text has to be parsed again.
MOST_LINES = 400

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_FOLLOWABLE = ("http:", "https:", "mailto:")


def followable(address: str) -> str:
    """Return `address` if its scheme may be opened (http, https, mailto), else an empty text."""
    return address if address.lower().startswith(_FOLLOWABLE) else ""


class BlockParser(ParserBlock):
    """markdown-it's block parser, with two differences.

    Source that is nested too deeply becomes a "source" token instead of being dropped, and
    list items get the `meta` entries from which `block_builder.loose` works out looseness.
    """

    def tokenize(self, state: StateBlock, startLine: int, endLine: int) -> None:  # noqa: N803 -- markdown-it's names
        """Parse the lines as blocks; nested deeper than DEEPEST, make one "source" token of them.

        The lines are those from `startLine` to `endLine`, `endLine` not included.
        """
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
    """markdown-it configured with our rules. It keeps no state between parses."""

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
        rule = next(each for each in self.block.ruler.__rules__ if each.name == name)
        self.block.ruler.at(name, _limited(rule.fn), {"alt": rule.alt})

    def validateLink(self, url: str) -> bool:  # noqa: N802 -- markdown-it's name
        """Return whether `url` may be a link's address; if not, the source is shown as text.

        markdown-it forbids a few schemes (but not `smb:` and `ms-msdt:`). Here, only http, https
        and mailto are allowed. An address without a scheme makes a link that can't be followed.
        """
        url = url.strip()
        return not _SCHEME.match(url) or url.lower().startswith(_FOLLOWABLE)


def outline(markdown: Markdown, text: str, *, goes_on: bool = False) -> list[Token]:
    """Return the block tokens of `text`, whose inline content is not parsed yet.

    With `goes_on`, the text has to begin with an item that continues a list, so that its first
    line can't begin a table. Raises ValueError if it doesn't begin with an item.
    """
    tokens: list[Token] = []
    state = StateBlock(text, markdown, {}, tokens)
    if goes_on and not list_block(state, 0, state.lineMax, False):
        raise ValueError("the text does not begin with a list's item")
    markdown.block.tokenize(state, state.line, state.lineMax)
    return tokens


def inline(markdown: Markdown, content: str, references: object) -> Sequence[Token]:
    """Return the tokens of inline Markdown; link and footnote names are looked up in
    `references`."""
    return markdown.inline.parse(content, markdown, {"references": references}, [])


def _limited(rule: RuleFuncBlockType) -> RuleFuncBlockType:
    """Wrap a block rule so that it sees at most MOST_LINES lines. A block that takes all of them
    gets `meta["cut"]`, since it may have been split there."""

    def limited(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        whole, end = state.lineMax, start_line + MOST_LINES
        if whole <= end:
            return rule(state, start_line, end_line, silent)
        opener = len(state.tokens)
        state.lineMax = end
        try:
            matched = rule(state, start_line, min(end_line, end), silent)
        finally:
            state.lineMax = whole
        if matched and not silent and state.line == end:
            state.tokens[opener].meta["cut"] = True
        return matched

    return limited


def _long_line(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a line of more than LONGEST characters, which becomes a paragraph of plain text."""
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
    """Match a table of at most MOST_COLUMNS columns."""
    if start_line + 2 <= end_line:
        bars = state.src.count("|", state.bMarks[start_line + 1], state.eMarks[start_line + 1])
        if bars > MOST_COLUMNS + 1:
            return False
    return table(state, start_line, end_line, silent)


def _fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a fenced code block, and record in `meta["closed"]` whether it has a closing line."""
    if not fence(state, start_line, end_line, silent):
        return False
    if not silent:
        token = state.tokens[-1]
        lines = token.content.count("\n") + (token.content[-1:] not in ("", "\n"))
        token.meta["closed"] = state.line - start_line - 1 > lines
    return True


def _footnote_reference(state: StateInline, silent: bool) -> bool:
    """Match `[^label]` if the text defines that footnote."""
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
    """Return the key of a footnote in `References`: a space and its label. Keys of links never
    begin with a space."""
    return " " + label
