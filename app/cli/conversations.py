"""The command `loquat chats`: lists the conversations as the sidebar does."""

import argparse
import json
import time
from dataclasses import asdict
from pathlib import Path

from app.cli.output import Output, one_line
from app.cli.status import DONE
from app.domain.chat.conversation import Conversation
from app.domain.text.translation import _
from app.services.library.open_library import opened_library, sentences


def list_conversations(directory: Path, arguments: argparse.Namespace, output: Output) -> int:
    """Print a line for each conversation, or a JSON list for --json; return the exit status.

    Raises LibraryError.
    """
    with opened_library(directory) as library:
        for sentence in sentences(library.report):
            output.note(sentence)
        found = library.conversations()
    if arguments.json:
        records = [asdict(one) for one in found]
        output.write(json.dumps(records, ensure_ascii=False, indent=2) + "\n")
    else:
        output.write("".join(map(_line, found)))
    return DONE


def _line(conversation: Conversation) -> str:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(conversation.updated))
    title = one_line(conversation.title) or _("New chat")
    return f"{conversation.id}  {when}  {title}\n"
