"""Judgments from sites: one module for each source, all behind one polite client."""
