"""Repairs the library and says in sentences what was kept and what was not."""

from collections.abc import Mapping
from pathlib import Path

from app.domain.text.translation import _, ngettext
from app.store.damage.repair import repair


def repair_library(directory: Path) -> list[str]:
    """Repair the library of a directory; return sentences for the person.

    The old file is kept under another name. Raises LibraryError, and changes nothing then.
    """
    repaired = repair(directory)
    if repaired is None:
        return [_("The library isn't damaged. There is nothing to repair.")]
    told = [_kept(repaired.rows)]
    if repaired.aside:
        told.append(
            ngettext(
                "Rows from {count} damaged file were added.",
                "Rows from {count} damaged files were added.",
                repaired.aside,
            ).format(count=repaired.aside)
        )
    if repaired.cells:
        told.append(
            ngettext(
                "In {count} damaged cell only a part could be read; “�” stands for the rest.",
                "In {count} damaged cells only a part could be read; “�” stands for the rest.",
                repaired.cells,
            ).format(count=repaired.cells)
        )
    if repaired.damaged:
        told.append(
            _("Parts of the file could not be read: {tables}. Some rows may be missing.").format(
                tables=", ".join(repaired.damaged)
            )
        )
    if repaired.before is not None:
        told.append(_("The old library is kept as {path}.").format(path=repaired.before))
    return told


def _kept(rows: Mapping[str, int]) -> str:
    conversations, messages = rows.get("conversations", 0), rows.get("messages", 0)
    return _("The library was repaired: {conversations} and {messages} were recovered.").format(
        conversations=ngettext("{count} chat", "{count} chats", conversations).format(
            count=conversations
        ),
        messages=ngettext("{count} message", "{count} messages", messages).format(count=messages),
    )
