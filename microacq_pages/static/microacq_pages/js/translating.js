// Improves the screens of translators; every screen works without it.
