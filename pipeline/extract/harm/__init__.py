"""The victims: who was attacked, in which role, with which injury."""
