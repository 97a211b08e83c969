"""What users, files, services and attackers may bring, by the ten thousand.

Seeds lie in ``tests/fuzz/seeds``, a line each; an input that once failed is one too.
The suite mutates them a few hundred times; by hand it may go on for hours:

    python -m tests.fuzz                          every target, 10,000 inputs each
    python -m tests.fuzz audio logs --count 200000 --seed 7
"""
