"""What a statement says otherwise than its quote, as far as words alone can tell."""
