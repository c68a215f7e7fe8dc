"""Dyad as its users run it: processes of ./dyad serve, the JSON-RPC API, volumes over NBD."""
import base64
import http.client
import json
import os
import re
import shutil
import ssl
import subprocess
import threading
import time

from . import machine
from .machine import BenchError, ROOT, digest, run, wait_for

API_PATH = '/json-rpc/12.5'
GUARANTEE = 'CRC32C on every block and frame, target durable'
LEAST_MIB = 1024
RESYNC = re.compile(r'resync (\d+) ([\w-]+): (\d+) blocks, (\d+) bytes\D.*?([0-9.]+) s')


class Cluster:
    """One process. In a network namespace its link is at the address given; API and NBD are always on loopback."""

    def __init__(self, name, medium, link, namespace=None, address='127.0.0.1', flags=()):
        self.name, self.namespace = name, namespace
        self.api, self.nbd, self.link_port = machine.port(), machine.port(), machine.port()
        self.connections = threading.local()
        self.data = f'{machine.folder(medium)}/{name}'
        self.log = self.data + '.log'
        shutil.rmtree(self.data, ignore_errors=True)
        self.process = machine.start([ROOT + '/dyad', 'serve', '--name', name, '--mvip', f'127.0.0.1:{self.api}', '--data', self.data,
                                      '--admin', 'bench:bench', '--nbd', f'127.0.0.1:{self.nbd}', '--link', link,
                                      '--link-address', f'{address}:{self.link_port}', *flags],
                                     self.log, namespace, stdout=subprocess.PIPE, text=True)

    def await_ready(self):
        if not self.process.stdout.readline().startswith('ready'):
            raise BenchError(f'cluster {self.name} did not start: {open(self.log).read()[-600:]}')
        self.call('AddAccount', username='bench')

    def call(self, method, **params):
        request = json.dumps({'method': method, 'params': params, 'id': 1})
        answer = json.loads(self._told(request) if self.namespace else self._told_over_a_kept_connection(request))
        if 'error' in answer:
            raise BenchError(f"{method}: {answer['error'].get('name')}: {answer['error'].get('message')}")
        return answer['result']

    def _told(self, request):
        return run(['curl', '-sk', '-m', '120', '-u', 'bench:bench', f'https://127.0.0.1:{self.api}{API_PATH}', '-d', request], self.namespace)

    def _told_over_a_kept_connection(self, request):
        """As the clients of operators do: a handshake for each request would be a good part of what a short resync takes."""
        kept = self.connections
        if not hasattr(kept, 'connection'):
            kept.connection = http.client.HTTPSConnection('127.0.0.1', self.api, timeout=120, context=ssl._create_unverified_context())
        for again in (True, False):
            try:
                kept.connection.request('POST', API_PATH, request, {'Authorization': 'Basic ' + base64.b64encode(b'bench:bench').decode()})
                return kept.connection.getresponse().read()
            except (http.client.RemoteDisconnected, ConnectionError, ssl.SSLError):    # the server has ended an idle connection
                kept.connection.close()
                if not again:
                    raise

    def create(self, mib):
        """A volume of so many MiB, or of the least the API allows."""
        return self.call('CreateVolume', name='bench', accountID=1, totalSize=max(mib, LEAST_MIB) << 20, enable512e=False)['volumeID']

    def uri(self, volume):
        return f'nbd://127.0.0.1:{self.nbd}/{volume}'

    def fill(self, volume, path):
        run(['nbdcopy', '--flush', path, self.uri(volume)], self.namespace)

    def digest(self, volume):
        self.call('ModifyVolume', volumeID=volume, access='readOnly')
        return digest(['nbdcopy', self.uri(volume), '-'], self.namespace)

    def delete(self, volume):
        self.call('DeleteVolume', volumeID=volume)
        self.call('PurgeDeletedVolume', volumeID=volume)

    def delay_seconds(self, volume):
        """The lag as the API tells it."""
        told = self.call('GetVolumeStats', volumeID=volume)['volumeStats']['asyncDelay']
        if told is None:
            return None
        hours, minutes, seconds = told.split(':')
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)

    def stop(self):
        machine.stop(self.process)
        shutil.rmtree(self.data, ignore_errors=True)


