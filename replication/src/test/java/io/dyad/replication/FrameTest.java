package io.dyad.replication;

import static io.dyad.replication.Blocks.BLOCK_BYTES;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FrameTest {
    private static final long SIZE = 64L << 20;

    @Test void a_range_that_is_not_whole_blocks_inside_the_volume_is_refused() {
        assertThatCode(() -> zeroes(SIZE - BLOCK_BYTES, BLOCK_BYTES).requireInside(SIZE)).doesNotThrowAnyException();
        long[][] ranges = {{-BLOCK_BYTES, BLOCK_BYTES}, {0, 0}, {0, -BLOCK_BYTES}, {SIZE, BLOCK_BYTES}, {17, BLOCK_BYTES}, {0, 17},
            {Long.MAX_VALUE - BLOCK_BYTES + 1, BLOCK_BYTES}, {BLOCK_BYTES, Long.MAX_VALUE - BLOCK_BYTES + 1}};
        for (long[] range : ranges) assertThatThrownBy(() -> zeroes(range[0], range[1]).requireInside(SIZE)).isInstanceOf(BadFrameException.class);
    }

    private static Frame zeroes(long offsetBytes, long lengthBytes) { return Frame.of(FrameType.ZEROES, 1, offsetBytes, lengthBytes); }
}
