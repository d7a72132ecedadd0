"""Whole appraisals told as stories, through a real Prefect server, with the clock moved."""
