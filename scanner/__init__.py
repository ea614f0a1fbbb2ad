"""From a document camera to sealed evidence: capture, rectify, read codes, seal."""
