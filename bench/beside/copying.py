"""Rows of whole volumes: the first sync, its share when little is allocated, and over an emulated link."""
import os

from . import data, dyad, machine, peers
from .link import Network
from .row import APART, EVERY, Bar, Contender, Row, warmed

WIRE_MB = 125 * 8960 / 9014        # 1 Gbit/s less the headers of IP and TCP at an MTU of 9000


class Source:
    """The image all contenders of a row copy, made by the first that asks."""
    made = {}

    @classmethod
    def image(cls, setting, kind, mib):
        path = setting.path(f'{kind}.raw')
        if cls.made.get(path) != (kind, mib) or not os.path.exists(path):
            data.image(path, kind, mib)
            cls.made[path] = (kind, mib)
        return path


def allocated(path):
    return os.stat(path).st_blocks * 512


class DyadSync(Contender):
    """A new pair of volumes each round; the seconds run from the call that pairs them until the target is durable."""

    def __init__(self, setting, kind, mib, network=None, per='GB/s', tag=''):
        self.setting, self.mib, self.per = setting, mib, per
        self.path = Source.image(setting, kind, mib)
        self.network = network() if network else None
        self.pair = dyad.Pair(setting.medium, setting.link, tag, self.network)
        self.guarantee = self.pair.guarantee
        warmed(self.pair.processes, lambda: self._once(False)['GB/s'])

    def measure(self, number):
        return self._once(True)

    def _once(self, compared):
        source, target = self.pair.volumes(self.mib, self.path)
        machine.touch_memory(self.mib)
        cpu, sent = machine.cpu_seconds(self.pair.processes), self.pair.sent_bytes()
        seconds, payload = self.pair.mirror(source, target)
        cpu = machine.cpu_seconds(self.pair.processes) - cpu
        sent = self.pair.sent_bytes() - sent
        found = sample(self.per, allocated(self.path), seconds, cpu, machine.peak_mib(self.pair.processes))
        found['sent ÷ data'] = sent / allocated(self.path)
        if compared:
            found['digests'] = self.pair.digests(source, target)
        else:
            self.pair.await_active(source)
        self.pair.forget(source, target)
        return found

    def stop(self):
        self.pair.stop()
        if self.network:
            self.network.stop()


def sample(per, held, seconds, cpu, peak):
    """{@code held}: bytes that hold data. A whole sync's figure is GB a second; else also seconds, or multiples of the wire."""
    found = {'GB/s': held / seconds / 1e9, 'CPU s/GB': cpu / (held / 1e9)}
    if peak:
        found['memory MiB'] = peak
    if per == 's':
        found['time s'] = seconds
    if per == 'wire':
        found['× wire'] = held / 1e6 / seconds / WIRE_MB
    return found


class Copy(Contender):
    """nbdcopy from the image to a fresh file that nbdkit or qemu-storage-daemon exports."""

    def __init__(self, setting, server, kind, mib, network=None, per='GB/s'):
        self.setting, self.server, self.per, self.mib = setting, server, per, mib
        self.path, self.target = Source.image(setting, kind, mib), setting.path('target.raw')
        self.network = network() if network else None
        self.guarantee = f"{'TLS' if setting.link == 'tls' else 'clear'}, {peers.COPY}"

    def measure(self, number):
        near, (namespace, address) = (self.network.near, self.network.far) if self.network else ((None, ''), (None, '127.0.0.1'))
        data.empty(self.target, self.mib)
        server = self.server(self.target, address, namespace, self.setting.link == 'tls')
        machine.touch_memory(self.mib)
        try:
            seconds, cpu = peers.copy(self.path, server, near[0])
        finally:
            server.stop()
        return sample(self.per, allocated(self.path), seconds, cpu, 0) | {'digests': both(self.path, self.target)}

    def stop(self):
        if self.network:
            self.network.stop()
        for path in (self.target, self.target + '.log'):
            if os.path.exists(path):
                os.unlink(path)


