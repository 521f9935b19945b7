"""How words go to a language model and come back: an endpoint or a file, within limits of time, bytes and trust."""
