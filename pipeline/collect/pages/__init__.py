"""Printed pages: where things stand on them, and what can be recognised on a picture."""
