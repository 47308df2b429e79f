"""The polygon mesh of a network's pieces: a hyperplane arrangement refined layer by layer, with exact predicates."""
