"""What people are told: wording, recipients and channels."""
