"""BIF, the Bayesian Interchange Format: from a file to a network, or to all its faults."""

from __future__ import annotations

import itertools
import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from forecast.errors import Fault, InvalidSpecification, Path, nearest
from forecast.interop.bayes_net import BayesNet, Variable
from forecast.interop.bif_blocks import ProbabilityBlock, VariableBlock, read_blocks
from forecast.interop.bif_text import Cursor, Word
from forecast.spec.read import Source, text_of
from forecast.spec.table import ConditionalTable, Rows
from forecast.spec.tabled import world_of
from forecast.spec.text import Mark
from forecast.spec.traps import short

MOST_FAULTS = 100
MOST_NAMES = 2000
"""Names among which the nearest is looked for."""

LONGEST_NAME = 1000


def read_bif(path: str | os.PathLike[str]) -> tuple[BayesNet, Source]:
    """Read a BIF file.

    Parameters
    ----------
    path
        The file; faults call it what the caller calls it.

    Returns
    -------
    tuple
        The network, and the places of its parts as a `Source` without data.

    Raises
    ------
    InvalidSpecification
        With every fault of the file: place, what is wrong, how to mend it.
    """
    file = os.fspath(path)
    return bif_of(text_of(file), file)


def bif_of(text: str, file: str) -> tuple[BayesNet, Source]:
    """Read BIF from a text; ``file`` is what faults call it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    cursor = Cursor(text)
    blocks = read_blocks(cursor)
    reader = _Reader(file, cursor)
    for stop in blocks.stops:
        reader.fault(stop.at, stop.code, stop.text, stop.fix)
    stopped = bool(blocks.stops)
    if not stopped and not blocks.variables:
        code, said = "empty-file", "this file holds no variables"
        raise InvalidSpecification([Fault(file, 0, 0, (), code, said)])
    net = reader.network(blocks.name, blocks.variables, blocks.probabilities, not stopped)
    if reader.faults:
        raise InvalidSpecification(reader.faults)
    marks = reader.marks
    return net, Source(file, {}, marks, marks, (), tuple(text.split("\n")))


class _Reader:
    """Holds the blocks of a file against each other."""

    def __init__(self, file: str, cursor: Cursor) -> None:
        self._file, self._cursor = file, cursor
        self.faults: list[Fault] = []
        self.marks: dict[Path, Mark] = {}
        self._states: dict[str, tuple[str, ...]] = {}

    def fault(self, at: int, code: str, text: str, fix: str = "") -> None:
        """Note a fault; many are enough."""
        self.faults.append(Fault(self._file, *self._cursor.mark(at), (), code, text, fix))
        if len(self.faults) >= MOST_FAULTS:
            raise InvalidSpecification(self.faults)

    def network(
        self,
        name: str,
        variables: Sequence[VariableBlock],
        probabilities: Sequence[ProbabilityBlock],
        whole: bool,
    ) -> BayesNet:
        """Return the network; what is missing is told only where all blocks could be read."""
        declared: dict[str, Word] = {}
        for block in variables:
            self._variable(block, declared)
        tables: dict[str, ConditionalTable] = {}
        seen: dict[str, int] = {}
        for probability in probabilities:
            child = probability.child
            if child.text in seen:
                line = self._cursor.mark(seen[child.text]).line
                text = f"`{short(child.text)}` has its probabilities on line {line} already"
                self.fault(child.at, "duplicate-key", text, "keep one of the two")
                continue
            seen[child.text] = probability.at
            self.marks["questions", child.text, "prior"] = self._cursor.mark(probability.at)
            if self._known(child, whole) and self._parents(probability, whole):
                tables[child.text] = self._table(probability)
        for word in declared.values() if whole else ():
            if word.text not in seen:
                text = f"`{short(word.text)}` has no probability block"
                self.fault(word.at, "missing", text, f"write probability ( {word.text} ) {{ ... }}")
        return BayesNet(name, {key: Variable(self._states[key], tables[key]) for key in tables})

    def _variable(self, block: VariableBlock, declared: dict[str, Word]) -> None:
        name = block.name
        if name.text in declared:
            line = self._cursor.mark(declared[name.text].at).line
            text = f"`{short(name.text)}` is already defined on line {line}"
            self.fault(name.at, "duplicate-key", text, "rename one, or take it out")
            return
        declared[name.text] = name
        self.marks["questions", name.text] = self._cursor.mark(name.at)
        self._states[name.text] = tuple(state.text for state in block.states)
        if "`" in name.text or not name.text:
            text = "a name cannot be empty or hold a backquote: no condition could name it"
            self.fault(name.at, "reserved-name", text, "call it something else")
        known: set[str] = set()
        for state in block.states:
            if state.text in known:
                self.fault(state.at, "duplicate-key", f"`{short(state.text)}` is named twice")
            elif state.text == "void" or "`" in state.text or not state.text:
                text = f"a state cannot be called `{short(state.text)}`"
                self.fault(state.at, "reserved-name", text, "call it something else")
            known.add(state.text)
        for word in (name, *block.states):
            if len(word.text) > LONGEST_NAME:
                text = f"this name is longer than {LONGEST_NAME:,} characters"
                self.fault(word.at, "reserved-name", text)
        if not block.states:
            text = f"`{short(name.text)}` has no states"
            self.fault(name.at, "missing", text, "write type discrete [ 2 ] { yes, no };")
        count = block.declared
        if block.states and count is not None and count.text != str(len(block.states)):
            text = f"{short(count.text)} states are announced, but {len(block.states)} listed"
            self.fault(count.at, "states", text)

    def _known(self, name: Word, whole: bool) -> bool:
        if name.text in self._states:
            return True
        if whole:
            known = itertools.islice(iter(self._states), MOST_NAMES)
            text = f"there is no variable `{short(name.text)}`"
            self.fault(name.at, "unknown-variable", text, nearest(name.text[:80], known))
        return False

    def _parents(self, block: ProbabilityBlock, whole: bool) -> bool:
        known = True
        for i, parent in enumerate(block.parents):
            if parent.text in (other.text for other in block.parents[:i]):
                self.fault(parent.at, "duplicate-key", f"`{short(parent.text)}` is named twice")
                known = False
            else:
                known &= self._known(parent, whole)
        return known

    def _table(self, block: ProbabilityBlock) -> ConditionalTable:
        """Return the rows of a block in order, the last parent fastest."""
        states = len(self._states[block.child.text])
        parents = {parent.text: self._states[parent.text] for parent in block.parents}
        wanted = math.prod(len(own) for own in parents.values())
        names = tuple(parents)
        if not states or not wanted:
            return ConditionalTable.model_construct(parents=names, rows=Rows(()))
        if block.table is not None:
            texts, places = self._counted(block, block.table, states, wanted)
        else:
            texts, places = self._by_states(block, parents, wanted)
        rows = Rows(tuple(texts))
        for i, code, text, fix in rows.read(states)[1]:
            world = f" ({short(world_of(i, parents))})" if parents and len(texts) == wanted else ""
            self.fault(places[i], code, f"`{short(block.child.text)}`: {text}{world}", fix)
        return ConditionalTable.model_construct(parents=names, rows=rows)

    def _counted(
        self, block: ProbabilityBlock, table: Word, states: int, wanted: int
    ) -> tuple[Sequence[str], Sequence[int]]:
        """Read `table`: the variable itself changes slowest, its last parent fastest."""
        if block.rows or block.default:
            text = "`table` holds all numbers: rows and `default` cannot stand beside it"
            self.fault(table.at, "duplicate-key", text, "keep one of the two")
            return (), ()
        numbers = table.text.replace(",", " ").split()
        if len(numbers) != states * wanted:
            text = (
                f"{len(numbers):,} numbers for `{short(block.child.text)}`, not {states * wanted:,}"
            )
            made = f"{states} states for each of {wanted:,} combinations of its parents' states"
            self.fault(table.at, "table-shape", text, made if wanted > 1 else "one for each state")
            return (), ()
        return [" ".join(numbers[i::wanted]) for i in range(wanted)], [table.at] * wanted

    def _by_states(
        self, block: ProbabilityBlock, parents: Mapping[str, tuple[str, ...]], wanted: int
    ) -> tuple[Sequence[str], Sequence[int]]:
        """Read rows that name the states of the parents; `default` stands for all others."""
        found = self._placed(block, parents)
        missing = wanted - len(found)
        if missing and block.default is not None:
            other = (block.default.text, block.default.at)
            every = [found.get(i, other) for i in range(wanted)]
        else:
            if missing:
                first = next(i for i in range(wanted) if i not in found)
                world = short(world_of(first, parents)) if parents else ""
                said = f"`{short(block.child.text)}` has no row for {world}" if world else (
                    f"`{short(block.child.text)}` has no numbers"
                )  # fmt: skip
                more = f", nor for {missing - 1:,} more" if missing > 1 else ""
                fix = "add it, or `default`" if parents else "write table 0.9, 0.1;"
                self.fault(block.child.at, "row-missing", said + more, fix)
            every = [found[i] for i in sorted(found)]
        return [text for text, _ in every], [at for _, at in every]

    def _placed(
        self, block: ProbabilityBlock, parents: Mapping[str, tuple[str, ...]]
    ) -> dict[int, tuple[str, int]]:
        places = [{state: i for i, state in enumerate(own)} for own in parents.values()]
        sizes = [len(own) for own in parents.values()]
        found: dict[int, tuple[str, int]] = {}
        for named, numbers, at in block.rows:
            if len(named) != len(sizes):
                text = f"this row names {len(named)} states; `{short(block.child.text)}` has "
                text += f"{len(sizes)} parents"
                self.fault(at, "table-shape", text)
                continue
            row = 0
            try:
                for place, size, state in zip(places, sizes, named, strict=True):
                    row = row * size + place[state]
            except KeyError:
                for told in _unknown_states(named, parents):
                    self.fault(at, "unknown-state", *told)
                continue
            if row in found:
                line = self._cursor.mark(found[row][1]).line
                text = f"the row for {short(world_of(row, parents))} stands on line {line} already"
                self.fault(at, "duplicate-key", text, "keep one of the two")
            else:
                found[row] = numbers, at
        return found


def _unknown_states(
    named: Iterable[str], parents: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, str]]:
    for state, (parent, states) in zip(named, parents.items(), strict=True):
        if state not in states:
            some = states[:MOST_NAMES]
            fix = nearest(state[:80], some) or short(f"one of {', '.join(some[:10])}")
            yield f"`{short(parent)}` has no state `{short(state)}`", fix
