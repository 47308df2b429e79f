"""The language of formulas: tokens, grammar, expression trees, function records, roles of names, size limits."""
