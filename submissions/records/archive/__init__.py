"""The file written down: documents, where they are kept, what is disclosed of them, and until when."""
