"""JSON Schemas, and answers and calls checked against them, by a process with a deadline.

A schema comes from the person, or from whoever they copied it from, and what is checked comes from
a model: a pattern can take for ever and a form can lead back to itself. None of it can be told
beforehand, and Python's `re` holds up every thread while it searches; so it is all done apart, in
`checker`, which loads jsonschema (0.1 s) and is ended when it takes too long.
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

#: Seconds for one check, starting included: about 0.3 where nothing is wrong.
SECONDS = 5.0
#: Characters: longer ones are refused unseen.
LONGEST_SCHEMA = 1_000_000
LONGEST_TEXT = 20_000_000

#: What the checking process gets of the environment: which language it speaks, and no keys.
PASSED_ON = ("LANG", "LANGUAGE", "LC_ALL", "LC_MESSAGES", "SYSTEMROOT")


@dataclass(frozen=True, slots=True)
class Violation:
    """What is wrong, as a sentence, and where: `$.items[0].name`; nothing where it is no place."""

    path: str
    message: str


class _Unchecked(Exception):
    """The check came to no end; the message is a sentence for the person."""


def check_schema(schema: Any) -> str | None:
    """Say what is wrong with a JSON Schema, and where, in a sentence; None if nothing is.

    What it refers to has to be in it: nothing is ever fetched or opened. This waits, for `SECONDS`
    at most: call it on a thread. Python's patterns decide, which differ from JavaScript's a little.
    """
    try:
        found = _ask({"schema": schema})
    except _Unchecked as reason:
        return str(reason)
    return found[0].message if found else None


def violations(text: str, schema: Any) -> list[Violation]:
    """Find where an answer isn't JSON that fits a schema: 20 places at most.

    An answer that is one fenced block of Markdown counts as what is in it. A schema that is wrong
    itself is the one violation. This waits as `check_schema` does.
    """
    return _violations({"schema": schema, "text": text, "fenced": True})


def check_arguments(call: ToolCall, tools: Any) -> list[Violation]:
    """Find where a call doesn't fit the tool it names, among OpenAI's list of tools.

    A tool without `parameters` takes any object, and a call without arguments gives an empty one.
    This waits as `check_schema` does.
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
        return _ask(question)
    except _Unchecked as reason:
        return [Violation("", str(reason))]


def _ask(question: dict[str, Any]) -> list[Violation]:
    """Have a process answer a question. Raises _Unchecked."""
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
        found = json.loads(done.stdout)
    except subprocess.TimeoutExpired as late:
        said = _("This took longer than {seconds} seconds to check. Make the schema simpler.")
        raise _Unchecked(said.format(seconds=f"{SECONDS:g}")) from late
    except (OSError, ValueError) as failure:
        # It says nothing where it died, for instance of too little memory.
        raise _Unchecked(_("This could not be checked. Make the schema simpler.")) from failure
    return [Violation(mend(path), mend(message)) for path, message in found]


def _check_size(schema: Any) -> None:
    try:
        text = json.dumps(schema, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as failure:
        said = _("The schema is nested too deeply, or is no JSON. Make it simpler.")
        raise _Unchecked(said) from failure
    if len(text) > LONGEST_SCHEMA:
        raise _Unchecked(_("The schema is too long to be checked. Make it shorter."))
