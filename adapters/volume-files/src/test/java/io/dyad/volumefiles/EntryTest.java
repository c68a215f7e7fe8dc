package io.dyad.volumefiles;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** What a map says of a block whose checksum is one of the few numbers that mean something else. */
class EntryTest {
    private static int checksum(ByteBuffer block) {
        CRC32C crc = new CRC32C();
        crc.update(block.duplicate());
        return (int) crc.getValue();
    }

    private static ByteBuffer endingWith(int bits) { return ByteBuffer.allocate(BLOCK_BYTES).putInt(BLOCK_BYTES - Integer.BYTES, bits); }

    /** A block with that checksum: it is the exclusive or of what each bit of the last four bytes adds to that of zeroes. */
    private static ByteBuffer with(int checksum) {
        int zeroes = checksum(endingWith(0));
        int[] adds = new int[Integer.SIZE];
        int[] bits = new int[Integer.SIZE];
        for (int i = 0; i < Integer.SIZE; i++) {
            int add = checksum(endingWith(1 << i)) ^ zeroes;
            int from = 1 << i;
            for (int top = Integer.SIZE - 1; add != 0; top--) {
                if ((add >>> top & 1) == 0) continue;
                if (adds[top] == 0) {
                    adds[top] = add;
                    bits[top] = from;
                    break;
                }
                add ^= adds[top];
                from ^= bits[top];
            }
        }
        int left = checksum ^ zeroes;
        int found = 0;
        for (int top = Integer.SIZE - 1; top >= 0; top--) {
            if ((left >>> top & 1) == 0) continue;
            left ^= adds[top];
            found ^= bits[top];
        }
        return endingWith(found);
    }

    @Test void data_is_never_taken_for_absent_zeroed_or_damaged() {
        for (int checksum : new int[] {Entry.ABSENT, Entry.ZEROED, Entry.DAMAGED, Entry.DAMAGED + 1, -1}) {
            ByteBuffer block = with(checksum);
            assertThat(checksum(block)).isEqualTo(checksum);
            int entry = Entry.ofAll(block)[0];
            assertThat(entry).isNotIn(Entry.ABSENT, Entry.ZEROED, Entry.DAMAGED).isEqualTo(Integer.compareUnsigned(checksum, 2) <= 0 ? -1 - checksum : checksum);
            assertThat(Entry.holdsData(entry)).isTrue();
        }
    }

    @Test void what_is_damaged_is_data_that_is_lost() {
        assertThat(Entry.holdsData(Entry.DAMAGED)).isTrue();
        assertThat(Entry.holdsData(Entry.ABSENT)).isFalse();
        assertThat(Entry.holdsData(Entry.ZEROED)).isFalse();
    }
}
