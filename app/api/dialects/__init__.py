"""How each kind of provider writes a request: parameter names, fields, prefill, refusals."""
