"""Text of a command's output: without control characters, with remarks about failures below."""

import re
from codecs import getincrementaldecoder

from app.domain.chat.tool_command import CommandResult
from app.domain.text.translation import _, ngettext
from app.services.tools.command_process import ProcessOutput

#: Terminal escape sequences (ECMA-48 CSI, and OSC): colours, cursor movements, titles.
_TERMINAL = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_CONTROLS = dict.fromkeys(
    code for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\n\t"
)


def result(output: ProcessOutput, seconds: float) -> CommandResult:
    """Return the result of a command: its readable output with remarks about failures below, its
    exit status, whether output was dropped, and whether it timed out.

    `seconds` is the command's time limit. Standard error is added only if the status isn't 0.
    """
    whole = not output.dropped
    parts = [readable(output.text, whole), *_remarks(output, seconds)]
    if output.status and output.errors:
        parts.append(readable(output.errors))
    return CommandResult(
        "\n".join(part for part in parts if part),
        output.status,
        bool(output.dropped),
        output.timed_out,
    )


def readable(written: bytes, whole: bool = True) -> str:
    """Decode UTF-8 with replacement, and remove terminal sequences and control characters.

    If the bytes are not `whole`, a character that is cut through at their end is left out.
    """
    text = getincrementaldecoder("utf-8")("replace").decode(written, final=whole)
    return _TERMINAL.sub("", text).translate(_CONTROLS)


def _remarks(output: ProcessOutput, seconds: float) -> list[str]:
    remarks = []
    if output.dropped:
        remark = ngettext(
            "[{count} more byte was left out]", "[{count} more bytes were left out]", output.dropped
        )
        remarks.append(remark.format(count=output.dropped))
    if output.timed_out:
        remark = _("[The command was stopped after {seconds} seconds]")
        remarks.append(remark.format(seconds=f"{seconds:g}"))
    elif output.status > 0:
        remarks.append(_("[The command failed with status {n}]").format(n=output.status))
    elif output.status < 0:
        remarks.append(_("[The command was ended by signal {n}]").format(n=-output.status))
    return remarks
