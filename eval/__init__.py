"""Measures how right the answers are: cases, scorers, runs and their comparison."""
