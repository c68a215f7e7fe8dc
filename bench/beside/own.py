"""Rows beside Dyad's own: one layer beside a raw file, writes under snapshots."""
import re

from . import data, dyad, load, machine
from .machine import BenchError, ROOT
from .row import Bar, Contender, Row, warmed

DEEP = '4k QD32'


class Layer(Contender):
    """The main of volume-files' tests that runs one layer beside a plain file, in one process, taking turns."""
    guarantee = 'CRC32C on every block against none; neither flushed'

    def __init__(self, setting):
        self.setting = setting
        self.java, served = dyad.own_java('adapters/volume-files', 'layer', setting)
        own = [f'{ROOT}/{module}/target/{kind}' for module in ('adapters/volume-files', 'replication', 'domain') for kind in ('test-classes', 'classes')]
        self.path = ':'.join(own + [served])

    def measure(self, number):
        told = machine.run([self.java, '-cp', self.path, 'io.dyad.volumefiles.LayerSpeed', self.setting.path('layer')])
        found = {f'{what} {int(size) // 1024}k ÷ file': float(ratio)
                 for what, size, ratio in re.findall(r'^((?:random )?(?:write|read))\s+(\d+) B .*ratio ([0-9.]+)', told, re.M)}
        ends = re.search(r'digests (\w+) (\w+)', told)
        if len(found) != 6 or not ends:
            raise BenchError('LayerSpeed told something else: ' + told)
        return found | {'digests': (ends[1], ends[2])}


class Snapshots(Contender):
    """A volume that is written to under so many snapshots, the newest taken just before."""

    def __init__(self, setting, mib, count):
        self.setting, self.mib, self.count = setting, mib, count
        self.guarantee = f'CRC32C on every block, {count} snapshots held'
        self.cluster = dyad.Cluster(f'snapshots{count}', setting.medium, setting.link)
        self.cluster.await_ready()
        self.volume, self.image = self.cluster.create(mib), setting.path('export.raw')
        data.image(self.image, 'random', mib)
        self.cluster.fill(self.volume, self.image)
        warmed([self.cluster.process], lambda: load.write(self.cluster.uri(self.volume), DEEP, mib, 2)['ops/s'])
        self.held = []
        for number in range(count - 1):
            self._take()
            load.scatter(self.cluster.uri(self.volume), mib, mib * 256 // 100, number + 1)

    def _take(self):
        self.held.append(self.cluster.call('CreateSnapshot', volumeID=self.volume)['snapshotID'])

    def measure(self, number):
        if len(self.held) == self.count and self.count:
            self.cluster.call('DeleteSnapshot', snapshotID=self.held.pop(0))
        if self.count:
            self._take()
        told = load.write(self.cluster.uri(self.volume), DEEP, self.mib, self.setting.seconds)
        return {DEEP + ' ops/s': told['ops/s'], DEEP + ' p99 µs': told['p99 µs'], 'curves': {DEEP: told['curve']}}

    def digests(self):
        self.cluster.fill(self.volume, self.image)
        return machine.digest(['cat', self.image]), self.cluster.digest(self.volume)

    def stop(self):
        self.cluster.stop()


def rows():
    media = (('clear', 'tmpfs'), ('clear', 'disk'))
    yield Row('layer', 'one layer beside a raw file', {'dyad layer': Layer},
              [Bar(f'{what} ÷ file', 'dyad layer', at_least=.95) for what in ('write 4k', 'read 4k', 'random write 4k', 'random read 4k', 'write 1024k', 'read 1024k')], media)
    yield Row('snapshots', 'what snapshots cost a host that writes', {
        f'{n} snapshots' if n != 1 else '1 snapshot': lambda s, n=n: Snapshots(s, s.volume_mib(2048), n) for n in (0, 1, 32)},
        [Bar(DEEP + ' ops/s', who, '0 snapshots', .0) for who in ('1 snapshot', '32 snapshots')], media)
