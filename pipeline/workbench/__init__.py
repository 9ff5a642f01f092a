"""The web workbench of the annotators: pages, and the gate before them. Local, offline, no build step."""
