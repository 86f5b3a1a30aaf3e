"""The probabilities of an answer's tokens: table, positions in the text, statistics."""
