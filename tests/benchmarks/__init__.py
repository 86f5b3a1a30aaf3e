"""What the program costs, beside a peer or a limit in the same run; nothing here is a test."""
