"""Records → words: what each thing is called, plain text for a terminal, Markdown, and HTML for a notebook."""
