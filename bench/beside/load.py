"""Hosts: fio over NBD, and what it tells."""
import json
import threading
import time

from .machine import BenchError, run

JOBS = {'4k QD1': '--rw=randwrite --bs=4k --iodepth=1', '4k QD32': '--rw=randwrite --bs=4k --iodepth=32', '1M QD4': '--rw=write --bs=1M --iodepth=4',
        '4k QD1 flush': '--rw=randwrite --bs=4k --iodepth=1 --fsync=1', '4k QD32 flush': '--rw=randwrite --bs=4k --iodepth=1 --fsync=1 --numjobs=32'}
FIO = ['fio', '--name=host', '--ioengine=nbd', '--output-format=json', '--group_reporting', '--refill_buffers', '--randrepeat=0']


def write(uri, job, mib, seconds, namespace=None):
    """Writes for so many seconds. Returns operations and MB a second, latencies in µs; a flush counts into its write's time."""
    told = _fio(['--uri=' + uri, f'--size={mib}M', '--norandommap', f'--runtime={seconds}', '--time_based', *JOBS[job].split()], namespace)
    written, synced = told['write'], told.get('sync', {}).get('lat_ns', {})
    points = {float(k): v / 1e3 for k, v in written['clat_ns'].get('percentile', {}).items()}
    if synced.get('percentile'):
        points = {k: points.get(k, 0) + synced['percentile'][f'{k:f}'] / 1e3 for k in points}
    return {'ops/s': written['iops'], 'MB/s': written['bw_bytes'] / 1e6, 'p50 µs': points.get(50.0, 0), 'p99 µs': points.get(99.0, 0), 'curve': points}


def scatter(uri, mib, blocks, seed, namespace=None):
    """Writes so many different blocks of 4 KiB at random places."""
    told = _fio(['--uri=' + uri, f'--size={mib}M', '--rw=randwrite', '--bs=4k', '--iodepth=32', '--random_generator=lfsr',
                 f'--randseed={seed}', f'--io_size={blocks * 4096}'], namespace)
    if told['write']['total_ios'] != blocks:
        raise BenchError(f"{told['write']['total_ios']} blocks were written, not {blocks}")
    return told['job_runtime'] / 1e3


def _fio(options, namespace):
    out = run(FIO + options, namespace)
    job = json.loads(out[out.find('{'):])['jobs'][0]
    if job.get('error'):
        raise BenchError(f"fio ended with error {job['error']}")
    return job


class Sampler(threading.Thread):
    """Asks the same question every half second, and keeps when and what."""

    def __init__(self, ask, every=0.5):
        super().__init__(daemon=True)
        self.ask, self.every, self.points, self.done, self.began = ask, every, [], threading.Event(), time.monotonic()

    def run(self):
        while not self.done.wait(self.every):
            value = self.ask()
            if value is not None:
                self.points.append((round(time.monotonic() - self.began, 2), value))

    def end(self):
        self.done.set()
        self.join()
        return self.points
