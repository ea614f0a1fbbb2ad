"""Settings, logging and deployment files."""
