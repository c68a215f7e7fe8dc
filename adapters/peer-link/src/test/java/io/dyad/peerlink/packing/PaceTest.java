package io.dyad.peerlink.packing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final int MIB = 1 << 20;
    private final Pace pace = new Pace();

    @Test void nothingIsPackedBeforeTheWireIsKnownToBeSlow() { assertThat(pace.packs()).isFalse(); }

    @Test void nothingIsEverPackedForAFastWire() {
        for (int i = 0; i < 100; i++) {
            wrote(MIB, .5);
            assertThat(pace.packs()).isFalse();
        }
    }

    @Test void aSlowWireIsPackedFor() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        assertThat(pace.packs()).isTrue();
    }

    @Test void smallWritesThatDoNotWaitAreNoSlowWire() {
        for (int i = 0; i < 10_000; i++) pace.wrote(4096, 9_000);
        assertThat(pace.packs()).isFalse();
    }

    @Test void whatPackingDoesNotShrinkIsOnlyTriedNowAndThenUntilItShrinksAgain() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 300; i++) pace.packed(MIB, MIB, MIB);
        assertThat(packedOutOf(160)).isEqualTo(10);
        for (int i = 0; i < 10; i++) pace.packed(MIB, MIB / 4, MIB);
        assertThat(packedOutOf(160)).isEqualTo(160);
    }

    @Test void packingThatTakesTooLongIsOnlyTriedUntilItIsFaster() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 100; i++) pace.packed(MIB, MIB / 2, 7L * MIB);
        assertThat(packedOutOf(1280)).isEqualTo(10);
        for (int i = 0; i < 10; i++) pace.packed(MIB, MIB / 2, MIB);
        assertThat(packedOutOf(160)).isEqualTo(160);
    }

    @Test void aPackingThatWasHeldUpOnceDoesNotEndIt() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 10; i++) pace.packed(MIB, MIB / 2, MIB);
        pace.packed(MIB, MIB / 2, 40L * MIB);
        assertThat(packedOutOf(160)).isEqualTo(160);
    }

    @Test void aWireAlmostAsFastAsPackingIsHardlyEverTried() {
        for (int i = 0; i < 10; i++) wrote(MIB, 1.4);
        for (int i = 0; i < 100; i++) pace.packed(MIB, MIB, (long) (.9 * MIB));
        assertThat(packedOutOf(1280)).isEqualTo(10);
    }

    @Test void packingThatTakesLongerThanTheWireIsHardlyEverTried() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 100; i++) pace.packed(MIB, MIB / 2, 20L * MIB);
        assertThat(packedOutOf(1024)).isEqualTo(8);
    }

    @Test void aWireThatDrainsWhileThePayloadIsPackedIsStillSlow() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 100; i++) {
            assertThat(pace.packs()).isTrue();
            pace.packed(MIB, MIB / 4, 2L * MIB);
            wrote(MIB / 4, .1);
        }
    }

    @Test void writesThatFindRoomBetweenTheEndsDoNotMakeAWireFast() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 28; i++) {
            assertThat(pace.packs()).isTrue();
            pace.packed(MIB, MIB / 2, MIB);
            wrote(MIB / 2, .1);
        }
    }

    @Test void aWireThatBecameFastIsFoundOutInTheEnd() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 1025; i++) {
            pace.packed(MIB, MIB / 4, 2L * MIB);
            wrote(MIB / 4, .1);
        }
        wrote(MIB, .1);
        assertThat(packedOutOf(160)).isZero();
    }

    @Test void whatSavesMoreMayTakeMoreTime() {
        for (int i = 0; i < 10; i++) wrote(MIB, 8);
        for (int i = 0; i < 100; i++) pace.packed(MIB, MIB / 8, 5L * MIB);
        assertThat(packedOutOf(160)).isEqualTo(160);
    }

    private int packedOutOf(int frames) {
        int packed = 0;
        for (int i = 0; i < frames; i++) if (pace.packs()) packed++;
        return packed;
    }

    private void wrote(int bytes, double nsPerByte) { pace.wrote(bytes, (long) (bytes * nsPerByte)); }
}
