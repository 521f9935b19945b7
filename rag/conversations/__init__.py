"""What was asked, kept on disk beside the index: conversations, notes, and answers that a person judged."""
