"""The pages of the portal, one file a room."""
