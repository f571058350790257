"""The demonstration: accounts, pages, opportunities and applications of an invented department.

Everything is brought about through the functions that people use; nothing is written around a rule.
Imported by the command ``load_demo`` alone: no other part of the software may import it.
"""
