"""Marks in a message's note that say whether an answer matches the requested JSON Schema."""

#: First characters of the verdict's line. The places that don't match follow, one on each line.
RIGHT, WRONG = "✓ ", "✗ "


def without_verdict(note: str) -> str:
    """Return the lines of a note before its verdict: all of it if it has none.

    The verdict no longer holds when the answer is continued.
    """
    kept = []
    for line in note.split("\n"):
        if line.startswith((RIGHT, WRONG)):
            break
        kept.append(line)
    return "\n".join(kept)
