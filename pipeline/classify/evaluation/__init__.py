"""How well models do on cases they have not seen: nested cross-validation, scores with intervals, calibration, learning curve, shifts."""
