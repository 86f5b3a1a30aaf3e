"""Checks of JSON-valued parameters. Each returns None if the value is valid, else a phrase about
the first fault, such as “needs biases from −100 to 100”, to follow the parameter's name."""

from app.domain.parameters.kinds import Json
from app.domain.text.translation import _

#: Longest name of a function or schema in OpenAI's API, which other providers have copied.
LONGEST_NAME = 64
SUMMARIES = ("auto", "concise", "detailed")
FORMATS = ("text", "json_object", "json_schema", "grammar", "python")
EFFORTS = ("max", "xhigh", "high", "medium", "low", "minimal", "none")


def check_logit_bias(value: Json) -> str | None:
    """Check `logit_bias`: an object of token ids (digits) and biases from −100 to 100."""
    if not isinstance(value, dict):
        return _('must be an object such as {"1234": -100}')
    for token, bias in value.items():
        if not token.isascii() or not token.isdigit():
            return _("has a key that is not a token id: {key}").format(key=token[:40])
        if isinstance(bias, bool) or not isinstance(bias, int | float) or not -100 <= bias <= 100:
            return _("needs biases from −100 to 100")
    return None


def check_reasoning(value: Json) -> str | None:
    """Check OpenRouter's `reasoning` object: effort, max_tokens, exclude, enabled, summary."""
    if not isinstance(value, dict):
        return _('must be an object such as {"effort": "high"}')
    known = {"effort", "max_tokens", "exclude", "enabled", "summary", "context", "mode"}
    if unknown := sorted(value.keys() - known):
        return _("has unknown keys: {keys}").format(keys=", ".join(unknown)[:80])
    if "effort" in value and value["effort"] not in EFFORTS:
        return _("needs one of these efforts: {list}").format(list=", ".join(EFFORTS))
    budget = value.get("max_tokens")
    if budget is not None and (isinstance(budget, bool) or not isinstance(budget, int)):
        return _("needs a whole number as max_tokens")
    if value.get("summary", "auto") not in SUMMARIES:
        return _("needs one of these summaries: {list}").format(list=", ".join(SUMMARIES))
    for switch in ("exclude", "enabled"):
        if switch in value and not isinstance(value[switch], bool):
            return _("needs true or false as {key}").format(key=switch)
    return None


def check_response_format(value: Json) -> str | None:
    """Check `response_format`: an object whose `type` is one of FORMATS.

    `json_schema` also needs a name and a schema, and `grammar` its grammar as a text.
    """
    if not isinstance(value, dict) or not isinstance(value.get("type"), str):
        return _('must be an object such as {"type": "json_object"}')
    if value["type"] not in FORMATS:
        return _("needs one of these types: {list}").format(list=", ".join(FORMATS))
    if value["type"] == "json_schema":
        described = value.get("json_schema")
        if not isinstance(described, dict) or not isinstance(described.get("schema"), dict):
            return _('needs {"json_schema": {"name": …, "schema": {…}}}')
        if not _is_name(described.get("name")):
            return _("needs a name of at most 64 characters for its json_schema")
        if not isinstance(described.get("strict", True), bool):
            return _("needs true or false as {key}").format(key="strict")
    if value["type"] == "grammar" and not isinstance(value.get("grammar"), str):
        return _("needs a grammar as text")
    return None


def check_tools(value: Json) -> str | None:
    """Check `tools`: a list of at least one function, each with a name, in OpenAI's form."""
    if not isinstance(value, list) or not value:
        return _("must be a list of at least one tool")
    for tool in value:
        if not isinstance(tool, dict) or tool.get("type") != "function":
            return _('needs tools such as {"type": "function", "function": {"name": …}}')
        function = tool.get("function")
        if not isinstance(function, dict) or not _is_name(function.get("name")):
            return _("has a function without a name of at most 64 characters")
        if not isinstance(function.get("parameters", {}), dict):
            return _("has a function whose parameters aren't a JSON Schema")
        if not isinstance(function.get("description", ""), str):
            return _("has a function whose description isn't text")
        if not isinstance(function.get("strict", True), bool):
            return _("needs true or false as {key}").format(key="strict")
    return None


def check_tool_choice(value: Json) -> str | None:
    """Check the object form of `tool_choice`, which names one function."""
    function = value.get("function") if isinstance(value, dict) else None
    named = isinstance(function, dict) and isinstance(function.get("name"), str)
    if not named or value.get("type") != "function":
        return _('must be an object such as {"type": "function", "function": {"name": …}}')
    return None


def _is_name(value: Json) -> bool:
    return isinstance(value, str) and 0 < len(value) <= LONGEST_NAME
