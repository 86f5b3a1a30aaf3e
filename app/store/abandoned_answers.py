"""Answers that a crash left unfinished; opening a library joins their chunks of text."""

from collections.abc import Collection

from app.domain.text.translation import _
from app.store.cells import as_text
from app.store.database import Database


def interrupt_abandoned(db: Database, living: Collection[str]) -> int:
    """Mark the streaming answers of dead processes as interrupted; return their number.

    `living` are the owners whose process runs. The text of the chunks is kept.
    """
    owned = db.rows("SELECT sequence, owner FROM messages WHERE owner IS NOT NULL")
    abandoned = [sequence for sequence, owner in owned if as_text(owner) not in living]
    if not abandoned:
        return 0
    # Imported late: hardly any start finds such an answer, and the first frame would wait.
    from app.domain.chat.conversation import Status

    said = _("Interrupted: Loquat was closed. The answer so far is kept.")
    with db.transaction(durable=True):
        for sequence in abandoned:
            text, reasoning = chunks_of(db, sequence)
            db.run(
                """
                UPDATE messages SET owner = NULL, status = ?, error = ?,
                    text = text || ?, reasoning = reasoning || ? WHERE sequence = ?
                """,
                (Status.INTERRUPTED.value, said, text, reasoning, sequence),
            )
            db.run("DELETE FROM chunks WHERE message = ?", (sequence,))
    return len(abandoned)


def chunks_of(db: Database, message: int) -> tuple[str, str]:
    """Return the text and the reasoning in the chunks of a message, given by its sequence."""
    chunks = db.rows(
        "SELECT text, reasoning FROM chunks WHERE message = ? ORDER BY sequence", (message,)
    )
    return (
        "".join(as_text(text) for text, _reasoning in chunks),
        "".join(as_text(reasoning) for _text, reasoning in chunks),
    )
