"""Hostile input, made from good input: `make fuzz`, and a short run of the same in the suite.

Input number n of a target is always the same bytes, so a finding is repeated by its number.
"""
