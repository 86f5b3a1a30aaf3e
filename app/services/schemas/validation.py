"""Validation of JSON Schemas, answers and tool calls, by a child process with a deadline.

Schemas and answers are untrusted: a pattern can take exponential time, and a schema can refer to
itself. This can't be detected beforehand, and Python's `re` blocks all threads while it searches.
So `validator_process` does the work, loads jsonschema (0.1 s), and is killed after SECONDS.
"""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

from app import ROOT
from app.domain.chat.conversation import ToolCall
from app.domain.text.surrogates import mend
from app.domain.text.translation import _

#: Time limit of one validation in seconds, process start included; usual is about 0.3.
SECONDS = 5.0
#: Longest schema and text in characters; longer ones are refused without validation.
LONGEST_SCHEMA = 1_000_000
LONGEST_TEXT = 20_000_000

#: Environment variables that the child process gets: those of the language, and no API keys.
PASSED_ON = ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Violation:
    """A fault as a sentence, and its path, such as `$.items[0].name`; empty if it has none."""

    path: str
    message: str


class _NotValidated(Exception):
    """The validation did not finish; the message is a sentence for the person."""


def check_schema(schema: Any) -> str | None:
    """Return a sentence about the first fault of a JSON Schema, with its path; None if valid.

    A schema that couldn't be checked, being too large or too slow, gets a sentence too.
    References must point into the schema itself; nothing is fetched or opened. Patterns follow
    Python's `re`, which differs a little from JavaScript. Blocks for up to SECONDS: call it on a
    thread.
    """
    try:
        faults = _run_validator({"schema": schema})
    except _NotValidated as reason:
        return str(reason)
    return faults[0].message if faults else None


def violations(text: str, schema: Any) -> list[Violation]:
    """List the places, at most 20, where an answer is not JSON that matches a schema.

    If the answer is a single fenced Markdown code block, its content is validated. If the schema
    itself is invalid, or the check can't be finished, that is the only violation. Blocks for up to
    SECONDS: call it on a thread.
    """
    return _violations({"schema": schema, "text": text, "fenced": True})


def check_arguments(call: ToolCall, tools: Any) -> list[Violation]:
    """List the places where a call's arguments don't match the schema of the tool it names.

    `tools` is a list in OpenAI's form. A tool without `parameters` takes any object, and empty
    arguments count as an empty object. Blocks for up to SECONDS: call it on a thread.
    """
    function = _function(call.name, tools)
    if function is None:
        message = _("There is no tool with the name {name}.").format(name=mend(call.name[:80]))
        return [Violation("", message)]
    parameters = function.get("parameters")
    schema = {"type": "object"} if parameters is None else parameters
    return _violations({"schema": schema, "text": call.arguments or "{}", "fenced": False})


def _function(name: str, tools: Any) -> dict[str, Any] | None:
    for tool in tools if isinstance(tools, list | tuple) else ():
        function = tool.get("function") if isinstance(tool, dict) else None
        if isinstance(function, dict) and function.get("name") == name:
            return function
    return None


def _violations(question: dict[str, Any]) -> list[Violation]:
    if len(question["text"]) > LONGEST_TEXT:
        return [Violation("", _("The text is too long to be checked."))]
    try:
        return _run_validator(question)
    except _NotValidated as reason:
        return [Violation("", str(reason))]


def _run_validator(question: dict[str, Any]) -> list[Violation]:
    """Send one question to a new child process and read its answer. Raises _NotValidated."""
    _check_size(question["schema"])
    paths = [str(ROOT), *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    try:
        done = subprocess.run(
            # -P: a folder named app in the working directory is not ours.
            [sys.executable, "-P", "-m", "app.services.schemas.validator_process"],
            input=json.dumps(question).encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            env=environment,
            # Ctrl+C in a terminal is for the program alone.
            start_new_session=True,
            check=False,
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired as late:
        sentence = _("Checking took longer than {seconds} seconds. Make the schema simpler.")
        raise _NotValidated(sentence.format(seconds=f"{SECONDS:g}")) from late
    except (OSError, ValueError) as failure:
        # A process that crashed, for instance for lack of memory, has written no valid JSON.
        raise _NotValidated(_("The check failed. Make the schema simpler.")) from failure
    return [Violation(mend(path), mend(message)) for path, message in answer]


def _check_size(schema: Any) -> None:
    try:
        text = json.dumps(schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as failure:
        sentence = _("The schema is nested too deeply, or isn't JSON. Make it simpler.")
        raise _NotValidated(sentence) from failure
    if len(text) > LONGEST_SCHEMA:
        raise _NotValidated(_("The schema is too long to be checked. Make it shorter."))
