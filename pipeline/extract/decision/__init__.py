"""The decision: charges, sentences, and the circumstances that the court weighs."""
