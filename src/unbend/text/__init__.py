"""Text as linear algebra: n-grams, straight models of text, word vectors, fastText's files."""
