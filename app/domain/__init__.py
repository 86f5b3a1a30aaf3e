"""Values and rules, pure: no Qt, no async, no input or output."""
