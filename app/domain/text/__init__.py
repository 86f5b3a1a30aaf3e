"""Text functions: translation, Unicode repair, marks for invisible characters, JSON differences."""
