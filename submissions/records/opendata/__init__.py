"""Open data: Open Contracting releases and records, the opportunities as JSON, the yearly publication of contracts."""
