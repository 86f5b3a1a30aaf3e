"""One item a message: its strips, height and parsed blocks; the column of all items."""
