"""The application: its start, the event loop, and the main window."""
