"""The table of rules that mutations try, and what a mutation is."""

from __future__ import annotations

import ast

import pytest

from tests.mutation import ROOT, Rule, mutants, read_rules, sampled


@pytest.mark.parametrize("rule", read_rules(), ids=lambda rule: rule.name)
def test_a_rule_names_code_and_tests_that_exist(rule: Rule) -> None:
    assert all((ROOT / test).exists() for test in rule.tests)
    tried = list(mutants(rule))
    assert tried
    original = ast.unparse(ast.parse(rule.path.read_text(encoding="utf-8")))
    for mutant in tried:
        assert mutant.build is not None
        assert ast.unparse(mutant.build()) != original, mutant


def test_a_sample_is_the_same_for_the_same_code_and_has_its_share() -> None:
    every = [mutant for rule in read_rules() for mutant in mutants(rule)]
    quarter = sampled(every, 4)
    assert list(map(str, quarter)) == list(map(str, sampled(every, 4)))
    assert abs(len(quarter) - len(every) / 4) < 1
    assert sampled(every, 1) == every
