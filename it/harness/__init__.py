"""Starts the real programs that the tests talk to, and ends exactly those it started."""
