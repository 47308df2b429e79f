"""Linear models of sparse rows, such as the n-grams of texts: logistic and squared loss, by dual coordinates."""
