"""How a note says whether an answer has the form that was asked for."""

#: How its line begins that says something is right, or wrong; places follow, one a line.
RIGHT, WRONG = "✓ ", "✗ "


def without_verdict(note: str) -> str:
    """A note without what was found of an answer that goes on now."""
    kept = []
    for line in note.split("\n"):
        if line.startswith((RIGHT, WRONG)):
            break
        kept.append(line)
    return "\n".join(kept)
