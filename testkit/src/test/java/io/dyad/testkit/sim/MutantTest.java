package io.dyad.testkit.sim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The judge is not blind: whatever breaks one of the promises is seen within {@value #SEEDS} stories. */
class MutantTest {
    private static final int SEEDS = 200;

    @ParameterizedTest @EnumSource void is_seen_by_the_judge(Mutant mutant) {
        assertThat(LongStream.rangeClosed(1, SEEDS).anyMatch(seed -> isSeen(mutant, seed))).as("%s is seen", mutant).isTrue();
    }

    /** By an objection of the judge, not by the product stumbling over its broken world. */
    private static boolean isSeen(Mutant mutant, long seed) {
        try {
            new RandomStory(seed, mutant).tell();
            return false;
        } catch (AssertionError e) {
            return true;
        } catch (IllegalStateException stumbled) {
            return false;
        }
    }
}
