"""The windows for presets: the list, the dialog for a name, and the comparison."""
