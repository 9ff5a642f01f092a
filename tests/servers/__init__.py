"""Small local servers that speak the protocols of the sources, their failures included."""
