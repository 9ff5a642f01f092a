"""The act: when, with what, drunk or ill."""
