"""What is misconfigured, and how to mend it."""
