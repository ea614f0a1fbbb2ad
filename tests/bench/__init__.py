"""Figures of the whole system, each as a ratio to a floor taken in the same run."""
