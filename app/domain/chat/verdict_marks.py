"""Marks at the beginning of a line of a message's note, which say what the line is about."""

#: A piece of the answer is missing.
MISSING = "⚠ "
#: Whether the answer matches the requested JSON Schema: first characters of the verdict's line. The
#: places that don't match follow, one on each line.
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
