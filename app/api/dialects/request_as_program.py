"""Writes a request as a program: curl, Python, JavaScript. The key is an environment variable.

Every program sends the same bytes whatever the conversation contains, so each language gets the
body in a form whose quoting no content can break.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

DEFAULT_KEY_VARIABLE = "OPENROUTER_API_KEY"

Body = Mapping[str, Any]
#: (URL, body, environment variable with the key or None) → program text.
Writer = Callable[[str, Body, str | None], str]

#: Arguments of `chat.completions.create` in the openai package; other fields go into its
#: `extra_body`. A test compares this set with the package.
OPENAI_ARGUMENTS = frozenset(
    {
        "audio",
        "frequency_penalty",
        "function_call",
        "functions",
        "logit_bias",
        "logprobs",
        "max_completion_tokens",
        "max_tokens",
        "messages",
        "metadata",
        "modalities",
        "model",
        "n",
        "parallel_tool_calls",
        "prediction",
        "presence_penalty",
        "prompt_cache_key",
        "reasoning_effort",
        "response_format",
        "safety_identifier",
        "seed",
        "service_tier",
        "stop",
        "store",
        "stream",
        "stream_options",
        "temperature",
        "tool_choice",
        "tools",
        "top_logprobs",
        "top_p",
        "user",
        "verbosity",
        "web_search_options",
    }
)
#: Required arguments; `model` may be missing in a request to a server with one model.
_OPENAI_NEEDED = ("model", "messages")
_OPENAI_PATH = "/chat/completions"

#: Deepest nesting written as a literal; Python's parser allows 200 nested brackets.
_DEEPEST = 60
#: Texts between these lengths are written as one literal per line.
_LINE, _MANY_LINES = 80, 100_000
_HALF = re.compile("[\ud800-\udfff]")
#: Written as escapes: halves of surrogate pairs, which no clipboard takes, and characters that
#: change the reading direction or look like line breaks.
_ESCAPED = re.compile("[\ud800-\udfff\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\x7f-\x9f]")


def as_json(url: str, body: Body) -> str:
    """Return the request line and the body, to be read by a person."""
    return f"POST {url}\n\n{body_text(body)}\n"


def as_curl(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """Return a curl command for a POSIX shell.

    The body is a quoted here-document: nothing in it is expanded, a line of JSON cannot be its
    end mark, and it may be larger than an argument (128 KiB on Linux).
    """
    # Without --globoff, curl expands braces and brackets in an address.
    lines = ["curl --no-buffer --globoff", f"--url {shlex.quote(url)}"]
    lines.append("-H 'Content-Type: application/json'")
    if key_variable:
        lines.append(f'-H "Authorization: Bearer ${_checked(key_variable)}"')
    lines.append("--data-binary @- <<'JSON'")
    return " \\\n  ".join(lines) + f"\n{body_text(body)}\nJSON\n"


def as_python(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """Return a Python program that uses httpx."""
    literal = _python(dict(body))
    sent = "json=body"
    headers = {}
    if _HALF.search(json.dumps(body, ensure_ascii=False)):
        # httpx encodes as UTF-8, which fails for half a surrogate pair.
        sent = "content=json.dumps(body)"
        headers["Content-Type"] = '"application/json"'
    if key_variable:
        headers["Authorization"] = f"f\"Bearer {{os.environ['{_checked(key_variable)}']}}\""
    written = ", ".join(f'"{name}": {value}' for name, value in headers.items())
    return (
        f"{_imports(literal + sent, key_variable)}import httpx\n\n"
        f"url = {_quoted(url)}\n"
        f"body = {literal}\n"
        f"headers = {{{written}}}\n"
        f'with httpx.stream("POST", url, headers=headers, {sent}, timeout=600) as answer:\n'
        f"    for text in answer.iter_text():\n"
        f'        print(text, end="", flush=True)\n'
    )


def as_openai(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """Return a Python program that uses the openai package.

    Raises ValueError if the package can't send it: the address must end in `/chat/completions`,
    and the body must not contain half a surrogate pair.
    """
    if not url.endswith(_OPENAI_PATH):
        raise ValueError(f"the package asks addresses that end in {_OPENAI_PATH}")
    if _HALF.search(json.dumps(body, ensure_ascii=False)):
        raise ValueError("the package can't write half of a surrogate pair")
    # The package requires a key; a server without keys ignores it.
    key = f'os.environ["{_checked(key_variable)}"]' if key_variable else '"none"'
    known = {name: value for name, value in body.items() if name in OPENAI_ARGUMENTS}
    others = {name: value for name, value in body.items() if name not in known}
    missing = [name for name in _OPENAI_NEEDED if name not in known]
    given = [f"    {name}=omit,\n" for name in missing]
    given += [f"    {name}={_python(value, 1)},\n" for name, value in known.items()]
    if others:
        given.append(f"    extra_body={_python(others, 1)},\n")
    arguments = "".join(given)
    return (
        f"{_imports(arguments, key_variable)}"
        f"from openai import OpenAI{', omit' if missing else ''}\n\n"
        f"client = OpenAI(\n"
        f"    base_url={_quoted(url.removesuffix(_OPENAI_PATH))},\n"
        f"    api_key={key},\n"
        f")\n"
        f"answer = client.chat.completions.create(\n{arguments})\n"
        f"{_STREAMED if body.get('stream') is True else _WHOLE}"
    )


_STREAMED = """\
for chunk in answer:
    for choice in chunk.choices:
        print(choice.delta.content or "", end="", flush=True)
