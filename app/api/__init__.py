"""The APIs of the providers: request bodies, decoding of streams, errors and the HTTP client."""
