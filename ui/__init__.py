"""The faces of Citedesk: the command line and the page. They show what `rag` answers and decide nothing themselves."""
