"""One use case a function, one transaction each; related use cases share a file."""
