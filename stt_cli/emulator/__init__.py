"""Local servers that speak the providers' protocols."""
