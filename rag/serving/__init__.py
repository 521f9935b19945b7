"""A corpus in a program that keeps running: following a folder, or asked from an event loop."""
