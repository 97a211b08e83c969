"""Do the tests hold the rules? Break each rule in every small way and see.

``python -m tests.mutation`` reads ``tests/mutation.toml``, which names the functions
that decide about money, secrets or loss, and the tests that hold them. It changes one
operator, constant or statement at a time, runs the tests on the changed module, and
lists the changes that no test noticed. It fails when more than 5 % of them survive.

    python -m tests.mutation retry cookies     only these rules
    python -m tests.mutation --every 12        a twelfth of the changes, as CI does
"""

from __future__ import annotations

import argparse
import ast
import copy
import hashlib
import importlib
import multiprocessing
import multiprocessing.connection
import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parent.parent
ENOUGH = 0.95
ENOUGH_OF_A_SAMPLE = 0.9  # of 80 changes, chance may leave twice as many
_PATIENCE_S = 60.0  # a change that makes the tests hang was noticed

_SWAPS: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.And: (ast.Or,),
    ast.Or: (ast.And,),
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,),
    ast.Break: (ast.Continue,),
    ast.Continue: (ast.Break,),
}
_NAMES = {"min": "max", "max": "min", "any": "all", "all": "any"}
_PROSE = {"message", "hint", "help"}  # words that people read are no rule
_Change = tuple[str, Callable[[ast.AST], ast.AST]]


@dataclass(frozen=True)
class Rule:
    """Functions, classes or constants of a module, and the tests that hold them."""

    name: str
    module: str
    parts: tuple[str, ...]
    tests: tuple[str, ...]

    @property
    def path(self) -> Path:
        """The module's file."""
        base = ROOT / self.module.replace(".", "/")
        file = base.with_suffix(".py")
        return file if file.exists() else base / "__init__.py"


@dataclass(frozen=True)
class Mutant:
    """A rule's module with one small change."""

    rule: Rule
    line: int
    change: str
    build: Callable[[], ast.Module] | None

    def __str__(self) -> str:
        path = self.rule.path.relative_to(ROOT)
        return f"{path}:{self.line}: {self.change} ({self.rule.name})"


def read_rules(path: Path = ROOT / "tests" / "mutation.toml") -> list[Rule]:
    """Return the rules that are listed."""
    listed = tomllib.loads(path.read_text(encoding="utf-8"))["rule"]
    return [
        Rule(one["name"], one["module"], tuple(one["parts"]), tuple(one["tests"]))
        for one in listed
    ]


def mutants(rule: Rule) -> Iterator[Mutant]:
    """Yield the module of a rule in every changed form.

    Raises:
        LookupError: the module has no such part.
    """
    tree = ast.parse(rule.path.read_text(encoding="utf-8"))
    for part in rule.parts:
        for node in _walk(_find(tree, part)):
            for told, change in _changes(node):
                line = getattr(node, "lineno", 0)
                build = partial(_changed, tree, node, change)
                yield Mutant(rule, line, f"{part}: {told}", build)


def _find(tree: ast.Module, part: str) -> ast.AST:
    found: ast.AST = tree
    for name in part.split("."):
        for node in getattr(found, "body", []):
            assigned = getattr(node, "targets", [getattr(node, "target", None)])
            names = [getattr(target, "id", None) for target in assigned]
            if getattr(node, "name", None) == name or name in names:
                found = node
                break
        else:
            raise LookupError(f"there is no {part}")
    return found


def _walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield what decides something: no docstring, annotation or word for people."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.keyword) and node.arg in _PROSE:
        return
    yield node
    if isinstance(node, ast.Raise | ast.Assert | ast.JoinedStr):
        return
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "decorator_list", "type_params", "bases"):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _walk(child)


def _changes(node: ast.AST) -> Iterator[_Change]:
    match node:
        case ast.Compare(ops=ops):
            for index, operator in enumerate(ops):
                for other in _SWAPS.get(type(operator), ()):
                    yield _told(node, _with_item("ops", index, other()))
        case ast.BoolOp(op=operator) | ast.BinOp(op=operator):
            for other in _SWAPS.get(type(operator), ()):
                yield _told(node, _with(op=other()))
        case ast.UnaryOp(op=ast.Not()):
            yield _told(node, lambda it: it.operand)  # type: ignore[attr-defined]
        case ast.Constant(value=bool() as value):
            yield _told(node, _with(value=not value))
        case ast.Constant(value=int() | float() as value):
            yield _told(node, _with(value=value + 1))
        case ast.Constant(value=str() as value) if value:
            yield _told(node, _with(value="~"))
        case ast.Constant(value=bytes() as value) if value:
            yield _told(node, _with(value=b"~"))
        case ast.Name(id=name, ctx=ast.Load()) if name in _NAMES:
            yield _told(node, _with(id=_NAMES[name]))
        case ast.Break() | ast.Continue():
            yield _told(node, lambda it: _SWAPS[type(it)][0]())
        case ast.Return(value=ast.expr() as value) if not _is_falsy(value):
            yield _told(node, _with(value=ast.Constant(None)))
        case ast.Raise() | ast.AugAssign() | ast.Delete():
            yield _told(node, lambda _: ast.Pass())
        case ast.Expr(value=ast.Call()):
            yield _told(node, lambda _: ast.Pass())
        case _:
            pass
    if isinstance(node, ast.If | ast.IfExp | ast.While) and _is_plain(node.test):
        yield _negated(node)
    if isinstance(node, ast.comprehension):
        for index, test in enumerate(node.ifs):
            if _is_plain(test):
                opposite = ast.UnaryOp(ast.Not(), test)
                told = f"if {ast.unparse(test)} -> if not"
                yield told, _with_item("ifs", index, opposite)


