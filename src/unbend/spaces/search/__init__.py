"""The search for counterexamples by trial."""
