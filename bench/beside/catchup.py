"""Rows of catching up: the resync after a pause, and a host that writes faster than anything can ship."""
import random
import time

from . import data, dyad, load, machine, peers
from .link import Network
from .row import APART, Bar, Contender, Row, warmed

BLOCK = 4096


class DyadCatchUp(Contender):
    """A pair in sync; each round pauses it, dirties blocks, and times from the resume until the target is durable."""

    def __init__(self, setting, mib, percents):
        self.setting, self.mib, self.percents = setting, mib, percents
        image = setting.path('pair.raw')
        data.image(image, 'random', mib)
        self.pair = dyad.Pair(setting.medium, setting.link)
        self.guarantee = self.pair.guarantee + ', target consistent throughout'
        self.volumes = self.pair.volumes(mib, image)
        self.pair.mirror(*self.volumes)
        self.pair.await_active(self.volumes[0])
        warmed(self.pair.processes, lambda: 1 / self._resync(1)['1 % time s'])

    def _resync(self, percent):
        source = self.volumes[0]
        blocks = self.mib * 256 * percent // 100
        self.pair.pause(source, True)
        load.scatter(self.pair.east.uri(source), self.mib, blocks, random.randrange(1 << 30))
        sent = self.pair.sent_bytes()           # of the control link; the pipe's connection has ended and a new one begins at 0
        seconds, _ = self.pair.resync(source, lambda: self.pair.pause(source, False))
        self.pair.await_active(source)
        return {f'{percent} % time s': seconds, f'{percent} % sent ÷ dirty': (self.pair.sent_bytes() - sent) / blocks / BLOCK}

    def measure(self, number):
        found = {}
        for percent in self.percents:
            found |= self._resync(percent)
        return found

    def digests(self):
        return self.pair.digests(*self.volumes)

    def stop(self):
        self.pair.stop()


class QemuCatchUp(Contender):
    """The same with a paused mirror job, whose bitmap of 4 KiB remembers."""

    def __init__(self, setting, mib, percents):
        self.setting, self.mib, self.percents = setting, mib, percents
        source, target = setting.path('mirrored.raw'), setting.path('mirror.raw')
        for path in (source, target):
            data.image(path, 'random', mib)
        self.mirror = peers.Mirror(source, target, 'background', setting.link, granularity=BLOCK)
        self.guarantee = self.mirror.guarantee + ', target inconsistent meanwhile'

    def measure(self, number):
        found, daemon = {}, self.mirror.source
        for percent in self.percents:
            blocks = self.mib * 256 * percent // 100
            daemon.qmp.call('block-job-pause', device='m')
            before = daemon.job()['offset']
            load.scatter(daemon.uri, self.mib, blocks, random.randrange(1 << 30))
            began = time.monotonic()
            daemon.qmp.call('block-job-resume', device='m')
            machine.wait_for('the mirror caught up', lambda: self._arrived(before, blocks), 600, .003)
            found[f'{percent} % time s'] = time.monotonic() - began
            found[f'{percent} % sent ÷ dirty'] = (daemon.job()['offset'] - before) / blocks / BLOCK
        return found

    def _arrived(self, before, blocks):
        job = self.mirror.source.job()
        return job['len'] == job['offset'] and job['offset'] - before >= blocks * BLOCK * .95

    def digests(self):
        return self.mirror.digests()

    def stop(self):
        self.mirror.stop()


