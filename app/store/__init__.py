"""Persistent storage: the library file (SQLite) and the keys in the system's keyring."""
