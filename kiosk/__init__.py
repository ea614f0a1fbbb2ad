"""The kiosk agent: the resident's journey, the devices and the link to the center."""
