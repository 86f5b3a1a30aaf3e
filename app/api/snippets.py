"""The exact request as text that runs elsewhere: the key is an environment variable, never there.

Whatever a conversation holds, the text means the same bytes: each language gets the body in the
one form whose quoting no content can break.
"""

import json
import pprint
import re
import shlex
from collections.abc import Mapping
from typing import Any

DEFAULT_KEY_VARIABLE = "OPENROUTER_API_KEY"

Body = Mapping[str, Any]


def as_json(url: str, body: Body) -> str:
    """The request line and the body, for reading."""
    return f"POST {url}\n\n{_json(body)}\n"


def as_curl(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """A command for a POSIX shell.

    The body is a quoted here-document: nothing in it is expanded, a line of JSON cannot be its
    end mark, and it may be larger than an argument (128 KiB on Linux).
    """
    lines = ["curl --no-buffer", shlex.quote(url), "-H 'Content-Type: application/json'"]
    if key_variable:
        lines.append(f'-H "Authorization: Bearer ${_checked(key_variable)}"')
    lines.append("--data-binary @- <<'JSON'")
    return " \\\n  ".join(lines) + f"\n{_json(body)}\nJSON\n"


def as_python(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """A Python program that uses httpx."""
    headers = "{}"
    imports = "import httpx"
    if key_variable:
        imports = "import os\n\nimport httpx"
        value = f"f\"Bearer {{os.environ['{_checked(key_variable)}']}}\""
        headers = f'{{"Authorization": {value}}}'
    literal = pprint.pformat(dict(body), width=96, sort_dicts=False)
    return (
        f"{imports}\n\n"
        f"body = {literal}\n"
        f"headers = {headers}\n"
        f'with httpx.stream("POST", {url!r}, headers=headers, json=body, timeout=600) as answer:\n'
        f"    for text in answer.iter_text():\n"
        f'        print(text, end="", flush=True)\n'
    )


def as_javascript(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """A JavaScript module for Node.

    The body is JSON in a template literal, not an object: a number beyond 2⁵³ and a key such as
    `__proto__` would not survive being one.
    """
    headers = ['"Content-Type": "application/json"']
    if key_variable:
        headers.append(f"Authorization: `Bearer ${{process.env.{_checked(key_variable)}}}`")
    literal = _json(body).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
    return (
        f"const body = `{literal}`;\n"
        f"const answer = await fetch({json.dumps(url)}, {{\n"
        f'  method: "POST",\n'
        f"  headers: {{ {', '.join(headers)} }},\n"
        f"  body,\n"
        f"}});\n"
        f"const decoder = new TextDecoder();\n"
        f"for await (const piece of answer.body) {{\n"
        f"  process.stdout.write(decoder.decode(piece, {{ stream: true }}));\n"
        f"}}\n"
    )


def _json(body: Body) -> str:
    text = json.dumps(body, ensure_ascii=False, indent=2)
    # Half a surrogate pair can't be shown or written to a clipboard except as an escape.
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half.group()):04x}", text)


def _checked(name: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is None:
        raise ValueError("not the name of an environment variable")
    return name
