package io.dyad.volumefiles;

import io.dyad.replication.Memo;
import java.io.IOException;
import java.util.BitSet;

/** The intent map and the mark. */
final class FileMemo implements Memo {
    private final FileVolume volume;

    FileMemo(FileVolume volume) { this.volume = volume; }

    @Override public BitSet intents() {
        volume.writing.lock();
        try {
            return volume.intents.intents();
        } finally {
            volume.writing.unlock();
        }
    }

    @Override public void settle(BitSet needed) throws IOException {
        volume.writing.lock();
        try {
            volume.check();
            volume.intents.settle(needed);
        } finally {
            volume.writing.unlock();
        }
    }

    @Override public byte[] mark() { return volume.manifest().mark().clone(); }

    @Override public void mark(byte[] record) throws IOException {
        checkMark(record);
        volume.switching.lock();
        try {
            volume.switchTo(volume.manifest().withMark(record.clone()));
        } finally {
            volume.switching.unlock();
        }
    }

    static void checkMark(byte[] record) {
        if (record.length > Manifest.MAX_MARK_BYTES) {
            throw new IllegalArgumentException("a mark has at most 16 MiB, not " + record.length + " bytes");
        }
    }
}
