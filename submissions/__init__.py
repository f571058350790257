"""What suppliers send and staff decide, one folder per stage of the process, in process order."""
