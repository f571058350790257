"""What clients need, before there is any opportunity: requests, and what becomes of them."""
