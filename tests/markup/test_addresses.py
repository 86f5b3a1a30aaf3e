"""Bare addresses in running text."""

from __future__ import annotations

import pytest

from app.markup.addresses import addresses
from app.markup.blocks import Paragraph, Span, Style
from app.markup.parser import parse


def found(text: str) -> list[tuple[str, str]]:
    return [(text[start:end], url) for start, end, url in addresses(text)]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("see https://a.b/c?d=e#f now", "https://a.b/c?d=e#f"),
        ("(http://a.b/c_(d))", "http://a.b/c_(d)"),
        ("http://localhost:8080/x.", "http://localhost:8080/x"),
        ("'HTTPS://A.b'!", "HTTPS://A.b"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("看https://a.cn/b。好", "https://a.cn/b"),
        ("http://a.b<c", "http://a.b"),
    ],
)
def test_a_web_address_ends_where_its_sentence_goes_on(text: str, address: str) -> None:
    assert found(text) == [(address, address)]


def test_www_is_an_address_and_a_mailbox_is() -> None:
    assert found("www.a.bc/d, e.f+g@h.ij.") == [
        ("www.a.bc/d", "http://www.a.bc/d"),
        ("e.f+g@h.ij", "mailto:e.f+g@h.ij"),
    ]


@pytest.mark.parametrize(
    "text", ["main.py", "a@b", "www.", "http://", "xhttp://a.b", "ftp://a.b", "@a"]
)
def test_a_file_name_or_half_an_address_is_text(text: str) -> None:
    assert found(text) == []


def test_an_address_in_a_link_or_in_code_is_not_another_link() -> None:
    (paragraph,) = parse("[http://a.b](http://c.d) `http://e.f` [http://g.h](i)")
    assert isinstance(paragraph, Paragraph)
    assert paragraph.spans == (
        Span("http://a.b", href="http://c.d"),
        Span(" "),
        Span("http://e.f", Style.CODE),
        Span(" http://g.h"),
    )