def _is_falsy(value: ast.expr) -> bool:
    """Whether ``None`` in its place would mostly mean the same."""
    return isinstance(value, ast.Constant) and not value.value


def _is_plain(test: ast.expr) -> bool:
    """Whether a condition has no operator that is changed anyhow."""
    return not isinstance(test, ast.Compare | ast.BoolOp | ast.UnaryOp)


def _negated(node: ast.If | ast.IfExp | ast.While) -> _Change:
    told = f"if {ast.unparse(node.test)} -> if not"
    return told, _with(test=ast.UnaryOp(ast.Not(), node.test))


def _told(node: ast.AST, change: Callable[[ast.AST], ast.AST]) -> _Change:
    after = ast.unparse(ast.fix_missing_locations(change(copy.deepcopy(node))))
    return f"{_short(ast.unparse(node))} -> {_short(after)}", change


def _short(text: str) -> str:
    first, _, more = text.partition("\n")
    return f"{first[:60]}…" if more or len(first) > 60 else first


def _with(**fields: Any) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        for name, value in fields.items():
            setattr(node, name, value)
        return node

    return change


def _with_item(field: str, index: int, value: ast.AST) -> Callable[[ast.AST], ast.AST]:
    def change(node: ast.AST) -> ast.AST:
        getattr(node, field)[index] = value
        return node

    return change


def _changed(
    tree: ast.Module, at: ast.AST, change: Callable[[ast.AST], ast.AST]
) -> ast.Module:
    """Return a copy of the tree in which one node is changed."""
    where = next(index for index, node in enumerate(ast.walk(tree)) if node is at)
    copied = copy.deepcopy(tree)
    target = list(ast.walk(copied))[where]

    class Put(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> Any:
            if node is target:
                return ast.copy_location(change(node), node)
            return self.generic_visit(node)

    changed: ast.Module = Put().visit(copied)
    return ast.fix_missing_locations(changed)


class _Loader(SourceFileLoader):
    """Loads a module from a tree of ours instead of its file."""

    def __init__(self, module: str, path: Path, tree: ast.Module) -> None:
        super().__init__(module, str(path))
        self._code = compile(tree, str(path), "exec")

    def get_code(self, fullname: str) -> CodeType:
        return self._code


class _Finder:
    def __init__(self, rule: Rule, tree: ast.Module) -> None:
        self._module, self._path = rule.module, rule.path
        self._loader = _Loader(rule.module, rule.path, tree)

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        if name != self._module:
            return None
        return spec_from_file_location(name, self._path, loader=self._loader)


def _run_tests(mutant: Mutant) -> None:
    """Run the rule's tests on the changed module; the exit code is pytest's."""
    import pytest

    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2) if mutant.build else (0,):
        os.dup2(nowhere, descriptor)
    if mutant.build:
        finder: Any = _Finder(mutant.rule, mutant.build())
        sys.meta_path.insert(0, finder)
    options = ["-x", "-qq", "-p", "no:randomly", "-p", "no:cacheprovider"]
    options += ["-p", "no:xdist", "--hypothesis-profile=mutation", "-W", "ignore"]
    sys.stdout.flush()
    os._exit(pytest.main([*options, *mutant.rule.tests]))


def survivors(tried: Sequence[Mutant], jobs: int) -> Iterator[Mutant]:
    """Yield the mutants that their tests do not notice."""
    forking = multiprocessing.get_context("fork")
    waiting, running = list(reversed(tried)), dict[Any, tuple[Mutant, float]]()
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            process = forking.Process(target=_run_tests, args=(mutant,))
            process.start()
            running[process] = mutant, time.monotonic()
        sentinels = [process.sentinel for process in running]
        multiprocessing.connection.wait(sentinels, timeout=1)
        for process, (mutant, began) in list(running.items()):
            if process.is_alive() and time.monotonic() - began < _PATIENCE_S:
                continue
            process.kill()
            process.join()
            del running[process]
            if process.exitcode == 0:
                yield mutant


def sampled(tried: Sequence[Mutant], every: int) -> Sequence[Mutant]:
    """Return every so many-th mutant.

    Where to begin follows from the rules' own text: a run of the same code tries the
    same changes, and after a change of a rule it is the turn of others.
    """
    digest = hashlib.sha256()
    for path in sorted({mutant.rule.path for mutant in tried}):
        digest.update(path.read_bytes())
    return tried[int.from_bytes(digest.digest()[:8]) % every :: every]


def main() -> int:
    """Try the rules that are named, or all, and print what was not noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="RULE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--every", type=int, default=1, metavar="N")
    given = parser.parse_args()
    rules = [r for r in read_rules() if not given.names or r.name in given.names]
    # Loaded once for all: what is heavy and not ours.
    for name in ("pytest", "hypothesis", "httpx", "numpy", "typer", "rich.console"):
        importlib.import_module(name)
    unchanged = [Mutant(rule, 0, "unchanged", None) for rule in rules]
    sound = set(survivors(unchanged, given.jobs))
    if failing := [mutant for mutant in unchanged if mutant not in sound]:
        print("tests that fail already:", *failing, sep="\n")
        return 2
    tried: Sequence[Mutant]
    tried = [mutant for rule in rules for mutant in mutants(rule)]
    tried = sampled(tried, given.every)
    alive = []
    for mutant in survivors(tried, given.jobs):
        alive.append(mutant)
        print(f"survived: {mutant}", flush=True)
    share = 1 - len(alive) / max(len(tried), 1)
    print(f"{len(tried) - len(alive)} of {len(tried)} changes noticed: {share:.1%}")
    return 0 if share >= (ENOUGH if given.every == 1 else ENOUGH_OF_A_SAMPLE) else 1


if __name__ == "__main__":
    sys.exit(main())
