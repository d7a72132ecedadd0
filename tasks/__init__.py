"""Thin Prefect tasks, each of which calls one operation."""
