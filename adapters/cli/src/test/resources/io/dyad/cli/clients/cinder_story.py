"""OpenStack cinder's own SolidFire driver against two live clusters, data checked over NBD after each step.

cinder_story.py MODE HOME_API HOME_NBD AWAY_API AWAY_NBD LOGIN    (addresses as IP:PORT, LOGIN as USER:PASSWORD)

Nothing of HTTP is faked: only what cinder's manager would hand to the driver, that is volumes, their types and the configuration.
"""
import datetime
import subprocess
import sys
import tempfile
import time
from unittest import mock

from oslo_config import cfg

from cinder import context
from cinder import coordination
from cinder.volume import configuration
from cinder.volume.drivers import solidfire

MODE, HOME_API, HOME_NBD, AWAY_API, AWAY_NBD, LOGIN = sys.argv[1:]
USER, PASSWORD = LOGIN.split(':')
VOLUME = '262b9ce2-a71a-4fbe-830c-c20c5596caea'
SNAPSHOT = '0b29f6b6-5a2f-4f1c-a9c1-3b1dcf4d8f01'
COPY = '7d0b6f2c-1a8e-4cf0-9f60-5c3f1f6c2e11'
TYPES = {'replicated': {'replication_enabled': '<is> True', 'solidfire:replication_mode': MODE}, 'plain': {}}
PATIENCE_SECONDS = 60
MIB = 1 << 20


class Record(dict):
    """Read as the manager's objects are: by name, by key, with get."""

    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


def volume(uuid, **more):
    return Record(id=uuid, project_id='shop', size=1, volume_type_id='replicated', volume_metadata=[], display_name='db',
                  created_at=datetime.datetime(2026, 1, 1), provider_id=None, status='available', migration_status=None,
                  multiattach=False, **more)


def configured():
    group = configuration.SHARED_CONF_GROUP
    conf = configuration.Configuration(solidfire.sf_opts, config_group=group)
    solidfire.san.CONF.register_opts(solidfire.san.san_opts, group=group)
    home_ip, home_port = HOME_API.split(':')
    away_ip, away_port = AWAY_API.split(':')
    for name, value in {'san_ip': home_ip, 'san_login': USER, 'san_password': PASSWORD, 'sf_api_port': int(home_port),
                        'replication_device': [{'backend_id': 'away', 'mvip': away_ip, 'login': USER, 'password': PASSWORD,
                                                'port': away_port}]}.items():
        cfg.CONF.set_override(name, value, group=group)
    scratch = tempfile.mkdtemp(prefix='cinder-')
    cfg.CONF.set_override('lock_path', scratch, group='oslo_concurrency')
    cfg.CONF.set_override('backend_url', 'file://' + scratch, group='coordination')
    coordination.COORDINATOR.start()
    return conf


def until(what, met):
    give_up = time.monotonic() + PATIENCE_SECONDS
    while True:
        answer = met()
        if answer:
            return answer
        if time.monotonic() > give_up:
            raise AssertionError('not within a minute: ' + what)
        time.sleep(0.1)


