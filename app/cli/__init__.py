"""The headless commands; no Qt is loaded here."""
