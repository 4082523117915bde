"""The sections of a report, one question each: what the folder says, as sentences and tables."""
