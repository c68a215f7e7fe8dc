"""Images of known content. The same kind, size and seed give the same bytes."""
import os

import numpy

MIB, BLOCK = 1 << 20, 4096
KINDS = {'random': 'random, all of it', 'quarter': 'random in a quarter of its extents of 1 MiB, holes elsewhere',
         'compressible': 'every block of 4 KiB half random, half one repeated byte', 'duplicates': 'every block one of a quarter as many'}


def image(path, kind, mib, seed=7):
    """Writes an image of so many MiB and returns how many bytes of it are allocated."""
    bits = numpy.random.SFC64(seed)
    chance = numpy.random.Generator(bits)
    pool = numpy.frombuffer(_random(bits, mib * MIB // 4), numpy.uint8).reshape(-1, BLOCK) if kind == 'duplicates' else None
    held = 0
    with open(path, 'wb') as file:
        file.truncate(mib * MIB)
        for i in range(mib):
            if kind == 'quarter' and i % 4:
                continue
            file.seek(i * MIB)
            file.write(_extent(kind, bits, chance, pool))
            held += MIB
    return held


def _random(bits, count):
    """So many random bytes, as fast as memory: Generator.bytes makes 40 MB a second."""
    return bits.random_raw(count // 8).tobytes()


def _extent(kind, bits, chance, pool):
    if kind == 'duplicates':
        return pool[chance.integers(0, len(pool), MIB // BLOCK)].tobytes()
    if kind == 'compressible':
        blocks = numpy.full((MIB // BLOCK, BLOCK), ord('A'), numpy.uint8)
        blocks[:, :BLOCK // 2] = numpy.frombuffer(_random(bits, MIB // 2), numpy.uint8).reshape(-1, BLOCK // 2)
        return blocks.tobytes()
    return _random(bits, MIB)


def empty(path, mib):
    """A fresh target: all holes."""
    if os.path.exists(path):
        os.unlink(path)
    with open(path, 'wb') as file:
        file.truncate(mib * MIB)
