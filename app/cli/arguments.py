"""The command line's parser. It imports nothing that runs a command, so that parsing is fast."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import app
from app.domain.text.translation import _

#: Forms in which `--dry-run` prints the request.
FORMS = ("json", "curl", "python", "openai", "javascript")


class _FormatNames:
    """The names of the export formats, imported with their table when they are first read.

    The window, which has no use for them, would start 20 ms later.
    """

    def __iter__(self) -> Iterator[str]:
        from app.services.library.export_formats import FORMATS

        return (format_.name for format_ in FORMATS)

    def __contains__(self, name: object) -> bool:
        return name in list(self)


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Parse the arguments. `command` is None without a command. Wrong usage ends the program with
    exit status 2."""
    parser = _parser(sys.argv[1:] if argv is None else argv)
    arguments = parser.parse_args(argv, argparse.Namespace(data_dir=None))
    if arguments.command == "ask":
        _check_ask(parser, arguments)
    if arguments.command == "export" and arguments.all == bool(arguments.ids):
        parser.error(_("export needs either --all or the ids of chats"))
    return arguments


def _parser(argv: Sequence[str]) -> argparse.ArgumentParser:
    # SUPPRESS, so that an option given before the command isn't overwritten by its default.
    place = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)
    place.add_argument(
        "--data-dir",
        type=Path,
        metavar="DIR",
        help=_("folder of chats and settings (or set LOQUAT_DATA_DIR)"),
    )
    parser = argparse.ArgumentParser(
        prog="loquat",
        description=_("Chat with language models. Without a command the window opens."),
        parents=[place],
        # An abbreviation that is unique today may become ambiguous with a new option.
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"Loquat {app.__version__}")
    commands = parser.add_subparsers(dest="command", metavar=_("COMMAND"))
    for name, words, add_arguments in (
        ("ask", _("ask a question and print the answer as it comes"), _add_ask),
        ("chats", _("list the chats, the latest first"), _add_json),
        ("export", _("export chats to a file"), _add_export),
        ("doctor", _("check versions, paths, keyring, library and engine"), _add_doctor),
    ):
        # The name of former versions goes on to work in scripts.
        former = ["conversations"] if name == "chats" else []
        command = commands.add_parser(
            name,
            aliases=former,
            help=words,
            description=words,
            parents=[place],
            allow_abbrev=False,
        )
        # Only the arguments of the command that is given: the window starts without one.
        if any(one in argv for one in (name, *former)):
            add_arguments(command)
    return parser


def _add_ask(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("text", metavar="TEXT", help=_("the question; - reads it from standard input"))
    add("--provider", metavar="NAME", help=_("the provider, by name or id"))
    add("--model", metavar="ID", help=_("the model id"))
    add(
        "--base-url",
        metavar="URL",
        help=_("the server's address; without --provider, an OpenAI-compatible server"),
    )
    add("--system", metavar="TEXT", help=_("the system prompt"))
    add(
        "--set",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        dest="settings",
        help=_("set a parameter, such as temperature=0.5; can be given many times"),
    )
    add(
        "--chat",
        "--conversation",
        dest="conversation",
        metavar="ID",
        help=_("continue a chat; the beginning of its id is enough"),
    )
    add("--no-save", action="store_true", help=_("don't save the question and the answer"))
    add("--dry-run", action="store_true", help=_("print the request without sending it"))
    add("--as", choices=FORMS, dest="form", help=_("format of --dry-run (default: json)"))
    _add_json(parser)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=_("print JSON"))


def _add_doctor(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--repair",
        action="store_true",
        help=_(
            "first rebuild a damaged library from everything that can be read; the damaged "
            "file is kept"
        ),
    )
    _add_json(parser)


def _add_export(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("ids", metavar="ID", nargs="*", help=_("a chat id, or its beginning"))
    add("--all", action="store_true", help=_("all chats except deleted ones"))
    add(
        "--format",
        choices=_FormatNames(),
        required=True,
        metavar=_("FORMAT"),
        help=_("the format of the file: %(choices)s"),
    )
    add(
        "--output",
        metavar="PATH",
        required=True,
        help=_("the file to write; - is standard output"),
    )
    add("--force", action="store_true", help=_("overwrite an existing file"))


def _check_ask(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    if arguments.form and not arguments.dry_run:
        parser.error(_("--as needs --dry-run"))
    if arguments.json and arguments.form not in {None, "json"}:
        parser.error(_("--json can't be used with --as {form}").format(form=arguments.form))
