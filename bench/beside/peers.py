"""What users would pick instead: qemu-storage-daemon (NBD export, mirror), nbdkit, nbdcopy."""
import json
import os
import socket
import time

from . import machine
from .dyad import sent_bytes
from .machine import BenchError, digest, run, wait_for

MIRROR_SYNC = 'write-blocking mirror, no checksum, no FLUSH to the target'
MIRROR_ASYNC = 'background mirror, unordered, no checksum, target not flushed'
COPY = 'no checksum, flushed at the end'


def certificates():
    """Keys of a CA, a server and a client, made once; the folder that gnutls programs expect."""
    folder = machine.folder('disk') + '/pki'
    if os.path.exists(folder + '/client-cert.pem'):
        return folder
    os.makedirs(folder, exist_ok=True)
    openssl = lambda words: run(['openssl', *words.split()], cwd=folder)
    openssl('req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 -subj /CN=bench -keyout ca-key.pem -out ca-cert.pem')
    for role in ('server', 'client'):
        openssl(f'req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN={role} -keyout {role}-key.pem -out {role}.csr')
        with open(f'{folder}/{role}.ext', 'w') as extensions:
            extensions.write('subjectAltName=DNS:localhost,IP:127.0.0.1,IP:198.18.7.2,IP:198.18.8.2\n')
        openssl(f'x509 -req -in {role}.csr -CA ca-cert.pem -CAkey ca-key.pem -CAcreateserial -days 3650 -extfile {role}.ext -out {role}-cert.pem')
    return folder


def uri(port, address='127.0.0.1', tls=False, export=''):
    if tls:
        return f'nbds://{address}:{port}/{export}?tls-certificates={certificates()}'
    return f'nbd://{address}:{port}/{export}'


class Qmp:
    """The control socket of a storage daemon."""

    def __init__(self, path):
        def connect():
            try:
                end = socket.socket(socket.AF_UNIX)
                end.connect(path)
                return end
            except OSError:
                return None
        self.socket = wait_for('storage daemon ' + path, connect)
        self.lines, self.events = self.socket.makefile('r'), []
        self.lines.readline()
        self.call('qmp_capabilities')

    def call(self, command, **arguments):
        self.socket.sendall((json.dumps({'execute': command, **({'arguments': arguments} if arguments else {})}) + '\n').encode())
        while True:
            told = json.loads(self.lines.readline())
            if 'event' in told:
                self.events.append(told)
            elif 'error' in told:
                raise BenchError(f"{command}: {told['error']}")
            else:
                return told['return']

    def await_event(self, name):
        while True:
            for event in self.events:
                if event['event'] == 'BLOCK_JOB_ERROR':
                    raise BenchError(str(event))
                if event['event'] == name:
                    self.events.remove(event)
                    return
            self.events.append(json.loads(self.lines.readline()))


class Daemon:
    """A qemu-storage-daemon that exports one raw file under the name vol."""

    def __init__(self, path, address='127.0.0.1', namespace=None, tls=False):
        self.path, self.address, self.namespace, self.tls, self.port = path, address, namespace, tls, machine.port()
        control = f"{machine.folder('disk')}/qmp-{self.port}"
        server = f'addr.type=inet,addr.host={address},addr.port={self.port},max-connections=0'
        keys = [f'tls-creds-x509,id=server,endpoint=server,dir={certificates()},verify-peer=off',
                f'tls-creds-x509,id=client,endpoint=client,dir={certificates()}']
        self.process = machine.start(
            ['qemu-storage-daemon', *(word for key in keys for word in ('--object', key)),
             '--blockdev', f'driver=file,node-name=f0,filename={path},discard=unmap',
             '--nbd-server', server + (',tls-creds=server' if tls else ''), '--export', 'type=nbd,id=e0,node-name=f0,name=vol,writable=on',
             '--chardev', f'socket,path={control},server=on,wait=off,id=c', '--monitor', 'chardev=c'], path + '.log', namespace)
        self.qmp = Qmp(control)
        self.uri = uri(self.port, address, tls, 'vol')

    def mirror(self, target, mode, sync, granularity=None):
        """Starts mirroring to another daemon and returns the seconds until it is ready."""
        node = {'driver': 'nbd', 'node-name': 'remote', 'export': 'vol', 'server': {'type': 'inet', 'host': target.address, 'port': str(target.port)}}
        if target.tls:
            node['tls-creds'] = 'client'
        self.qmp.call('blockdev-add', **node)
        job = {'job-id': 'm', 'device': 'f0', 'target': 'remote', 'sync': sync, 'copy-mode': mode}
        if granularity:
            job['granularity'] = granularity
        began = time.monotonic()
        self.qmp.call('blockdev-mirror', **job)
        self.qmp.await_event('BLOCK_JOB_READY')
        return time.monotonic() - began

    def job(self):
        return next(job for job in self.qmp.call('query-block-jobs') if job['device'] == 'm')

    def behind(self):
        job = self.job()
        return job['len'] - job['offset']

    def stop(self):
        machine.stop(self.process)


class Mirror:
    """Two storage daemons, one mirroring to the other."""

    def __init__(self, source, target, mode, link, sync='none', granularity=None, network=None):
        near, far = (network.near, network.far) if network else ((None, '127.0.0.1'), (None, '127.0.0.1'))
        self.guarantee = f"{'TLS' if link == 'tls' else 'clear'}, {MIRROR_SYNC if mode == 'write-blocking' else MIRROR_ASYNC}"
        self.target = Daemon(target, far[1], far[0], link == 'tls')
        self.source = Daemon(source, '127.0.0.1', near[0])
        self.processes = [self.source.process, self.target.process]
        self.ready_seconds = self.source.mirror(self.target, mode, sync, granularity)

    def drain(self, limit=600):
        """Waits until nothing is left to mirror."""
        wait_for('the mirror drained', lambda: self.source.behind() == 0, limit, .005)

    def sent_bytes(self):
        return sent_bytes(f'dport = :{self.target.port}', self.source.namespace)

    def stop(self):
        machine.stop(*self.processes)

    def digests(self):
        """Both files, once the daemons have ended."""
        self.drain()
        self.source.qmp.call('block-job-cancel', device='m')
        self.source.qmp.await_event('BLOCK_JOB_COMPLETED')
        self.stop()
        return digest(['cat', self.source.path]), digest(['cat', self.target.path])


class Nbdkit:
    """nbdkit that exports one raw file."""

    def __init__(self, path, address='127.0.0.1', namespace=None, tls=False):
        self.path, self.port = path, machine.port()
        secure = ['--tls=require', f'--tls-certificates={certificates()}'] if tls else []
        self.process = machine.start(['nbdkit', '-f', '-i', address, '-p', str(self.port), *secure, 'file', path], path + '.log', namespace)
        self.uri = uri(self.port, address, tls)
        self.namespace = namespace
        wait_for('nbdkit', self._listens)

    def _listens(self):
        return str(self.port) in run(['ss', '-Htln', f'sport = :{self.port}'], self.namespace)

    def stop(self):
        machine.stop(self.process)


def copy(source, server, namespace=None):
    """nbdcopy from a file to a running server; returns seconds, and processor seconds of both."""
    before = machine.cpu_seconds([server.process])
    children = os.times()
    began = time.monotonic()
    run(['nbdcopy', '--flush', '--destination-is-zero', source, server.uri], namespace)
    took = time.monotonic() - began
    after = os.times()
    own = after.children_user + after.children_system - children.children_user - children.children_system
    return took, own + machine.cpu_seconds([server.process]) - before
