"""An emulated link: two network namespaces joined by link.c, with a rate, a delay and a loss of its own. Needs root."""
import os
import subprocess

from . import machine
from .machine import BenchError, run, wait_for

MTU = 9000
QUEUE_KIB = 4096


class Network:
    """near and far: a namespace and its address each. The number tells networks that are up at the same time apart."""

    def __init__(self, rtt_ms, mbit=1000, loss_ppm=0, number=0):
        if os.geteuid() or not os.path.exists('/dev/net/tun'):
            raise BenchError('an emulated link needs root and /dev/net/tun')
        names = [f'dyad-bench-{end}{number}' for end in 'ab']
        addresses = [f'198.18.{7 + number}.{end}' for end in (1, 2)]
        self.near, self.far = zip(names, addresses)
        for name in names:
            subprocess.run(['ip', 'netns', 'del', name], capture_output=True)
            run(['ip', 'netns', 'add', name])
            run(['ip', '-n', name, 'link', 'set', 'lo', 'up'])
        self.log = machine.folder('disk') + f'/link{number}.log'
        self.process = machine.start([_program(), *names, str(int(rtt_ms * 500)), str(mbit), str(loss_ppm), str(QUEUE_KIB)], self.log)
        wait_for('the emulated link', lambda: 'ready' in open(self.log).read())
        for name, address in zip(names, addresses):
            run(['ip', '-n', name, 'addr', 'add', address + '/30', 'dev', 'link'])
            run(['ip', '-n', name, 'link', 'set', 'dev', 'link', 'mtu', str(MTU), 'txqueuelen', '2000', 'up'])

    def stop(self):
        machine.stop(self.process)
        for name in (self.near[0], self.far[0]):
            subprocess.run(['ip', 'netns', 'del', name], capture_output=True)


def _program():
    source, binary = machine.ROOT + '/bench/link.c', machine.folder('disk') + '/link'
    if not os.path.exists(binary) or os.path.getmtime(binary) < os.path.getmtime(source):
        run(['gcc', '-O2', '-Wall', '-Wextra', '-Werror', '-o', binary, source])
    return binary
