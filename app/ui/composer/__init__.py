"""The composer below the conversation: message field, conflict bar, and answers to tool calls."""
