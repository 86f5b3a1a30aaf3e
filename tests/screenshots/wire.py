"""What providers bring onto the screen: models, hosts, tools, forms, and what goes wrong."""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from app.api.endpoints.model_lists import models_of
from app.domain.chat.tool_command import ToolCommand
from app.domain.providers.models import Model
from app.services.tools.examples import EXAMPLES
from app.ui.parameters.dialogs.format_dialog import FormatDialog
from app.ui.parameters.dialogs.tools_dialog import ToolsDialog
from app.ui.picker.picker import Picker
from app.ui.picker.routing import RoutingDialog
from app.ui.settings.connect_dialog import ConnectDialog
from app.ui.shell.main_window import MainWindow
from tests.screenshots.studio import SIZES, Studio
from tests.servers import DONE, Connection, Script, answer, chat, chunk, serving

Kind = TypeVar("Kind", bound=QWidget)

_FAMILIES = (
    ("deepseek", "DeepSeek V4 Pro", "0.66", "1.98", 1_048_576),
    ("anthropic", "Claude", "3", "15", 200_000),
    ("google", "Gemini", "1.25", "10", 1_048_576),
    ("openai", "GPT", "1.25", "10", 400_000),
    ("qwen", "Qwen3", "0.2", "0.6", 262_144),
    ("mistralai", "Mistral", "0.4", "2", 131_072),
)
_PARAMETERS = ["temperature", "top_p", "top_k", "seed", "stop", "tools", "reasoning", "logprobs"]
FORM = {
    "type": "json_schema",
    "json_schema": {
        "name": "tree",
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "height": {"type": "number"}},
            "required": ["name", "height"],
        },
    },
}
ERRORS: Mapping[str, tuple[int, dict[str, Any]]] = {
    "no-credit": (402, {"message": "Insufficient credits. Add more and retry."}),
    "no-host": (
        404,
        {
            "error_type": "constraint_filtered",
            "message": "No endpoints found that can handle the requested parameters.",
            "availability": {
                "excluded_by": ["require_parameters"],
                "fallback_models": ["qwen/qwen3-235b", "z-ai/glm-5"],
            },
        },
    ),
    "too-long": (
        400,
        {
            "type": "exceed_context_size_error",
            "message": "the request exceeds the available context size",
            "n_prompt_tokens": 31_204,
            "n_ctx": 8192,
        },
    ),
    "refused": (
        403,
        {
            "message": "Your chosen model requires moderation.",
            "metadata": {"reasons": ["violence"], "provider_name": "OpenAI"},
        },
    ),
}


def catalogue_of(count: int) -> list[Model]:
    """So many models, as a router lists them."""
    listed = []
    for number in range(count):
        author, name, prompt, completion, window = _FAMILIES[number % len(_FAMILIES)]
        made = number // len(_FAMILIES) + 1
        listed.append(
            {
                "id": f"{author}/{name.lower().replace(' ', '-')}-{made}",
                "name": f"{name} {made}",
                "description": f"{name} {made}, made for long texts, code and reasoning.",
                "created": 1_750_000_000 + made * 900_000,
                "context_length": window,
                "architecture": {
                    "input_modalities": ["text", "image"] if made % 3 else ["text"],
                    "output_modalities": ["text"],
                },
                "pricing": {
                    "prompt": f"{float(prompt) / 1e6:.10f}",
                    "completion": f"{float(completion) / 1e6:.10f}",
                    "input_cache_read": f"{float(prompt) / 1e7:.10f}",
                },
                "top_provider": {"max_completion_tokens": 65_536},
                "supported_parameters": _PARAMETERS,
                "reasoning": {"mandatory": False, "supported_efforts": ["high", "low"]},
            }
        )
    return models_of({"data": listed}) or []


def hosts() -> list[dict[str, Any]]:
    """The hosts of one model."""
    return [
        {
            "provider_name": name,
            "tag": tag,
            "quantization": quantization,
            "context_length": window,
            "pricing": {"prompt": prompt, "completion": "0.00000198"},
            "supported_parameters": parameters,
            "uptime_last_30m": uptime,
            "latency_last_30m": {"p50": latency},
            "throughput_last_30m": {"p50": speed},
        }
        for name, tag, quantization, window, prompt, parameters, uptime, latency, speed in (
            ("DeepSeek", "deepseek", "", 1_048_576, "0.00000066", _PARAMETERS[:2], 99.8, 900, 38),
            ("DeepInfra", "deepinfra/fp8", "fp8", 163_840, "0.0000005", _PARAMETERS, 99.1, 640, 52),
            ("NovitaAI", "novita/fp8", "fp8", 163_840, "0.0000006", _PARAMETERS, 97.4, 1200, 31),
        )
    ]


