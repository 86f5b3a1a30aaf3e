"""The command `loquat ask`: sends one question and prints the answer while it streams."""

import argparse
import asyncio
import sys
from dataclasses import replace
from pathlib import Path

from app.cli.interruption import Interruption
from app.cli.output import Output, ReaderGone
from app.cli.status import DONE, INTERRUPTED
from app.domain.chat.conversation import Message, Status
from app.domain.chat.endings import ending_of
from app.domain.errors import InputError, LibraryError, ProviderError
from app.domain.parameters.table import parse_setting
from app.domain.text.surrogates import mend
from app.domain.text.translation import _
from app.services.chat.conversations import OpenConversation
from app.services.library.open_library import sentences, throwaway_library
from app.services.program.ask_once import Question, ResolvedQuestion
from app.services.program.core import Core
from app.services.tasks import use_daemon_threads

MOST_INPUT_BYTES = 64 * 2**20


def ask(directory: Path, arguments: argparse.Namespace, output: Output) -> int:
    """Ask, or print the request for --dry-run; return the exit status. Raises LoquatError."""
    question = _question(arguments)
    return asyncio.run(_ask(directory, question, arguments, output))


def _question(arguments: argparse.Namespace) -> Question:
    """Make the question of the arguments, which are checked before standard input is read."""
    question = Question(
        text="",
        provider=arguments.provider,
        model=arguments.model,
        base_url=arguments.base_url,
        system=None if arguments.system is None else mend(arguments.system),
        parameters=dict(parse_setting(mend(text)) for text in arguments.settings),
        conversation=arguments.conversation,
    )
    text = _standard_input() if arguments.text == "-" else arguments.text
    if not text.strip():
        raise InputError(_("The question is empty."))
    return replace(question, text=mend(text))


def _standard_input() -> str:
    if sys.stdin is None:
        return ""
    data = sys.stdin.buffer.read(MOST_INPUT_BYTES + 1)
    if len(data) > MOST_INPUT_BYTES:
        raise InputError(
            _("The question is too long. The limit is {size} MB.").format(
                size=MOST_INPUT_BYTES // 2**20
            )
        )
    return data.decode("utf-8-sig", errors="replace").rstrip("\r\n")


async def _ask(
    directory: Path, question: Question, arguments: argparse.Namespace, output: Output
) -> int:
    keep = not (arguments.no_save or arguments.dry_run)
    use_daemon_threads(asyncio.get_running_loop())
    library = None if keep else throwaway_library(directory, question.conversation)
    core = Core(directory, library=library)
    try:
        asking = ResolvedQuestion(core, question)
        for note in (*sentences(core.library.report), *asking.notes()):
            output.note(note)
        if arguments.dry_run:
            output.write(asking.preview(arguments.form or "json"))
            return 0
        opened = asking.begin()
        answering = _Answering(core, opened, output, arguments.json)
        message = await answering.run(question.text)
        if arguments.json:
            output.write(asking.result(opened.id if keep else None, message))
        return answering.status(message)
    finally:
        await core.close()


class _Answering:
    """Prints one answer while it streams, and stops it on Ctrl+C or when the output is closed."""

    def __init__(self, core: Core, opened: OpenConversation, output: Output, as_json: bool) -> None:
        self._chat = core.chat
        self._held = opened
        self._output = output
        self._shows_text = not as_json
        self._printed = 0
        self._thought = 0
        self._interrupted = False
        #: Error of the output. The answer is stopped then, and what came is kept.
        self._cut_off: Exception | None = None
        self._unsaved: LibraryError | None = None
        self._chat.unsaved.connect(self._note_unsaved)
        self._chat.waiting.connect(self._show_waiting)
        self._chat.grew.connect(self._show_growth)

    async def run(self, text: str) -> Message:
        """Ask and print; return the answer in its final form. Raises LoquatError."""
        with Interruption(self._stop) as interruption:
            await self._chat.send(self._held, text)
        self._interrupted = interruption.came
        message = self._held.path()[-1]
        if self._shows_text:
            self._print(message.text, message.reasoning)
            if message.text and not message.text.endswith("\n"):
                self._write("\n")
            if message.note:
                self._output.note(message.note)
        return message

    def status(self, message: Message) -> int:
        """The exit status for an answer. Raises ReaderGone, or LoquatError with what failed."""
        if self._cut_off is not None:
            raise self._cut_off
        if self._interrupted:
            return INTERRUPTED
        if message.status in {Status.FAILED, Status.INTERRUPTED}:
            raise ProviderError(message.error)
        if message.is_empty:
            raise ProviderError(ending_of(message))
        if self._unsaved is not None:
            raise self._unsaved
        return DONE

    def _stop(self) -> None:
        self._chat.stop(self._held.id)

    def _show_growth(self, _conversation_id: str) -> None:
        reply = self._held.reply
        if self._shows_text and reply is not None:
            self._print(reply.text, reply.reasoning)

    def _show_waiting(self, _conversation_id: str, words: str) -> None:
        self._output.progress(words)

    def _note_unsaved(self, failure: LibraryError) -> None:
        self._unsaved = failure

    def _print(self, text: str, reasoning: str) -> None:
        if len(reasoning) > self._thought:
            self._output.thought(reasoning[self._thought :])
            self._thought = len(reasoning)
        if len(text) > self._printed:
            if self._thought and not self._printed:
                self._output.thought("\n\n")
            self._write(text[self._printed :])
            self._printed = len(text)

    def _write(self, text: str) -> None:
        if self._cut_off is not None:
            return
        try:
            self._output.write(text)
        except (ReaderGone, InputError) as failure:
            self._cut_off = failure
            self._stop()
