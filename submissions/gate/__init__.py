"""The gate before every public form: what keeps machines and floods out without shutting a person out."""
