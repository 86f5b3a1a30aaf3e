"""The settings window: pages for providers and keys, tools, and the program's own choices."""
