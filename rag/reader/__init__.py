"""The trained readers: do these passages answer, and with which words? Their modules import torch."""
