"""Values and rules of the program. Pure code: no Qt, no async, no input or output."""
