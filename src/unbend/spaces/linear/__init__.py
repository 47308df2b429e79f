"""Linear algebra on given vectors: combinations, spans, independence, basis, rank."""
