"""The library file, and the keys in the system's keyring."""
