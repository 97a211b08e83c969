"""What is made of the description of the command line: help, completion, manual."""