class Pair:
    """Two paired clusters, east and west; blocks go from east to west."""

    def __init__(self, medium, link, tag='', network=None, flags=()):
        near, far = (network.near, network.far) if network else ((None, '127.0.0.1'), (None, '127.0.0.1'))
        self.east = Cluster('east' + tag, medium, link, *near, flags=flags)
        self.west = Cluster('west' + tag, medium, link, *far, flags=flags)
        self.guarantee = f"{'TLS 1.3' if link == 'tls' else 'clear link, authenticated'}, {GUARANTEE}"
        for cluster in (self.east, self.west):
            cluster.await_ready()
        self.west.call('CompleteClusterPairing', clusterPairingKey=self.east.call('StartClusterPairing')['clusterPairingKey'])
        self.processes = [self.east.process, self.west.process]

    def volumes(self, mib, image=None):
        """A volume at each end, the source filled; not paired yet."""
        source, target = self.east.create(mib), self.west.create(mib)
        if image:
            self.east.fill(source, image)
        self.west.call('ModifyVolume', volumeID=target, access='replicationTarget')
        return source, target

    def mirror(self, source, target, mode='Async'):
        """Pairs them and returns the seconds until the target holds everything durably, and the payload sent."""
        key = self.east.call('StartVolumePairing', volumeID=source, mode=mode)['volumePairingKey']
        return self.resync(source, lambda: self.west.call('CompleteVolumePairing', volumeID=target, volumePairingKey=key))

    def resync(self, source, begin, limit=1800):
        """Does what begins a resync; returns the seconds from there until it is complete, and the payload bytes."""
        seen = os.path.getsize(self.east.log)
        began = time.monotonic()
        begin()
        with open(self.east.log) as log:
            log.seek(seen)
            text = ['']

            def told():
                text[0] += log.read()
                return next((m for m in RESYNC.finditer(text[0]) if int(m[1]) == source), None)
            line = wait_for(f'resync of volume {source} ({self.east.log})', told, limit, .003)
        return time.monotonic() - began, int(line[4])

    def await_active(self, source, limit=600):
        def active():
            pairs = self.east.call('ListVolumes', volumeIDs=[source])['volumes'][0]['volumePairs']
            return pairs and pairs[0]['remoteReplication']['state'] == 'Active'
        wait_for(f'volume {source} Active', active, limit, .05)

    def pause(self, source, paused):
        self.east.call('ModifyVolumePair', volumeID=source, pausedManual=paused)

    def sent_bytes(self):
        """What the source has sent over its link's connections, TLS and headers included, as the kernel counts it."""
        return sent_bytes(f'sport = :{self.east.link_port}', self.east.namespace)

    def digests(self, source, target):
        """Both ends as a host reads them. Making the source read-only drains what is on its way."""
        self.await_active(source)
        return self.east.digest(source), self.west.digest(target)

    def forget(self, source, target):
        self.east.call('RemoveVolumePair', volumeID=source)
        self.west.call('RemoveVolumePair', volumeID=target)
        self.east.delete(source)
        self.west.delete(target)

    def stop(self):
        machine.stop(*self.processes)
        self.east.stop()
        self.west.stop()


def own_java(module, name, setting):
    """Compiles a module's tests, whose mains measure what no client can; returns the java and the class path that a served cluster runs with."""
    run(['mvn', '-q', '-B', '-pl', module, '-am', 'test-compile'], cwd=ROOT)
    probe = Cluster(name, setting.medium, setting.link)
    probe.await_ready()
    java = os.readlink(f'/proc/{probe.process.pid}/exe')
    words = open(f'/proc/{probe.process.pid}/cmdline').read().split('\0')
    probe.stop()
    return java, words[words.index('-cp') + 1]


def sent_bytes(filter_words, namespace=None):
    told = run(['ss', '-Htin', *filter_words.split()], namespace)
    return sum(int(n) for n in re.findall(r'bytes_sent:(\d+)', told))
