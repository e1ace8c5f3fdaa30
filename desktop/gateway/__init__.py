"""What other programs of this machine use: an endpoint as OpenAI's, and an MCP server. Each is a process of its own."""