def says(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Script:
    """A script that answers with JSON."""
    return answer(
        json.dumps(value), status=status, content_type="application/json", headers=headers
    )


def calling(calls: Sequence[tuple[str, str]]) -> Script:
    """A script that calls tools."""
    made = [
        {"index": place, "id": f"c{place}", "function": {"name": name, "arguments": arguments}}
        for place, (name, arguments) in enumerate(calls)
    ]
    return answer(chunk(tool_calls=made) + chunk(finish="tool_calls") + DONE)


class Counter:
    """Gives the scripts one after the other, to POSTs alone; a GET gets the hosts."""

    def __init__(self, scripts: Sequence[Script]) -> None:
        self._scripts = list(scripts)

    def __call__(self, connection: Connection) -> None:
        """Answer one request."""
        if connection.request.method == "GET":
            says({"data": {"endpoints": hosts()}})(connection)
        else:
            self._scripts.pop(0)(connection)


async def draw_wire(application: QApplication, theme: str, directory: Path) -> None:
    """Draw all of it in one theme."""
    weather, there = '{"place": "Rome", "day": "today"}', '{"time_zone": "Europe/Rome"}'
    limited = says({"error": {"message": "Slow down."}}, 429, {"Retry-After": "30"})
    scripts = [
        calling([("get_weather", weather), ("get_current_time", there)]),
        answer(chat("It is **22 degrees** in Rome, at noon.")),
        answer(chat('{"name": "Loquat", "height": 5.5}')),
        answer(chat('{"name": "Loquat", "height": "tall"}')),
        *(says({"error": error}, status) for status, error in ERRORS.values()),
        limited,
    ]
    with tempfile.TemporaryDirectory() as data, serving(Counter(scripts)) as server:
        studio = Studio(Path(data), application, theme, f"{server.url}/api/v1")
        for provider in studio.core.providers.all():
            studio.core.library.put_catalogue(provider.id, time.time(), catalogue_of(42))
        studio.window.show()
        await draw_choices(studio, directory)
        await draw_tools(studio, directory)
        await draw_forms(studio, directory)
        await draw_errors(studio, directory)
        studio.window.close()
        await studio.core.close()
        studio.window.deleteLater()


async def draw_choices(studio: Studio, directory: Path) -> None:
    """The picker, the hosts of a model, and signing in."""
    main_window, favourites = studio.main_window, studio.core.providers.catalogue
    favourites.put_favourite(("scripted", "deepseek/deepseek-v4-pro-7"), marked=True)
    main_window.choices.show_picker()
    picker = shown(main_window, Picker)
    await studio.settle()
    studio.shoot(directory, "50-picker", picker)
    field = picker.findChildren(QLineEdit)[0]
    for words, state in (("deepseek 1", "50-picker-search"), ("a/new-one", "50-picker-typed")):
        field.setText(words)
        await studio.settle()
        studio.shoot(directory, state, picker)
    picker.close()
    studio.window.resize(480, 720)
    await studio.settle()
    main_window.choices.show_picker()
    await studio.settle()
    studio.shoot(directory, "50-picker-narrow", picker)
    picker.close()
    studio.window.resize(*SIZES[0])
    main_window.in_view.set_value("min_p", 0.1)
    settings = main_window.in_view.settings
    picker.hosts_wanted.emit(settings.provider, settings.model)
    dialog = shown(main_window, RoutingDialog)
    await studio.settle()
    studio.shoot(directory, "51-routing", dialog)
    dialog.close()
    main_window.in_view.set_value("min_p", None)
    provider = studio.core.providers.get("openrouter")
    connect = ConnectDialog(studio.core, provider, studio.window)
    connect.show()
    await studio.settle()
    studio.shoot(directory, "52-connect", connect)
    connect.close()


async def draw_tools(studio: Studio, directory: Path) -> None:
    """Functions written, called, answered, and a command for one of them."""
    tools = [one.value for one in EXAMPLES.tools]
    dialog = ToolsDialog(studio.core, studio.window)
    dialog.ask(tools[:4])
    await studio.settle()
    await studio.settle()
    studio.shoot(directory, "53-tools", dialog)
    dialog.close()
    studio.core.tooling.commands.put(ToolCommand("get_weather", ("weather", "--json")))
    studio.main_window.in_view.set_value("tools", tools)
    studio.ask("How warm is it in Rome, and what time is it there?")
    await studio.answered()
    await studio.settle()
    studio.shoot(directory, "54-tools-waiting")
    held = studio.main_window.in_view.conversation
    assert held is not None
    studio.core.tooling.answer(held, 0, '{"temperature": 22, "unit": "C"}')
    studio.core.tooling.answer(held, 1, "12:00")
    await studio.answered()
    studio.shoot(directory, "55-tools-answered")
    studio.main_window.offer_commands()
    await studio.settle()
    studio.shoot(directory, "56-settings-tools", studio.main_window.settings_window())
    studio.main_window.settings_window().close()


async def draw_forms(studio: Studio, directory: Path) -> None:
    """A form written, an answer that fits, one that doesn't, and a conflict before sending."""
    dialog = FormatDialog(studio.core, studio.window)
    dialog.ask(EXAMPLES.responses[1].value)
    await studio.settle()
    await studio.settle()
    studio.shoot(directory, "57-format", dialog)
    dialog.close()
    studio.main_window.new_conversation()
    studio.main_window.in_view.set_value("response_format", FORM)
    for words in ("A tree, as JSON, please.", "Another one."):
        studio.ask(words)
        await studio.answered()
        await studio.settle()
    studio.shoot(directory, "58-schema")
    studio.main_window.in_view.set_value("tools", [EXAMPLES.tools[0].value])
    studio.main_window.in_view.set_value("tool_choice", "required")
    studio.main_window.in_view.set_value("top_logprobs", 5)
    studio.ask("And now a call of a tool.")
    await studio.settle()
    studio.shoot(directory, "59-conflict")
    studio.main_window.writing.conflicts.hide()


async def draw_errors(studio: Studio, directory: Path) -> None:
    """What providers refuse, each with its next step; and waiting for a busy one."""
    for number, name in enumerate(ERRORS):
        studio.main_window.new_conversation()
        studio.ask("How tall does a loquat tree grow?")
        await studio.answered()
        studio.shoot(directory, f"6{number}-{name}")
    studio.main_window.new_conversation()
    studio.ask("How tall does a loquat tree grow?")
    await studio.settle()
    await studio.settle()
    studio.shoot(directory, "65-busy")
    studio.main_window.writing.stop()
    await studio.answered()


def shown(main_window: MainWindow, kind: type[Kind]) -> Kind:
    """The window of a kind that was opened."""
    found = main_window.window.findChildren(kind)
    return found[-1]
