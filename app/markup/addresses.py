"""Finds bare web and e-mail addresses in plain text, as GitHub does, to make links of them.

It runs after parsing, on whole runs of text. The linkify rule of mdit-py-plugins would be much
slower: it stops at every `w`, and searches all the text before every colon again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A web address ends at white space or a `<`, or at full-width punctuation, since Chinese and
# Japanese have no space after it.
_ADDRESS = re.compile(
    r"""(?<![0-9A-Za-z])
    (?: (?P<web> (?: https?://[\w\[] | www\.\w[\w-]*\.\w ) [^\s<\u3000-\u303f\uff00-\uff65]* )
    | (?<![\w.+-]) (?P<mail> [0-9A-Za-z.+_-]+ @ [0-9A-Za-z_-]+ (?: \.[0-9A-Za-z_-]+ )+ ) )""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = "?!.,:;*_~'\"[]"


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield the bare addresses in `text`: start and end (in characters), and the URL to open.

    The URL has a scheme: http for addresses without one, mailto for e-mail addresses.
    """
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return
    for match in _ADDRESS.finditer(text):
        if match["mail"]:
            mail = match["mail"].rstrip("-_.")
            yield match.start(), match.start() + len(mail), f"mailto:{mail}"
        else:
            web = _without_punctuation(match["web"])
            url = web if web[:4].lower() == "http" else f"http://{web}"
            yield match.start(), match.start() + len(web), url


def _without_punctuation(web: str) -> str:
    """Return `web` without punctuation at its end, and without unbalanced closing brackets."""
    surplus = web.count(")") - web.count("(")
    end = len(web)
    while end:
        if web[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif web[end - 1] not in _TRAILING:
            break
        end -= 1
    return web[:end]
