"""Executing the notebooks, drawing the figures, and comparing both with what is committed."""
