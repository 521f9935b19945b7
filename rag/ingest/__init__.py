"""Files and records into the index: read, split, embed, stored; what fails is reported."""
