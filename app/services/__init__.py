"""Use cases on asyncio, the same for the window and the command line."""
