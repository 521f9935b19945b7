"""Measures beside the cases."""
