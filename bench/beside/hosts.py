"""Rows of hosts that write: the plain export, Sync, Async, durable writes, at any distance."""
import time

from . import data, dyad, load, machine, peers
from .link import Network
from .row import APART, EVERY, Bar, Contender, Row, warmed

EXPORT = 'no link; NBD in clear on loopback'


def loads(uri, jobs, mib, seconds, namespace=None):
    """One sample of several jobs: throughput and latencies of each under its name."""
    found = {}
    for job in jobs:
        told = load.write(uri, job, mib, seconds, namespace)
        found[job + (' MB/s' if job.startswith('1M') else ' ops/s')] = told['MB/s' if job.startswith('1M') else 'ops/s']
        found[job + ' p99 µs'] = told['p99 µs']
        found.setdefault('curves', {})[job] = told['curve']
    return found


def warm(processes, uri, jobs, mib, namespace=None):
    for job in jobs:
        warmed(processes, lambda: load.write(uri, job, mib, 2, namespace)['ops/s'])


class DyadExport(Contender):
    """A volume without a pair."""
    guarantee = EXPORT + ', CRC32C on every block'

    def __init__(self, setting, jobs, mib):
        self.setting, self.jobs, self.mib = setting, jobs, mib
        self.cluster = dyad.Cluster('plain', setting.medium, setting.link)
        self.cluster.await_ready()
        self.volume = self.cluster.create(mib)
        self.image = setting.path('export.raw')
        data.image(self.image, 'random', mib)
        self.cluster.fill(self.volume, self.image)
        warm([self.cluster.process], self.cluster.uri(self.volume), jobs, mib)

    def measure(self, number):
        return loads(self.cluster.uri(self.volume), self.jobs, self.mib, self.setting.seconds)

    def digests(self):
        """What is written reads back."""
        self.cluster.fill(self.volume, self.image)
        return machine.digest(['cat', self.image]), self.cluster.digest(self.volume)

    def stop(self):
        self.cluster.stop()


class FileExport(Contender):
    """A raw file behind qemu-storage-daemon or nbdkit."""
    guarantee = EXPORT + ', no checksum'

    def __init__(self, setting, server, jobs, mib):
        self.setting, self.jobs, self.mib = setting, jobs, mib
        self.image, self.path = setting.path('export.raw'), setting.path('exported.raw')
        data.image(self.path, 'random', mib)
        self.server = server(self.path)
        loads(self.server.uri, jobs, mib, 1)

    def measure(self, number):
        return loads(self.server.uri, self.jobs, self.mib, self.setting.seconds)

    def digests(self):
        machine.run(['nbdcopy', '--flush', self.image, self.server.uri])
        return machine.digest(['cat', self.image]), machine.digest(['nbdcopy', self.server.uri, '-'])

    def stop(self):
        self.server.stop()


class DyadPair(Contender):
    """A pair in sync whose source is written to."""

    def __init__(self, setting, mode, jobs, mib, network=None, tag='', sampled=False):
        self.setting, self.jobs, self.mib, self.sampled = setting, jobs, mib, sampled
        self.network = network() if network else None
        self.pair = dyad.Pair(setting.medium, setting.link, tag, self.network)
        self.guarantee = f"{mode}, {self.pair.guarantee}{', FLUSH on both ends' if mode == 'Sync' else ', in write order'}"
        image = setting.path('pair.raw')
        data.image(image, 'random', mib)
        self.volumes = self.pair.volumes(mib, image)
        self.pair.mirror(*self.volumes, mode)
        self.pair.await_active(self.volumes[0])
        warm(self.pair.processes, self.uri(), jobs, mib, self.pair.east.namespace)

    def uri(self):
        return self.pair.east.uri(self.volumes[0])

    def measure(self, number):
        sampler = load.Sampler(lambda: self.pair.east.delay_seconds(self.volumes[0])) if self.sampled else None
        if sampler:
            sampler.start()
        found = loads(self.uri(), self.jobs, self.mib, self.setting.seconds, self.pair.east.namespace)
        began = time.monotonic()
        self.pair.await_active(self.volumes[0])
        if sampler:
            found |= {'drained after s': time.monotonic() - began, 'lag': sampler.end()}
        return found

    def digests(self):
        return self.pair.digests(*self.volumes)

    def stop(self):
        self.pair.stop()
        if self.network:
            self.network.stop()


