"""The wire format of each provider kind: parameter names, fields, prefill, refusals."""
