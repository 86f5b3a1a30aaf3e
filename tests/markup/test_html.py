"""Blocks as HTML: structure and words, and nothing that acts or fetches."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.markup.html import html_of, html_of_text
from app.markup.open_text import new_open_text


def rendered(text: str) -> str:
    parser = new_open_text()
    parser.feed(text)
    parser.finish()
    parser.update()
    return html_of(list(parser.blocks))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# A *b*", "<h1>A <em>b</em></h1>"),
        ("a  \nb", "<p>a<br>b</p>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("~~no~~", "<p><s>no</s></p>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- [x] done", "<ul><li>☑ done</li></ul>"),
        ("- a\n\n- b", "<ul><li><p>a</p></li><li><p>b</p></li></ul>"),
        ("> q", "<blockquote><p>q</p></blockquote>"),
        ("---", "<hr>"),
        ("```py\n1 < 2\n```", '<pre><code class="language-py">1 &lt; 2</code></pre>'),
        ("![alt](https://e.org/x.png)", "<p>[alt]</p>"),
        ("$a<b$", "<p>$a&lt;b$</p>"),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            '<table><thead><tr><th>a</th><th style="text-align:right">b</th></tr></thead>'
            '<tbody><tr><td>1</td><td style="text-align:right">2</td></tr></tbody></table>',
        ),
    ],
)
def test_each_kind_of_block_has_its_element(text: str, html: str) -> None:
    assert rendered(text) == html


def test_plain_text_is_escaped() -> None:
    assert html_of_text("<script>\n&") == "<p>&lt;script&gt;<br>&amp;</p>"


@given(st.text(alphabet="<>&\"'ab [](!)`*_~#-\n|$:/.", max_size=60))
def test_whatever_is_written_only_known_elements_come_out(text: str) -> None:
    names = set(re.findall(r"</?([a-zA-Z][a-zA-Z0-9]*)", rendered(text)))
    known = "p h1 h2 h3 h4 h5 h6 pre code blockquote ul ol li table thead tbody tr th td hr br"
    assert names <= {*known.split(), "strong", "em", "s", "a", "sup", "div"}
