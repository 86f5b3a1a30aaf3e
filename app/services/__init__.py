"""Use cases on asyncio, shared by the window and the command line. No Qt."""
