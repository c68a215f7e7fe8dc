"""The page of results: a summary of the bars, then a table a row. Only what stands between the markers is ours to write."""
import re
import statistics

from .machine import ROOT
from .row import lower_is_better

PAGE = ROOT + '/docs/benchmarks.md'
BEGIN, END = '<!-- figures: written by bench/run -->', '<!-- end of figures -->'


def spread(values):
    return f'{_figure(statistics.median(values))} [{_figure(min(values))}..{_figure(max(values))}]'


def _figure(value):
    return f'{value:,.0f}' if abs(value) >= 100 else f'{value:.3g}'


def values(found, who, measure):
    return [sample[measure] for sample in found['samples'].get(who, []) if isinstance(sample.get(measure), (int, float))]


def ratios(found, row, bar):
    """Pair by pair: how many times the other's figure, or, where less is better and more is asked for, how many times less."""
    own = values(found, bar.who, bar.measure)
    if not bar.than:
        return own
    inverse = lower_is_better(row, bar.measure) and not bar.at_most
    return [(b / a if inverse else a / b) for a, b in zip(own, values(found, bar.than, bar.measure)) if a and b]


def verdict(found, row, bar):
    got = ratios(found, row, bar)
    if not got:
        return 'not measured'
    median = statistics.median(got)
    if bar.words() == 'shown':
        return 'shown'
    return 'reached' if bar.reached(median) else f'missed: {median / (bar.at_most or bar.at_least):.2f} of it'


def summary(chosen, rows):
    lines = ['| row | link, files | measure | who | bar | median [min..max] | n | |', '|---|---|---|---|---|---|---|---|']
    for found in chosen:
        row = rows[found['row']]
        for bar in row.bars:
            got = ratios(found, row, bar)
            who = f'{bar.who} ÷ {bar.than}' if bar.than else bar.who
            lines.append(f"| [{found['row']}](#{anchor(found)}) | {found['link']}, {found['medium']} | {bar.measure} | {who} | {bar.words()} | "
                         f"{spread(got) if got else '–'} | {len(got)} | {verdict(found, row, bar)} |")
    return lines


def heading(found):
    return f"{found['row']} {found['link']} {found['medium']}"


def anchor(found):
    return heading(found).replace(' ', '-')


def section(found):
    names = list(found['samples'])
    measures = list(dict.fromkeys(key for samples in found['samples'].values() for sample in samples
                                  for key, value in sample.items() if isinstance(value, (int, float))))
    lines = [f'### {heading(found)}', '', f"{found['title'][0].upper()}{found['title'][1:]}. {found['date']}, commit {found['commit']}"
             f"{', **quick run**' if found['quick'] else ''}, n = {max(map(len, found['samples'].values()), default=0)}, "
             f"load before each round {', '.join(map(str, found['load']))}.", '']
    if found['note']:
        lines += [found['note'], '']
    lines += ['| | ' + ' | '.join(names) + ' |', '|---' * (len(names) + 1) + '|',
              '| guarantee | ' + ' | '.join(found['contenders'][name] for name in names) + ' |']
    for measure in measures:
        cells = [spread(values(found, name, measure)) if values(found, name, measure) else '–' for name in names]
        lines.append(f'| {measure} | ' + ' | '.join(cells) + ' |')
    shown = [f"{len(found['digests'].get(name, []))} × equal, last {found['digests'][name][-1][:12]}…" if found['digests'].get(name) else '**not compared**' for name in names]
    return lines + ['| SHA-256 of both ends | ' + ' | '.join(shown) + ' |', '']


def page(chosen, rows, plots):
    order = list(rows)
    chosen = sorted(chosen, key=lambda found: (order.index(found['row']), found['medium'] == 'disk', found['link'] == 'tls'))
    machine = chosen[-1]['machine'] if chosen else {}
    lines = [BEGIN, '', '; '.join(f'{key}: {value}' for key, value in machine.items()) + '.', '', '## Bars', '', *summary(chosen, rows), '']
    if plots:
        lines += ['## Plots', '', *(f'![{words}](benchmarks/{name})' for name, words in plots), '']
    lines += ['## Rows', '']
    for found in chosen:
        lines += section(found)
    return '\n'.join(lines + [END])


def write(chosen, rows, plots):
    text = open(PAGE).read()
    ours = re.compile(re.escape(BEGIN) + '.*' + re.escape(END), re.S)
    if not ours.search(text):
        raise SystemExit(f'{PAGE} has lost its markers: {BEGIN} and {END}')
    open(PAGE, 'w').write(ours.sub(lambda _: page(chosen, rows, plots), text))
