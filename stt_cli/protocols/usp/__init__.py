"""Microsoft's speech WebSocket protocol: Bing Speech of 2018 and today's Azure."""
