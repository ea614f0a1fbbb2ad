"""The recorder as a peer of a room: it signals as a page does, and its media is a process apart."""
