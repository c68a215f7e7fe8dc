"""The plots: latency distributions, lag over time, throughput against round-trip time. Drawn from kept results only."""
import os
import re
import statistics

from .machine import ROOT
from .report import heading, values

FOLDER = ROOT + '/docs/benchmarks'


def draw(chosen):
    """Draws all that the results allow and returns (file, words) of each."""
    import matplotlib
    matplotlib.use('svg')
    matplotlib.rcParams['svg.hashsalt'] = 'dyad'
    os.makedirs(FOLDER, exist_ok=True)
    from matplotlib import pyplot
    made = []
    for found in chosen:
        if found['link'] == 'clear' and any('curves' in sample for samples in found['samples'].values() for sample in samples):
            made += _latencies(pyplot, found)
        if any(sample.get('lag') for samples in found['samples'].values() for sample in samples):
            made.append(_lag(pyplot, found))
    return made + _distances(pyplot, chosen)


def _keep(pyplot, name, words):
    pyplot.tight_layout()
    pyplot.savefig(f'{FOLDER}/{name}.svg', metadata={'Date': None})
    pyplot.close()
    return name + '.svg', words


def _latencies(pyplot, found):
    """One plot a job: latency against how rare it is, the median round's curve of each contender."""
    jobs = list(dict.fromkeys(job for samples in found['samples'].values() for sample in samples for job in sample.get('curves', {})))
    made = []
    for job in jobs:
        figure, axes = pyplot.subplots(figsize=(6.4, 3.6))
        for name, samples in found['samples'].items():
            curves = [sample['curves'][job] for sample in samples if job in sample.get('curves', {})]
            if not curves:
                continue
            points = sorted(float(point) for point in curves[0])
            median = [statistics.median(_at(curve, point) for curve in curves) for point in points]
            axes.plot([1 / (1 - point / 100) for point in points], median, marker='.', label=name)
        axes.set(xscale='log', yscale='log', xlabel='one write in so many takes longer', ylabel='latency, µs', title=f'{heading(found)}: {job}')
        axes.legend()
        axes.grid(alpha=.3)
        made.append(_keep(pyplot, f"latency-{_slug(heading(found))}-{_slug(job)}", f'Latency, {heading(found)}, {job}'))
    return made


def _at(curve, point):
    return next(value for key, value in curve.items() if float(key) == point)


def _lag(pyplot, found):
    figure, axes = pyplot.subplots(figsize=(6.4, 3.6))
    for name, samples in found['samples'].items():
        for number, sample in enumerate(sample for sample in samples if sample.get('lag')):
            axes.plot(*zip(*sample['lag']), marker='.', color=f'C{number}', label=f'{name}, round {number + 1}')
    axes.set(xlabel='seconds since the host began', ylabel='lag told by the API, s', title=heading(found))
    axes.legend()
    axes.grid(alpha=.3)
    return _keep(pyplot, 'lag-' + _slug(heading(found)), f'Lag over time, {heading(found)}')


def _distances(pyplot, chosen):
    """Sync and Async against the round trip; loopback stands at 0.1 ms."""
    made = []
    for kind, near, measure in (('sync', 'sync', '4k QD32 ops/s'), ('async', 'async-sustained', 'MB/s')):
        lines = {}
        for found in chosen:
            far = re.fullmatch(kind + r'-rtt(\d+)', found['row'])
            if found['link'] != 'clear' or found['medium'] != 'tmpfs' or not (far or found['row'] == near):
                continue
            for name in found['samples']:
                if values(found, name, measure):
                    lines.setdefault(name, []).append((float(far[1]) if far else .1, statistics.median(values(found, name, measure))))
        if not any(len(points) > 1 for points in lines.values()):
            continue
        figure, axes = pyplot.subplots(figsize=(6.4, 3.6))
        for name, points in lines.items():
            axes.plot(*zip(*sorted(points)), marker='o', label=name)
        axes.set(xscale='log', yscale='log', xlabel='round trip, ms', ylabel=measure, title=f'{kind.capitalize()}: throughput against round trip')
        axes.legend()
        axes.grid(alpha=.3)
        made.append(_keep(pyplot, f'distance-{kind}', f'{kind.capitalize()}: throughput against round trip'))
    return made


def _slug(words):
    return re.sub(r'[^a-z0-9]+', '-', words.lower()).strip('-')
