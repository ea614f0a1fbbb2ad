"""The kiosk's Chromium: opened full screen, and brought back whatever happens to it."""
