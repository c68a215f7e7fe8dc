package io.dyad.peerlink.packing;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldBudgetTest {
    @Test void eachPipeGetsHalfOfWhatIsLeftAndTheLastOnesNothing() {
        HeldBudget budget = new HeldBudget(2048);
        assertThat(new int[] {budget.take(), budget.take(), budget.take(), budget.take()}).containsExactly(1024, 512, 256, 0);
    }

    @Test void whatIsGivenBackCanBeTakenAgain() {
        HeldBudget budget = new HeldBudget(2048);
        int first = budget.take();
        budget.take();
        budget.giveBack(first);
        assertThat(budget.take()).isEqualTo(768);
    }

    @Test void noPipeGetsMoreThanTheMost() { assertThat(new HeldBudget(1 << 20).take()).isEqualTo(KeptBlocks.MOST); }

    @Test void memoryGivenBackServesTheNextPipe() {
        HeldBudget budget = new HeldBudget(1024);
        ByteBuffer first = budget.page();
        budget.giveBack(List.of(first));
        assertThat(budget.page()).isSameAs(first);
        assertThat(budget.page()).isNotSameAs(first);
    }
}
