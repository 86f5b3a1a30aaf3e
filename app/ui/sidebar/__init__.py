"""The sidebar: the list of conversations, with buttons for a new one and the settings."""
