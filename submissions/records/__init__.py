"""What is kept and shown of a file beside the process itself: the archive, open data, reuse."""
