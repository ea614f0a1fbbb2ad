"""WebRTC in Python: the desk track, peers, recording and line quality."""
