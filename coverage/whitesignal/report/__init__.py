"""A results folder told to a planner: sentences, tables and one curve, as a page, a workbook or a Word file."""
