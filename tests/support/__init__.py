"""What the tests' own machinery is made of: databases, browser, running servers."""
