"""Message items (strips, heights and parsed blocks of one message) and the column of all items."""
