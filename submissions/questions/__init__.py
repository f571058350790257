"""Questions about an opportunity and their public answers: asked, sorted, answered, translated, published."""
