"""The wire: request bodies, event-stream decoding and the HTTP client."""
