"""What is kept and published of a file once it happened: the archive, open data, reuse, where it was announced."""
