"""Every metric of success, computed from what is stored. Stages of the process do not know that they are measured."""
