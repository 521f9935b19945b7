"""English on the surface: words, sentences, amounts, dates, and the facts that a text states. Imports nothing of ours."""
