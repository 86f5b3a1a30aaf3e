"""Reads and writes the place at which each conversation was left."""

from app.domain.chat.reading_place import ReadingPlace, TextSpot
from app.store.cells import from_json, to_json
from app.store.database import Database


def place(db: Database, conversation_id: str) -> ReadingPlace | None:
    """Return the place at which a conversation was left; None for its end, or if the cell is
    damaged."""
    cell = db.value("SELECT place FROM conversations WHERE id = ?", (conversation_id,))
    record = None if cell is None else from_json(cell, None)
    match record:
        case [str(message), int(part), int(offset), int(down), str(seen)]:
            return ReadingPlace(message, TextSpot(part, offset, down), seen)
        case _:
            return None


def put_place(db: Database, conversation_id: str, left: ReadingPlace | None) -> None:
    """Store the place at which a conversation was left; None for its end."""
    cell = None
    if left is not None:
        spot = left.spot
        cell = to_json([left.message, spot.part, spot.offset, spot.down, left.seen])
    db.run("UPDATE conversations SET place = ? WHERE id = ?", (cell, conversation_id))
