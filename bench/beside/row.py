"""What a row is, and how one is run: its contenders take turns, round by round, and each must show equal digests."""
import json
import os
import re
from dataclasses import dataclass, field

from . import machine
from .dyad import LEAST_MIB
from .machine import BenchError


EVERY = (('clear', 'tmpfs'), ('tls', 'tmpfs'), ('clear', 'disk'), ('tls', 'disk'))
APART = EVERY[:3]        # TLS and the disk each alone: the cost of one says nothing of the other


@dataclass
class Setting:
    """Under which circumstances a row is run."""
    link: str
    medium: str
    quick: bool

    @property
    def rounds(self):
        return 2 if self.quick else 5

    @property
    def seconds(self):
        """How long each host writes."""
        return 2 if self.quick else 3

    def mib(self, full):
        """A size for the full run; a quick one takes a quarter."""
        return full // 4 if self.quick else full

    def volume_mib(self, full):
        """The same for what is written to as a volume, which has a least size."""
        return max(LEAST_MIB, self.mib(full))

    def path(self, name):
        return f'{machine.folder(self.medium)}/{name}'


@dataclass
class Bar:
    """What a measure must reach: a ratio to another contender pair by pair, or, with none, a figure of its own."""
    measure: str
    who: str
    than: str = ''
    at_least: float = 0
    at_most: float = 0

    def words(self):
        limit = f'≥ {self.at_least:g}' if self.at_least else f'≤ {self.at_most:g}' if self.at_most else 'shown'
        return limit + ' ×' if self.than and limit != 'shown' else limit

    def reached(self, value):
        return value <= self.at_most if self.at_most else value >= self.at_least


@dataclass
class Row:
    """One workload. {@code contenders} makes them by name; {@code lower} names measures of which less is better."""
    name: str
    title: str
    contenders: dict
    bars: list = field(default_factory=list)
    variants: tuple = (('clear', 'tmpfs'),)
    lower: tuple = ()
    note: str = ''


class Contender:
    """One who takes part in a row. Measures once a round; its digests are compared at the end, or in each round's sample."""
    guarantee = ''

    def measure(self, number):
        raise NotImplementedError

    def digests(self):
        return None

    def stop(self):
        pass


def warmed(processes, once, most=10):
    """
    Lets something run, uncounted, until it no longer becomes faster by a tenth, and then its processes rest: by then what is compiled as
    it runs has been. `once` returns a speed.
    """
    best, level = 0, 0
    for _ in range(most):
        speed = once()
        level = level + 1 if speed <= best * 1.1 else 0
        best = max(best, speed)
        if level == 2:
            break
    machine.rest(processes)


def lower_is_better(row, measure):
    return measure in row.lower or measure.endswith(('µs', ' s', 's/GB', 'MiB'))


def run(row, setting, save):
    """Runs one row; what it found so far is saved after each round. Raises when digests differ or a contender fails."""
    found = {'row': row.name, 'title': row.title, 'link': setting.link, 'medium': setting.medium, 'quick': setting.quick, 'note': row.note,
             'date': machine.now(), 'commit': machine.commit(), 'machine': machine.describe(), 'load': [], 'contenders': {}, 'samples': {}, 'digests': {}}
    running = {}
    try:
        for name, make in row.contenders.items():
            running[name] = make(setting)
            found['contenders'][name] = running[name].guarantee
        for number in range(setting.rounds):
            found['load'].append(round(machine.load(), 1))
            for name, contender in running.items():
                sample = contender.measure(number)
                _compare(found, name, sample.pop('digests', None))
                found['samples'].setdefault(name, []).append(sample)
                told = ', '.join(f'{k} {v:.4g}' for k, v in sample.items() if isinstance(v, (int, float)))
                print(f'  {number + 1}/{setting.rounds} {name}: {told}', flush=True)
            save(found)
        for name, contender in running.items():
            _compare(found, name, contender.digests())
            if not found['digests'].get(name):
                raise BenchError(f'{name} compared no digests')
        save(found)
    finally:
        for contender in running.values():
            contender.stop()
    return found


def _compare(found, name, digests):
    if digests is None:
        return
    if digests[0] != digests[1]:
        raise BenchError(f'{name}: the ends differ: {digests[0]} at the source, {digests[1]} at the target')
    found['digests'].setdefault(name, []).append(digests[0])


def label(found):
    return f"{found['row']}.{found['link']}.{found['medium']}"


class Results:
    """One JSON file a row and variant; a quick run's are apart, and stand in the page only where there is no full one."""

    def __init__(self, quick):
        self.folder = machine.ROOT + '/bench/results' + ('/quick' if quick else '')

    def save(self, found):
        os.makedirs(self.folder, exist_ok=True)
        path = f'{self.folder}/{label(found)}.json'
        with open(path + '.new', 'w') as file:
            text = json.dumps(found, ensure_ascii=False, indent=1)
            file.write(re.sub(r'\[\s+((?:[^\[\]{}]|\[[^\[\]{}]*\])*?)\s+\]', lambda m: '[' + re.sub(r'\s*\n\s*', ' ', m[1]) + ']', text) + '\n')
        os.replace(path + '.new', path)

    def load(self):
        if not os.path.isdir(self.folder):
            return {}
        return {name[:-5]: json.load(open(f'{self.folder}/{name}')) for name in sorted(os.listdir(self.folder)) if name.endswith('.json')}
