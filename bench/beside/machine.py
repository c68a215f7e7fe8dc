"""The machine under the benchmark: what must be installed, where files go, processes we started, what they cost."""
import atexit
import datetime
import os
import platform
import shutil
import signal
import socket
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FOLDERS = {'tmpfs': os.path.join(os.environ.get('BENCH_TMPFS', '/dev/shm'), 'dyad-bench'),
           'disk': os.environ.get('BENCH_DISK', os.path.expanduser('~/.cache/dyad-bench'))}
PROGRAMS = {'qemu-storage-daemon': 'qemu-system-common', 'qemu-img': 'qemu-utils', 'nbdcopy': 'libnbd-bin', 'nbdkit': 'nbdkit', 'fio': 'fio',
            'openssl': 'openssl', 'curl': 'curl', 'ss': 'iproute2', 'ip': 'iproute2', 'gcc': 'gcc', 'mvn': 'maven'}
MODULES = {'numpy': 'python3-numpy', 'matplotlib': 'python3-matplotlib'}
FIRST_PORT = int(os.environ.get('BENCH_PORT', '12600'))

_running = []
_next_port = [FIRST_PORT]


class BenchError(Exception):
    """Something that makes a row worthless; its text says what."""


def missing_packages():
    """Debian packages to install before anything can be measured."""
    missing = {package for program, package in PROGRAMS.items() if not shutil.which(program)}
    for module, package in MODULES.items():
        try:
            __import__(module)
        except ImportError:
            missing.add(package)
    return sorted(missing)


def describe():
    """What a reader must know of the machine to judge the figures."""
    model = next((line.split(':', 1)[1].strip() for line in open('/proc/cpuinfo') if line.startswith('model name')), platform.machine())
    memory = memory_mib('MemTotal') // 1024
    version = lambda *command: subprocess.run(command, capture_output=True, text=True).stdout.splitlines()[0]
    return {'cpu': f'{os.cpu_count()} × {model}', 'memory': f'{memory} GiB', 'kernel': platform.release(),
            'peers': ', '.join((version('qemu-storage-daemon', '--version').split('(')[0].strip(), version('nbdkit', '--version'),
                                version('nbdcopy', '--version'), version('fio', '--version')))}


def commit():
    """What was measured; results and pages that rows before have written do not make it another."""
    git = lambda *words: subprocess.run(['git', '-C', ROOT, *words], capture_output=True, text=True).stdout.strip()
    changed = git('status', '--porcelain', '--', '.', ':!bench/results', ':!docs')
    return (git('describe', '--always') or 'unknown') + ('-dirty' if changed else '')


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d %H:%M UTC')


def load():
    return os.getloadavg()[0]


def port():
    """A free port of loopback, each a different one until a hundred are used up."""
    for _ in range(100):
        candidate = _next_port[0]
        _next_port[0] = FIRST_PORT + (candidate + 1 - FIRST_PORT) % 100
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(('127.0.0.1', candidate))
                return candidate
            except OSError:
                continue
    raise BenchError(f'no free port from {FIRST_PORT} on: set BENCH_PORT')


def folder(medium):
    os.makedirs(FOLDERS[medium], exist_ok=True)
    return FOLDERS[medium]


def sweep():
    """Away with what a run that was ended has left in memory."""
    shutil.rmtree(folder('tmpfs'), ignore_errors=True)


def within(namespace, command):
    """The command, to be run in a network namespace, or as it is."""
    return ['ip', 'netns', 'exec', namespace, *command] if namespace else list(command)


def start(command, log, namespace=None, **more):
    """Starts a process that is ours to end; what it says on standard error goes to the file."""
    with open(log, 'w') as errors:
        process = subprocess.Popen(within(namespace, command), stderr=errors, **{'stdout': subprocess.DEVNULL, **more})
    _running.append(process)
    return process


def stop(*processes):
    for process in processes:
        if process.poll() is None:
            process.terminate()
    for process in processes:
        try:
            process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process in _running:
            _running.remove(process)


def run(command, namespace=None, **more):
    """Runs to the end and returns standard output; fails with what the command said."""
    done = subprocess.run(within(namespace, command), capture_output=True, text=True, **more)
    if done.returncode:
        raise BenchError(f"{' '.join(command)}: {done.stderr.strip()[-600:] or done.stdout.strip()[-600:]}")
    return done.stdout


def wait_for(what, ready, seconds=60, pause=.01):
    """Calls ready until it returns something true, and returns that."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = ready()
        if found:
            return found
        time.sleep(pause)
    raise BenchError(f'{what}: not within {seconds} s')


def digest(command, namespace=None):
    """SHA-256 of what the command writes to standard output."""
    shell = ' '.join(within(namespace, command)) + ' | openssl dgst -sha256 -r'
    return run(['bash', '-o', 'pipefail', '-c', shell]).split()[0]


def cpu_seconds(processes):
    """Processor time the processes have used so far, user and system."""
    ticks = 0
    for process in processes:
        fields = open(f'/proc/{process.pid}/stat').read().rsplit(')', 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf('SC_CLK_TCK')


def rest(processes):
    """Waits until they have nothing left to do: a JVM goes on compiling for seconds when its work is done."""
    def idle():
        before = cpu_seconds(processes)
        time.sleep(1)
        return cpu_seconds(processes) - before < .1
    wait_for('processes at rest', idle)


def peak_mib(processes):
    """The most memory each has held, added up; files of tmpfs that are mapped count as well."""
    total = 0
    for process in processes:
        total += next(int(line.split()[1]) for line in open(f'/proc/{process.pid}/status') if line.startswith('VmHWM'))
    return total / 1024


def memory_mib(what):
    """A line of what the kernel says of the memory, such as MemAvailable."""
    with open('/proc/meminfo') as file:
        return next(int(line.split()[1]) for line in file if line.startswith(what)) // 1024


def touch_memory(mib):
    """
    Virtual machines get their memory at first touch, microseconds a page, and give back what has been free for two seconds: that is
    paid here, before whoever is to fill a fresh file is measured. Three times as much as that needs, where there is room: nobody says
    which of the free pages it gets.
    """
    mib = max(mib, min(3 * mib, memory_mib('MemAvailable') // 2))
    path = folder('tmpfs') + '/touched'
    block = bytes(1 << 20)
    with open(path, 'wb') as file:
        for _ in range(mib):
            file.write(block)
    os.unlink(path)


def _end(*_):
    sys.exit(143)


atexit.register(lambda: stop(*list(_running)))
signal.signal(signal.SIGTERM, _end)
