"""Tests with real parts inside."""