def qemu_io(nbd, export, *commands, read_only=False):
    words = ['qemu-io', '-f', 'raw'] + (['-r'] if read_only else [])
    for command in commands:
        words += ['-c', command]
    done = subprocess.run(words + ['nbd://%s/%s' % (nbd, export)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    return done.returncode == 0 and 'failed' not in done.stdout, done.stdout


def write(nbd, number, pattern, offset):
    ok, said = qemu_io(nbd, number, 'write -P %d %d 64k' % (pattern, offset), 'flush')
    assert ok, said


def holds(nbd, export, pattern, offset):
    return qemu_io(nbd, export, 'read -P %d %d 64k' % (pattern, offset), read_only=True)[0]


def arrived(nbd, export, pattern, offset):
    until('%s holds %d at %d' % (export, pattern, offset), lambda: holds(nbd, export, pattern, offset))


class Story:
    def __init__(self):
        with mock.patch.object(solidfire.volume_types, 'get_volume_type', lambda ctxt, of: {'extra_specs': TYPES[of], 'qos_specs_id': None}):
            self.context = context.get_admin_context()
            self.driver = solidfire.SolidFireDriver(configuration=configured())
            self.volume = volume(VOLUME)
            self.snapshot = Record(id=SNAPSHOT, project_id='shop', volume_id=VOLUME, volume=self.volume)
            for step in (self.statistics, self.create, self.take_snapshot, self.revert, self.extend, self.clone, self.fail_over, self.fail_back,
                         self.disable, self.delete):
                step()
                print('done:', step.__name__, flush=True)

    def ask(self, method, params, cluster=None):
        return self.driver._issue_api_request(method, params, version='8.0', endpoint=cluster)['result']

    def away(self):
        return self.driver.cluster_pairs[0]['endpoint']

    def number(self):
        return int(self.volume['provider_id'].split()[0])

    def shown(self):
        return self.ask('ListVolumes', {'volumeIDs': [self.number()]})['volumes'][0]

    def mirrored(self):
        pair = until('the pair is Active', lambda: next((p for p in self.shown()['volumePairs'] if p['remoteReplication']['state'] == 'Active'), None))
        return pair['remoteVolumeID']

    def statistics(self):
        stats = self.driver.get_volume_stats(refresh=True)
        assert stats['replication'] == 'enabled' and stats['free_capacity_gb'] > 0, stats

    def create(self):
        updates = self.driver.create_volume(self.volume)
        assert updates['replication_status'] == 'enabled', updates
        self.volume.update(updates)
        self.remote = self.mirrored()
        assert self.shown()['volumePairs'][0]['remoteReplication']['mode'] == MODE
        write(HOME_NBD, self.number(), 1, 0)
        arrived(AWAY_NBD, '%d@now' % self.remote, 1, 0)

    def take_snapshot(self):
        self.snapshot.update(self.driver.create_snapshot(self.snapshot))
        write(HOME_NBD, self.number(), 2, 0)
        name = 'UUID-' + SNAPSHOT
        there = until('the snapshot is away', lambda: next((s for s in self.ask('ListSnapshots', {'volumeID': self.remote}, self.away())['snapshots']
                                                            if s['name'] == name and s['status'] == 'done'), None))
        arrived(AWAY_NBD, '%d@now' % self.remote, 2, 0)
        assert holds(AWAY_NBD, '%d@%d' % (self.remote, there['snapshotID']), 1, 0)

    def revert(self):
        self.driver.revert_to_snapshot(self.context, self.volume, self.snapshot)
        arrived(HOME_NBD, self.number(), 1, 0)
        arrived(AWAY_NBD, '%d@now' % self.remote, 1, 0)

    def extend(self):
        self.driver.extend_volume(self.volume, 2)
        self.volume['size'] = 2
        self.mirrored()
        write(HOME_NBD, self.number(), 3, 1536 * MIB)
        arrived(AWAY_NBD, '%d@now' % self.remote, 3, 1536 * MIB)

    def clone(self):
        copy = volume(COPY)
        copy['volume_type_id'] = 'plain'
        copy['size'] = 2
        copy.update(self.driver.create_volume_from_snapshot(copy, self.snapshot))
        arrived(HOME_NBD, copy['provider_id'].split()[0], 1, 0)
        self.driver.delete_volume(copy)

    def switch(self, to):
        active, updates, _ = self.driver.failover_host(self.context, [self.volume], to)
        assert len(updates) == 1 and updates[0]['volume_id'] == VOLUME, updates
        self.volume.update(updates[0]['updates'])
        return active

    def fail_over(self):
        home = self.number()
        assert self.switch('away') == 'away'
        assert self.volume['replication_status'] == 'failed-over', self.volume
        assert self.number() == self.remote
        assert self.mirrored() == home
        assert holds(AWAY_NBD, self.number(), 1, 0)
        write(AWAY_NBD, self.number(), 4, MIB)
        arrived(HOME_NBD, '%d@now' % home, 4, MIB)

    def fail_back(self):
        assert self.switch('default') == ''
        assert self.volume['replication_status'] == 'enabled', self.volume
        assert self.mirrored() == self.remote
        assert holds(HOME_NBD, self.number(), 4, MIB)
        write(HOME_NBD, self.number(), 5, MIB)
        arrived(AWAY_NBD, '%d@now' % self.remote, 5, MIB)

    def disable(self):
        done, updates = self.driver.retype(self.context, self.volume, {'id': 'plain'}, {}, {})
        assert done and updates['replication_status'] == 'disabled', updates
        self.volume['volume_type_id'] = 'plain'
        assert self.shown()['volumePairs'] == []
        assert self.ask('ListVolumes', {'volumeIDs': [self.remote]}, self.away())['volumes'] == []
        assert not qemu_io(AWAY_NBD, '%d@now' % self.remote, 'read 0 4k', read_only=True)[0]
        assert holds(HOME_NBD, self.number(), 5, MIB)

    def delete(self):
        self.driver.delete_snapshot(self.snapshot)
        assert self.ask('ListSnapshots', {})['snapshots'] == []
        self.driver.delete_volume(self.volume)
        assert self.ask('ListVolumes', {})['volumes'] == []
        assert not qemu_io(HOME_NBD, self.number(), 'read 0 4k', read_only=True)[0]


Story()
