"""The child process that validates; `validation` says why it is a process, and starts it.

`python -P -m app.services.schemas.validator_process` reads `{"schema": …, "text": …, "fenced": …}`
from stdin until its end and writes a list of `[path, message]` to stdout. Without `text` the
schema itself is validated.
"""

import json
import re
import sys
from collections.abc import Iterator
from itertools import islice
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from jsonschema_specifications import REGISTRY
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012, specification_with

from app.domain.text.translation import _
from app.services.schemas.validation import SECONDS
from app.services.schemas.violation_sentences import LONGEST_PATH, nearest, place, shortened, words

#: Greatest number of violations that are reported.
MOST = 20
#: Memory limit of this process in bytes (address space).
MEMORY = 1_500_000_000

#: Keywords whose values are plain data, in which `$ref` is no reference.
DATA = frozenset(("const", "default", "enum", "examples"))
#: Keywords whose values are objects with freely chosen names.
NAMED = frozenset(("$defs", "definitions", "dependentSchemas", "patternProperties", "properties"))
REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")

#: A violation as (path, sentence).
Fault = tuple[str, str]


class NotJson(Exception):
    """The text is not valid JSON; the message is a sentence for the person."""


def answer(question: dict[str, Any]) -> list[Fault]:
    """Return the violations, at most MOST, of the schema by the text in `question`.

    Without a text, the first fault of the schema itself. Raises nothing: an exception becomes a
    violation too.
    """
    try:
        wrong = schema_problem(question["schema"])
        if "text" not in question:
            return [("", wrong)] if wrong else []
        if wrong:
            return [("", _("The schema isn't valid. {problem}").format(problem=wrong))]
        value = parsed(question["text"], fenced=question["fenced"])
        return list(dict.fromkeys(islice(problems(value, question["schema"]), MOST)))
    except NotJson as failure:
        return [("", str(failure))]
    except RecursionError:
        return [("", _("This refers to itself, or is nested too deeply to be checked."))]
    except Exception as failure:
        # jsonschema fails in many ways on strange schemas; any failure is the schema's fault.
        sentence = _("This schema can't be used: {reason}.")
        return [("", sentence.format(reason=shortened(type(failure).__name__)))]


def schema_problem(schema: Any) -> str | None:
    """Return a sentence about the first fault of a schema, with its path; None if valid."""
    if not isinstance(schema, dict | bool):
        return _("A JSON Schema must be an object.")
    if isinstance(schema, dict) and not isinstance(schema.get("$schema", ""), str):
        return _at("$['$schema']", _("This must be the address of a standard, as text."))
    error = best_match(_validator(_kind(schema).META_SCHEMA).iter_errors(schema))
    if error is not None:
        error = nearest(error)
        return _at(place(error), words(error))
    for path, reference in unresolved_references(schema):
        sentence = _(
            "It refers to {name}, which isn't in this schema. Loquat doesn't fetch "
            "schemas. Add it here."
        )
        return _at(path, sentence.format(name=shortened(reference)))
    # A schema that only refers to itself raises RecursionError here.
    next(iter(_validator(schema).iter_errors(None)), None)
    return None


def problems(value: Any, schema: Any) -> Iterator[Fault]:
    """Yield the path and a sentence for each violation of a schema by a value."""
    for error in _validator(schema).iter_errors(value):
        closest = nearest(error)
        yield place(closest), words(closest)


def unresolved_references(schema: Any) -> Iterator[Fault]:
    """Yield the path and target of each reference that doesn't resolve within the schema."""
    standard = schema.get("$schema", "") if isinstance(schema, dict) else ""
    specification = specification_with(standard, default=DRAFT202012)
    root = REGISTRY.resolver_with_root(specification.create_resource(schema))
    waiting = [(schema, "$", root, False)]
    while waiting:
        value, path, resolver, named = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, f"{path}[{n}]", resolver, False) for n, item in enumerate(value)]
        if not isinstance(value, dict):
            continue
        if not named and isinstance(value.get("$id"), str) and value is not schema:
            resolver = resolver.in_subresource(specification.create_resource(value))
        for key, inner in value.items():
            if not named and key in REFERENCES and isinstance(inner, str):
                try:
                    resolver.lookup(inner)
                except (Unresolvable, ValueError):
                    yield path, inner
            elif named or key not in DATA:
                inside = shortened(f"{path}.{key}", LONGEST_PATH)
                waiting.append((inner, inside, resolver, not named and key in NAMED))


def parsed(text: str, *, fenced: bool) -> Any:
    """Parse a text as JSON. Raises NotJson.

    If `fenced` and the text is a single Markdown code block, only its content is parsed.
    """
    start, end = _block(text) if fenced else (0, len(text))
    try:
        return json.loads(text[start:end], parse_constant=_refuse)
    except json.JSONDecodeError as failure:
        line = text.count("\n", 0, start) + failure.lineno
        sentence = _("Not JSON: line {line}, column {column}: {reason}.")
        sentence = sentence.format(line=line, column=failure.colno, reason=failure.msg)
        raise NotJson(sentence) from failure
    except ValueError as failure:
        # NaN or Infinity, or a number with more digits than Python converts (4300).
        raise NotJson(
            _("Not JSON: {reason}.").format(reason=shortened(str(failure), 120))
        ) from failure


def _refuse(name: str) -> None:
    raise ValueError(_("{name} isn't a number").format(name=name))


FENCE = re.compile(r"\s*(`{3,})[^`\n]*\n")


def _block(text: str) -> tuple[int, int]:
    """Return begin and end of the content of a text's single fenced block, else of the text."""
    opening = FENCE.match(text)
    if opening is None:
        return 0, len(text)
    end = len(text.rstrip())
    mark = opening[1]
    last = text.rfind("\n", opening.end() - 1, end)
    # An answer that was cut off has no closing fence.
    closing = text[last:end].strip() if last >= 0 else ""
    closed = closing.startswith(mark) and not closing.strip("`")
    return opening.end(), max(opening.end(), last) if closed else end


def _at(path: str, problem: str) -> str:
    return _("At {path}: {problem}").format(path=path, problem=problem)


def _kind(schema: Any) -> type[Validator]:
    """Return the validator class for the schema's `$schema`; if unknown, draft 2020-12."""
    kind: type[Validator] = validator_for(schema, default=Draft202012Validator)
    return kind


def _validator(schema: Any) -> Validator:
    kind = _kind(schema)
    # REGISTRY holds the standard's own schemas only; jsonschema's default registry would fetch
    # others from the network.
    return kind(schema, registry=REGISTRY, format_checker=kind.FORMAT_CHECKER)


def main() -> None:
    """Read one question as JSON from the standard input, and write its violations to the standard
    output, as a JSON list of [path, sentence]."""
    _limit()
    json.dump(answer(json.load(sys.stdin.buffer)), sys.stdout)


def _limit() -> None:
    if sys.platform != "win32":
        import resource
        import signal

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        # Ends this process if the parent is gone and can't kill it.
        signal.alarm(int(2 * SECONDS))


if __name__ == "__main__":
    main()
