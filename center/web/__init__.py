"""HTTP: one table of endpoints that feeds the router, the permissions and OpenAPI."""
