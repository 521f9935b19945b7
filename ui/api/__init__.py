"""The faces for programs: an HTTP API, an OpenAI-compatible chat endpoint and an MCP server over one corpus."""