"""
_WHOLE = "print(answer.choices[0].message.content)\n"


def as_javascript(url: str, body: Body, key_variable: str | None = DEFAULT_KEY_VARIABLE) -> str:
    """Return a JavaScript module for Node.

    The body is JSON in a template literal, not an object: a number beyond 2⁵³ and a key such as
    `__proto__` would not survive being one.
    """
    headers = ['"Content-Type": "application/json"']
    if key_variable:
        headers.append(f"Authorization: `Bearer ${{process.env.{_checked(key_variable)}}}`")
    literal = body_text(body).replace("\\", "\\\\").replace("`", "\\`").replace("${", "\\${")
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


#: Language, as in the command line's `--as` → its writer.
WRITERS: Mapping[str, Writer] = {
    "curl": as_curl,
    "python": as_python,
    "openai": as_openai,
    "javascript": as_javascript,
}


def body_text(body: Any) -> str:
    """Return a value as indented JSON, with escapes for characters that mislead a reader."""
    try:
        text = msgspec.json.format(msgspec.json.encode(body), indent=2).decode()
    except UnicodeEncodeError:
        text = json.dumps(body, ensure_ascii=False, indent=2)
    return _ESCAPED.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def _imports(program: str, key_variable: str | None) -> str:
    # An import too many, because the conversation contains "json.", does no harm.
    names = ["json"] if "json." in program else []
    names += ["os"] if key_variable else []
    return "".join(f"import {name}\n" for name in names) + ("\n" if names else "")


def _python(value: Any, depth: int = 0) -> str:
    """Return a JSON value as a Python literal of several lines."""
    inner, outer = "    " * (depth + 1), "    " * depth
    if depth > _DEEPEST and isinstance(value, dict | list):
        return f"json.loads({json.dumps(value)!r})"
    match value:
        case dict() if value:
            rows = (
                f"{inner}{_quoted(name)}: {_python(item, depth + 1)},\n"
                for name, item in value.items()
            )
            return f"{{\n{''.join(rows)}{outer}}}"
        case list() if value:
            rows = (f"{inner}{_python(item, depth + 1)},\n" for item in value)
            return f"[\n{''.join(rows)}{outer}]"
        case str() if _LINE < len(value) < _MANY_LINES and "\n" in value:
            rows = (f"{inner}{_quoted(line)}\n" for line in value.splitlines(keepends=True))
            return f"(\n{''.join(rows)}{outer})"
        case str():
            return _quoted(value)
        case _:
            return repr(value)


def _quoted(text: str) -> str:
    """Return a Python string literal, in double quotes if that needs no escape."""
    literal = repr(text)
    return f'"{literal[1:-1]}"' if literal[0] == "'" and '"' not in text else literal


def _checked(name: str) -> str:
    if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) is None:
        raise ValueError("not the name of an environment variable")
    return name
