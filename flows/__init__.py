"""One flow a phase kind, each reading like the contents page of the regulation."""
