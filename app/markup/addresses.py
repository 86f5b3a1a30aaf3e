"""Bare addresses in running text: what GitHub makes links of without brackets.

After parsing, on whole runs of text: mdit-py-plugins' rule stops at every `w`, and
searches all the text before every colon again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

# A web address goes up to a space or a `<`, or to a full-width stop or bracket, which no
# space follows in Chinese and Japanese.
_ADDRESS = re.compile(
    r"""(?<![0-9A-Za-z])
    (?: (?P<web> (?: https?://[\w\[] | www\.\w[\w-]*\.\w ) [^\s<\u3000-\u303f\uff00-\uff65]* )
    | (?<![\w.+-]) (?P<mail> [0-9A-Za-z.+_-]+ @ [0-9A-Za-z_-]+ (?: \.[0-9A-Za-z_-]+ )+ ) )""",
    re.VERBOSE | re.IGNORECASE,
)
_TRAILING = "?!.,:;*_~'\"[]"


def addresses(text: str) -> Iterator[tuple[int, int, str]]:
    """Find bare addresses: where each begins and ends in `text`, and its URL."""
    if "://" not in text and "@" not in text and "www." not in text.lower():
        return
    for found in _ADDRESS.finditer(text):
        if found["mail"]:
            mail = found["mail"].rstrip("-_.")
            yield found.start(), found.start() + len(mail), f"mailto:{mail}"
        else:
            web = _without_punctuation(found["web"])
            url = web if web[:4].lower() == "http" else f"http://{web}"
            yield found.start(), found.start() + len(web), url


def _without_punctuation(web: str) -> str:
    """Return `web` without what ends the sentence, and a bracket that it didn't open."""
    surplus = web.count(")") - web.count("(")
    end = len(web)
    while end:
        if web[end - 1] == ")" and surplus > 0:
            surplus -= 1
        elif web[end - 1] not in _TRAILING:
            break
        end -= 1
    return web[:end]
