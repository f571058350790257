"""The last minute before a deadline, against the production configuration on one machine: ``make rush``."""
