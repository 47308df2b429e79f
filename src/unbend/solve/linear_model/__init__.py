"""Linear models with a penalty chosen on held-out rows: ridge and logistic regression, k-fold assignment."""
