"""The row of the API: requests beside a bare handler of the same HTTP server."""
import re

from . import dyad, machine
from .machine import BenchError, ROOT
from .row import Bar, Contender, Row

READS, COMMANDS = ('ListVolumes', 'GetClusterInfo'), ('ModifyVolume',)


class Api(Contender):
    """The main of json-rpc's tests that runs server, bare handler and clients in one process, taking turns."""
    guarantee = 'TLS 1.3, every request authenticated, commands durable; the bare handler does neither'

    def __init__(self, setting):
        self.setting = setting
        self.java, served = dyad.own_java('adapters/json-rpc', 'api', setting)
        self.path = f'{ROOT}/adapters/json-rpc/target/test-classes:{served}'

    def measure(self, number):
        told = machine.run([self.java, '-cp', self.path, 'io.dyad.jsonrpc.ApiSpeed', self.setting.path(f'api{number}'), str(self.setting.seconds / 5)])
        found = {}
        for what, own, bare, ratio in re.findall(r'(\w+) dyad ([0-9.]+) bare ([0-9.]+) ratio ([0-9.]+)', told):
            found |= {f'{what} req/s': float(own), f'bare {what} req/s': float(bare), f'{what} ÷ bare': float(ratio)}
        after = re.search(r'after \d+ events ListVolumes ([0-9.]+) ModifyVolume ([0-9.]+)', told)
        ends = re.search(r'digests (\w+) (\w+)', told)
        if len(found) != 9 or not ends or not after:
            raise BenchError('ApiSpeed told something else: ' + told)
        return found | {'ListVolumes after 20,000 events ÷ before': float(after[1]), 'ModifyVolume after 20,000 events ÷ before': float(after[2]),
                        'digests': (ends[1], ends[2])}


def rows():
    yield Row('api', 'requests of the API beside a bare handler of its HTTP server, 1,000 volumes', {'dyad api': Api},
              [Bar(f'{what} ÷ bare', 'dyad api') for what in READS + COMMANDS]
              + [Bar(f'{what} after 20,000 events ÷ before', 'dyad api', at_least=.8) for what in ('ListVolumes', 'ModifyVolume')],
              (('clear', 'tmpfs'), ('clear', 'disk')))