class QemuPair(Contender):
    """qemu-storage-daemon that mirrors to another while it is written to."""

    def __init__(self, setting, mode, jobs, mib, network=None, sampled=False):
        self.setting, self.jobs, self.mib, self.sampled = setting, jobs, mib, sampled
        self.network = network() if network else None
        source, target = setting.path('mirrored.raw'), setting.path('mirror.raw')
        for path in (source, target):
            data.image(path, 'random', mib)
        self.mirror = peers.Mirror(source, target, mode, setting.link, granularity=None if mode == 'write-blocking' else 4096, network=self.network)
        self.guarantee = self.mirror.guarantee
        self._write(1)

    def _write(self, seconds):
        return loads(self.mirror.source.uri, self.jobs, self.mib, seconds, self.mirror.source.namespace)

    def measure(self, number):
        found = self._write(self.setting.seconds)
        began = time.monotonic()
        self.mirror.drain()
        if self.sampled:
            found['drained after s'] = time.monotonic() - began
        return found

    def digests(self):
        return self.mirror.digests()

    def stop(self):
        self.mirror.stop()
        if self.network:
            self.network.stop()


def rows():
    plain = ('4k QD1', '4k QD32', '1M QD4')
    yield Row('export', 'plain NBD export, writes', {
        'dyad': lambda s: DyadExport(s, plain, s.volume_mib(1024)),
        'qsd': lambda s: FileExport(s, peers.Daemon, plain, s.volume_mib(1024)),
        'nbdkit': lambda s: FileExport(s, peers.Nbdkit, plain, s.volume_mib(1024))},
        [Bar('4k QD1 ops/s', 'dyad', 'qsd', 1.5), Bar('4k QD32 ops/s', 'dyad', 'qsd', 1.3), Bar('1M QD4 MB/s', 'dyad', 'qsd', 1.0)],
        (('clear', 'tmpfs'), ('clear', 'disk')))
    yield Row('sync', 'Sync: every write on both ends before it is answered', {
        'dyad Sync': lambda s: DyadPair(s, 'Sync', plain, s.volume_mib(1024)),
        'qemu write-blocking': lambda s: QemuPair(s, 'write-blocking', plain, s.volume_mib(1024))},
        [Bar('4k QD1 ops/s', 'dyad Sync', 'qemu write-blocking', 1.3), Bar('4k QD32 ops/s', 'dyad Sync', 'qemu write-blocking', 3.0),
         Bar('4k QD32 p99 µs', 'dyad Sync', 'qemu write-blocking', at_most=.2), Bar('1M QD4 MB/s', 'dyad Sync', 'qemu write-blocking', 3.0)], EVERY)
    durable = ('4k QD1 flush', '4k QD32 flush')
    yield Row('durable', 'a flush after each write, both ends on one disk; QD32 is 32 such writers', {
        'dyad Sync': lambda s: DyadPair(s, 'Sync', durable, s.volume_mib(1024)),
        'qemu write-blocking': lambda s: QemuPair(s, 'write-blocking', durable, s.volume_mib(1024))},
        [Bar('4k QD1 flush ops/s', 'dyad Sync', 'qemu write-blocking', .75), Bar('4k QD32 flush ops/s', 'dyad Sync', 'qemu write-blocking', 5.0)], EVERY[2:])
    yield from _async_rows()
    yield from _distance_rows()


def _async_rows():
    deep = ('4k QD32',)
    yield Row('async-foreground', 'what Async costs the host, beside the same without a mirror', {
        'dyad alone': lambda s: DyadExport(s, deep, s.volume_mib(1024)),
        'dyad Async': lambda s: DyadPair(s, 'Async', deep, s.volume_mib(1024), sampled=True),
        'qsd alone': lambda s: FileExport(s, peers.Daemon, deep, s.volume_mib(1024)),
        'qemu background': lambda s: QemuPair(s, 'background', deep, s.volume_mib(1024), sampled=True)},
        [Bar('4k QD32 ops/s', 'dyad Async', 'dyad alone', .85), Bar('4k QD32 ops/s', 'qemu background', 'qsd alone', .85)], APART)


def _distance_rows():
    for rtt, loss in ((10, 0), (50, 0), (10, 1000)):
        far = lambda number, r=rtt, l=loss: (lambda: Network(rtt_ms=r, loss_ppm=l, number=number))
        where = f"RTT {rtt} ms, 1 Gbit/s{', 0.1 % loss' if loss else ''}"
        name = f"rtt{rtt}{'-loss' if loss else ''}"
        yield Row('sync-' + name, 'Sync, ' + where, {
            'dyad Sync': lambda s, n=far(0): DyadPair(s, 'Sync', ('4k QD32',), 1024, n),
            'qemu write-blocking': lambda s, n=far(1): QemuPair(s, 'write-blocking', ('4k QD32',), 1024, n)},
            [Bar('4k QD32 ops/s', 'dyad Sync', 'qemu write-blocking', 8.0 if rtt == 10 else 4.0)])
