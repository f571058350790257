"""The voluntary survey of suppliers: asked once, answered without a trace of who answered, read only as sums."""
