"""Training of Drape's face detector and of the judge behind it. See ../README.md."""
