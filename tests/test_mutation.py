"""The table of rules that mutations try, and what a mutation is."""

from __future__ import annotations

import ast

import pytest

from tests.mutation import ROOT, Rule, mutants, read_rules


@pytest.mark.parametrize("rule", read_rules(), ids=lambda rule: rule.name)
def test_a_rule_names_code_and_tests_that_exist(rule: Rule) -> None:
    assert all((ROOT / test).exists() for test in rule.tests)
    tried = list(mutants(rule))
    assert tried
    original = ast.unparse(ast.parse(rule.path.read_text(encoding="utf-8")))
    for mutant in tried:
        assert mutant.build is not None
        assert ast.unparse(mutant.build()) != original, mutant