class DyadSustained(Contender):
    """So many random blocks, each once, as fast as the host can; the seconds run until the target holds all of them durably."""

    def __init__(self, setting, mib, blocks, network=None):
        self.setting, self.mib, self.blocks = setting, mib, blocks
        self.network = network() if network else None
        self.pair = dyad.Pair(setting.medium, setting.link, '', self.network)
        self.guarantee = self.pair.guarantee + ', in write order'
        image = setting.path('pair.raw')
        data.image(image, 'random', mib)
        self.volumes = self.pair.volumes(mib, image)
        self.pair.mirror(*self.volumes)
        self.pair.await_active(self.volumes[0])
        warmed(self.pair.processes, lambda: self._write(self.blocks // 4)['MB/s'], 4)

    def _write(self, blocks):
        source, east = self.volumes[0], self.pair.east
        sent, began = self.pair.sent_bytes(), time.monotonic()
        sampler = load.Sampler(lambda: east.delay_seconds(source))
        sampler.start()
        host = load.scatter(east.uri(source), self.mib, blocks, random.randrange(1 << 30), east.namespace)
        self.pair.await_active(source)
        seconds = time.monotonic() - began
        return {'MB/s': blocks * BLOCK / seconds / 1e6, 'host s': host, 'sent ÷ dirty': (self.pair.sent_bytes() - sent) / blocks / BLOCK, 'lag': sampler.end()}

    def measure(self, number):
        return self._write(self.blocks)

    def digests(self):
        return self.pair.digests(*self.volumes)

    def stop(self):
        self.pair.stop()
        if self.network:
            self.network.stop()


class QemuSustained(Contender):
    """The same with qemu's background mirror."""

    def __init__(self, setting, mib, blocks, network=None):
        self.setting, self.mib, self.blocks = setting, mib, blocks
        self.network = network() if network else None
        source, target = setting.path('mirrored.raw'), setting.path('mirror.raw')
        for path in (source, target):
            data.image(path, 'random', mib)
        self.mirror = peers.Mirror(source, target, 'background', setting.link, granularity=BLOCK, network=self.network)
        self.guarantee = self.mirror.guarantee

    def measure(self, number):
        sent, began, source = self.mirror.sent_bytes(), time.monotonic(), self.mirror.source
        host = load.scatter(source.uri, self.mib, self.blocks, random.randrange(1 << 30), source.namespace)
        self.mirror.drain(1800)
        seconds = time.monotonic() - began
        return {'MB/s': self.blocks * BLOCK / seconds / 1e6, 'host s': host, 'sent ÷ dirty': (self.mirror.sent_bytes() - sent) / self.blocks / BLOCK}

    def digests(self):
        return self.mirror.digests()

    def stop(self):
        self.mirror.stop()
        if self.network:
            self.network.stop()


def rows():
    yield Row('resync', 'resync after a pause, scattered blocks of 4 KiB', {
        'dyad': lambda s: DyadCatchUp(s, s.volume_mib(4096), (1, 10)),
        'qemu bitmap': lambda s: QemuCatchUp(s, s.volume_mib(4096), (1, 10))},
        [Bar('1 % time s', 'dyad', 'qemu bitmap', 8), Bar('10 % time s', 'dyad', 'qemu bitmap', 8),
         Bar('1 % sent ÷ dirty', 'dyad', at_most=1.05), Bar('10 % sent ÷ dirty', 'dyad', at_most=1.05)], APART)
    yield Row('async-sustained', 'Async, random blocks of 4 KiB until all have arrived', {
        'dyad Async': lambda s: DyadSustained(s, s.volume_mib(2048), s.mib(2048) * 64),
        'qemu background': lambda s: QemuSustained(s, s.volume_mib(2048), s.mib(2048) * 64)},
        [Bar('MB/s', 'dyad Async', 'qemu background', 4), Bar('sent ÷ dirty', 'dyad Async', at_most=1.05)], APART)
    for rtt, loss in ((10, 0), (50, 0), (10, 1000)):
        far = lambda number, r=rtt, l=loss: (lambda: Network(rtt_ms=r, loss_ppm=l, number=number))
        name = f"async-rtt{rtt}{'-loss' if loss else ''}"
        yield Row(name, f"Async, random blocks of 4 KiB, RTT {rtt} ms, 1 Gbit/s{', 0.1 % loss' if loss else ''}; qemu writes a hundredth of the blocks", {
            'dyad Async': lambda s, n=far(0): DyadSustained(s, 1024, s.mib(1024) * 64, n),
            'qemu background': lambda s, n=far(1): QemuSustained(s, 1024, s.mib(1024) * 64 // 100, n)},
            [Bar('MB/s', 'dyad Async', 'qemu background', 50), Bar('MB/s', 'dyad Async', at_least=.85 * 124)])
