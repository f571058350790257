"""What a reviewer needs: the screen, what changed, whose step it is, since when, and who stands in for whom."""
