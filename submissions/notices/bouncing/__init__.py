"""Mail that comes back: noticing it, and setting aside the addresses of subscribers that it came back from."""
