"""What turns evidence into statements: the extractive answerer, and a chat model held to the same checks."""
