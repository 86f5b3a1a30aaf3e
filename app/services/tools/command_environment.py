"""The environment variables of a tool command: an allow-list, and what the person adds."""

import os
from collections.abc import Sequence

#: Prefix of the program's own environment variables.
OURS = "LOQUAT_"

#: Environment variables that a command inherits: what programs need to find files, the screen and
#: the language. No keys or passwords, no agents (SSH_AUTH_SOCK), no proxies, whose addresses can
#: hold passwords, and nothing that Loquat's own start has set (PYTHONPATH).
# fmt: off
PASSED_ON = (
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "COLORTERM", "NO_COLOR", "TZ",
    "LANG", "LANGUAGE", "LC_ALL", "LC_ADDRESS", "LC_COLLATE", "LC_CTYPE", "LC_IDENTIFICATION",
    "LC_MEASUREMENT", "LC_MESSAGES", "LC_MONETARY", "LC_NAME", "LC_NUMERIC", "LC_PAPER",
    "LC_TELEPHONE", "LC_TIME",
    "TMPDIR", "TEMP", "TMP",
    "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
    "XDG_CACHE_HOME", "XDG_CONFIG_DIRS", "XDG_CONFIG_HOME", "XDG_CURRENT_DESKTOP", "XDG_DATA_DIRS",
    "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE", "XDG_STATE_HOME",
    "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SSL_CERT_DIR", "SSL_CERT_FILE",
)
# fmt: on


def environment_for(tool: str, added: Sequence[str] = ()) -> dict[str, str]:
    """Return the environment for a command, with LOQUAT_TOOL set to the tool's name.

    `added` has `NAME` for a variable that is passed on too, and `NAME=VALUE` for one that is set.
    """
    environment = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
    for line in added:
        name, sets, value = line.partition("=")
        if sets:
            environment[name] = value
        elif name in os.environ:
            environment[name] = os.environ[name]
    return environment | {f"{OURS}TOOL": tool}
