"""What each part of a text is: body, heading, byline, sidebar or furniture."""
