"""The defendants: who they are, and what is said of their persons."""