class MirrorSync(Contender):
    """qemu's mirror of the whole image to a fresh file."""

    def __init__(self, setting, kind, mib):
        self.setting, self.mib, self.path = setting, mib, Source.image(setting, kind, mib)
        self.target = setting.path('mirror.raw')
        self.guarantee = f"{'TLS' if setting.link == 'tls' else 'clear'}, {peers.MIRROR_ASYNC}"

    def measure(self, number):
        data.empty(self.target, self.mib)
        machine.touch_memory(self.mib)
        mirror = peers.Mirror(self.path, self.target, 'background', self.setting.link, sync='full')
        try:
            cpu, peak = machine.cpu_seconds(mirror.processes), machine.peak_mib(mirror.processes)
            return sample('GB/s', allocated(self.path), mirror.ready_seconds, cpu, peak) | {'digests': mirror.digests()}
        finally:
            mirror.stop()

    def stop(self):
        if os.path.exists(self.target):
            os.unlink(self.target)


class Convert(Contender):
    """qemu-img convert, which skips holes."""

    def __init__(self, setting, kind, mib):
        self.setting, self.mib, self.path, self.target = setting, mib, Source.image(setting, kind, mib), setting.path('convert.raw')
        self.guarantee = f"{'TLS' if setting.link == 'tls' else 'clear'}, no checksum, not flushed"

    def measure(self, number):
        data.empty(self.target, self.mib)
        daemon = peers.Daemon(self.target)
        machine.touch_memory(self.mib)
        try:
            cpu, children, began = machine.cpu_seconds([daemon.process]), os.times(), os.times().elapsed
            machine.run(['qemu-img', 'convert', '-n', '--target-is-zero', '-W', '-m', '16', '-f', 'raw', '-O', 'raw', self.path, daemon.uri])
            after = os.times()
            own = after.children_user + after.children_system - children.children_user - children.children_system
            found = sample('s', allocated(self.path), after.elapsed - began, own + machine.cpu_seconds([daemon.process]) - cpu, 0)
        finally:
            daemon.stop()
        return found | {'digests': both(self.path, self.target)}


def both(source, target):
    return machine.digest(['cat', source]), machine.digest(['cat', target])


def rows():
    whole = lambda server: lambda s: Copy(s, server, 'random', s.mib(2048))
    yield Row('full-sync', 'full sync of random data; fresh targets on both sides', {
        'dyad': lambda s: DyadSync(s, 'random', s.mib(2048)),
        'nbdcopy→nbdkit': whole(peers.Nbdkit), 'nbdcopy→qsd': whole(peers.Daemon),
        'qemu mirror': lambda s: MirrorSync(s, 'random', s.mib(2048))},
        [Bar('GB/s', 'dyad', 'nbdcopy→nbdkit', 1.0), Bar('GB/s', 'dyad', 'nbdcopy→qsd', 1.8), Bar('GB/s', 'dyad', 'qemu mirror', 3.0)], APART)
    yield Row('quarter-sync', 'first sync where a quarter is allocated, beside the whole', {
        'dyad 25 %': lambda s: DyadSync(s, 'quarter', s.mib(2048), per='s', tag='25'),
        'dyad whole': lambda s: DyadSync(s, 'random', s.mib(2048), per='s', tag='100'),
        'qemu-img convert 25 %': lambda s: Convert(s, 'quarter', s.mib(2048))},
        [Bar('time s', 'dyad 25 %', 'dyad whole', at_most=.27)], EVERY[:2])
    yield from _link_rows()


def _link_rows():
    network = lambda: Network(rtt_ms=.2)
    for kind, bar, mib in (('random', .85, 256), ('compressible', 1.9, 512), ('duplicates', 3.5, 512), ('quarter', .85, 512)):
        yield Row('wire-' + kind, f'first sync over an emulated link of 1 Gbit/s: {data.KINDS[kind]}', {
            'dyad': lambda s, k=kind, m=mib: DyadSync(s, k, m, network, 'wire'),
            'nbdcopy→nbdkit': lambda s, k=kind, m=mib: Copy(s, peers.Nbdkit, k, m, lambda: Network(rtt_ms=.2, number=1), 'wire')},
            [Bar('× wire', 'dyad', at_least=bar)], (('clear', 'tmpfs'), ('tls', 'tmpfs')))
