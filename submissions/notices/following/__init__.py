"""Following by mail: subscribers, what they follow, and the pages by which they say so."""
