"""Mouse, keyboard, selection, search and menus in the transcript."""
