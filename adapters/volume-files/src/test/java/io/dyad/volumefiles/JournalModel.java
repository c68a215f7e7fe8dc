package io.dyad.volumefiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.replication.Journal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Which batches a journal may hand over: always a run from the oldest, never less than what was forced. */
final class JournalModel {
    private List<String> batches = new ArrayList<>();
    private int sure;
    private int done;
    private boolean resetting;

    void append(Journal journal, int length, int stamp) throws IOException {
        ByteBuffer batch = ByteBuffer.allocate(length);
        for (int i = 0; i < length; i++) batch.put((byte) (stamp + i));
        batches.add(text(stamp, batch.flip()));
        journal.append(stamp, batch);
        done = batches.size();
    }

    void force(Journal journal) throws IOException {
        journal.force();
        closed();
    }

    void closed() { sure = batches.size(); }

    void reset(Journal journal) throws IOException {
        resetting = true;
        journal.reset();
        resetting = false;
        batches.clear();
        sure = 0;
        done = 0;
    }

    void reopened(boolean power, Journal journal) throws IOException {
        assertThat(journal.damaged()).as("no crash looks like damage").isFalse();
        List<String> found = new ArrayList<>();
        journal.replay((seq, batch) -> found.add(text(seq, batch)));
        if (resetting && found.isEmpty()) batches.clear();
        else assertThat(found).as("batches").hasSizeGreaterThanOrEqualTo(power ? sure : done);
        assertThat(found).as("batches").isEqualTo(batches.subList(0, Math.min(found.size(), batches.size())));
        batches = found;
        resetting = false;
        sure = found.size();
        done = found.size();
    }

    private static String text(long seq, ByteBuffer batch) {
        byte[] bytes = new byte[batch.remaining()];
        batch.duplicate().get(bytes);
        return seq + ":" + bytes.length + ":" + Arrays.hashCode(bytes);
    }
}
