package io.dyad.volumefiles;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.VolumeId;
import io.dyad.volumefiles.CrashBench.Kind;
import io.dyad.volumefiles.CrashBench.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Whatever is done and wherever it stops: flushed blocks, marks and forced batches are there, and nothing that never was. */
class CrashTest {
    @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
    void nothingPromisedIsLostAndNothingElseAppears(@ForAll("steps") List<Step> steps) throws IOException {
        new CrashBench(new LossyFiles(), 0).run(steps);
    }

    @Example void noStopOnTheWayThroughACutAndADisturbedFoldBringsAnOldBlockBack() throws IOException {
        stopEverywhere(List.of(new Step(Kind.WRITE, 0, 7), new Step(Kind.WRITE, 8, 7), new Step(Kind.FLUSH, 1, 0),
                new Step(Kind.FREEZE, 2, 0), new Step(Kind.WRITE, 0, 7), new Step(Kind.ZERO, 8, 4), new Step(Kind.FLUSH, 1, 2),
                new Step(Kind.WRITE, 2, 4), new Step(Kind.CLOSE_CUT, 0, 0), new Step(Kind.FLUSH, 1, 3),
                new Step(Kind.FOLD, 1, 3), new Step(Kind.WRITE, 1, 0), new Step(Kind.FOLD, 2, 3), new Step(Kind.WRITE, 0, 2),
                new Step(Kind.KILL, 1, 0)));
    }

    @Example void noStopOnTheWayThroughAStagedLayerOverACutBringsAnOldBlockBack() throws IOException {
        stopEverywhere(List.of(new Step(Kind.WRITE, 0, 7), new Step(Kind.WRITE, 8, 7), new Step(Kind.FLUSH, 1, 0),
                new Step(Kind.FREEZE, 1, 3), new Step(Kind.WRITE, 4, 7), new Step(Kind.STAGE, 5, 2), new Step(Kind.STAGE, 6, 4),
                new Step(Kind.COMMIT, 1, 0), new Step(Kind.WRITE, 5, 3), new Step(Kind.FLUSH, 1, 0), new Step(Kind.FOLD, 1, 8),
                new Step(Kind.CLOSE_CUT, 0, 0), new Step(Kind.FOLD_ALL, 1, 0), new Step(Kind.GROW, 1, 2),
                new Step(Kind.MARK, 1, 0), new Step(Kind.REOPEN, 1, 0)));
    }

    @Example void noKillLosesAWriteThatReturnedAboveACutOrASnapshot() throws IOException {
        List<Step> story = List.of(new Step(Kind.WRITE, 0, 7), new Step(Kind.FREEZE, 0, 0), new Step(Kind.WRITE, 0, 3), new Step(Kind.ZERO, 4, 4),
                new Step(Kind.SNAPSHOT, 0, 0), new Step(Kind.WRITE, 2, 7), new Step(Kind.WRITE, 2, 3), new Step(Kind.ZERO, 3, 4), new Step(Kind.WRITE, 4, 0),
                new Step(Kind.WRITE, 9, 0));
        stopEverywhere(story);
        for (int length = 1; length <= story.size(); length++) {
            List<Step> steps = new ArrayList<>(story.subList(0, length));
            steps.add(new Step(Kind.KILL, 1, 0));
            new CrashBench(new LossyFiles(), 0).run(steps);
        }
    }

    @Example void noRecordOfAFlushedWriteHidesWhatCameAfterAFold() throws IOException {
        stopEverywhere(List.of(new Step(Kind.WRITE, 0, 7), new Step(Kind.FREEZE, 0, 0), new Step(Kind.WRITE, 0, 7), new Step(Kind.FLUSH, 0, 0),
                new Step(Kind.WRITE, 2, 3), new Step(Kind.CLOSE_CUT, 0, 0), new Step(Kind.FOLD_ALL, 0, 0), new Step(Kind.WRITE, 0, 7),
                new Step(Kind.FLUSH, 0, 0), new Step(Kind.FREEZE, 0, 0), new Step(Kind.WRITE, 0, 7), new Step(Kind.FLUSH, 0, 0),
                new Step(Kind.ZERO, 0, 7), new Step(Kind.FLUSH, 0, 0), new Step(Kind.WRITE, 20, 0), new Step(Kind.KILL, 1, 0)));
    }

    /** Intents and doubts are cleared in the file lazily: whatever of that a stop leaves, a region written since is in both. */
    @Example void noStopAroundClearedIntentsForgetsARegionThatWasWritten() throws IOException {
        stopEverywhere(List.of(new Step(Kind.WRITE, 0, 7), new Step(Kind.WRITE, 24, 0), new Step(Kind.FLUSH, 0, 0), new Step(Kind.SETTLE, 0, 0),
                new Step(Kind.WRITE, 24, 4), new Step(Kind.SETTLE, 0, 0), new Step(Kind.FLUSH, 0, 0), new Step(Kind.SETTLE, 2, 0), new Step(Kind.WRITE, 1, 3),
                new Step(Kind.WRITE, 24, 7), new Step(Kind.FLUSH, 0, 0), new Step(Kind.SETTLE, 0, 0), new Step(Kind.MARK, 0, 0),
                new Step(Kind.WRITE, 0, 3), new Step(Kind.SETTLE, 1, 0), new Step(Kind.FLUSH, 0, 0), new Step(Kind.SETTLE, 0, 0),
                new Step(Kind.REOPEN, 0, 0), new Step(Kind.WRITE, 25, 2)));
    }

    /** The manifest that drops a layer is there after a kill, but not yet for good: the layer's files may not go before it is. */
    @Example void noPowerCutDuringARecoveryTakesBackAManifestWhoseFilesAreGone() throws IOException {
        for (int calls = 1; calls < 20; calls++) {
            for (int salt = 0; salt < 30; salt++) {
                new CrashBench(new LossyFiles(), salt).run(List.of(new Step(Kind.WRITE, 0, 0), new Step(Kind.FREEZE, 0, 0),
                        new Step(Kind.CLOSE_CUT, 0, 0), new Step(Kind.FOLD, calls, 21)));
            }
        }
    }

    /** What a killed process had put in force and the next one has read is there for good, whatever the power does then. */
    @Example void aMarkFoundAfterAKillOutlivesAPowerCut() throws IOException {
        List<Step> steps = new ArrayList<>(Collections.nCopies(7, new Step(Kind.WRITE, 0, 0)));
        steps.addAll(List.of(new Step(Kind.ZERO, 1, 1), new Step(Kind.FREEZE, 0, 0), new Step(Kind.MARK, 8356, 21)));
        new CrashBench(new LossyFiles(), 0).run(steps);
    }

    private static void stopEverywhere(List<Step> story) throws IOException {
        for (int salt = 0; salt < 5; salt++) {
            int calls = 0;
            boolean stopped = true;
            while (stopped) {
                LossyFiles files = new LossyFiles();
                CrashBench bench = new CrashBench(files, salt);
                files.stopAfter(++calls);
                bench.run(story);
                stopped = bench.interrupted();
            }
            assertThat(calls).as("places to stop at").isGreaterThan(30);
        }
    }

    @Example void withoutForcesThePropertyTurnsRed() {
        assertThat(steps().sampleStream().limit(30).filter(CrashTest::breaksWithoutForces).count()).isGreaterThan(3);
    }

    @Example void aVolumeIsCreatedAndDeletedWhollyOrNotAtAll() throws IOException {
        VolumeId id = new VolumeId(1);
        Path dir = Path.of("store");
        int finished = 0;
        for (int calls = 0; finished == 0; calls++) {
            LossyFiles files = new LossyFiles();
            FileVolumeStore.open(files, dir);
            files.stopAfter(calls);
            finished += completes(() -> FileVolumeStore.open(files, dir).create(id, 4096).close());
            files.cutPower(new Random(calls));
            FileVolumeStore store = FileVolumeStore.open(files, dir);
            if (finished > 0) assertThat(store.volumes()).containsExactly(id);
            if (store.volumes().isEmpty()) store.create(id, 4096).close();
            else store.open(id).close();
        }
        for (int calls = 0; finished == 1; calls++) {
            LossyFiles files = new LossyFiles();
            FileVolumeStore.open(files, dir).create(id, 4096).close();
            files.stopAfter(calls);
            finished += completes(() -> FileVolumeStore.open(files, dir).delete(id));
            files.cutPower(new Random(calls));
            FileVolumeStore store = FileVolumeStore.open(files, dir);
            if (finished > 1) assertThat(store.volumes()).isEmpty();
            if (store.volumes().isEmpty()) store.create(id, 4096).close();
            else store.open(id).close();
        }
    }

    private interface Call {
        void run() throws IOException;
    }

    private static int completes(Call call) {
        try {
            call.run();
            return 1;
        } catch (IOException stopped) {
            return 0;
        }
    }

    private static boolean breaksWithoutForces(List<Step> steps) {
        LossyFiles files = new LossyFiles();
        try {
            CrashBench bench = new CrashBench(files, 0);
            files.forgetsForces = true;
            bench.run(steps);
            return false;
        } catch (IOException | AssertionError e) {
            return true;
        }
    }

    @Provide Arbitrary<List<Step>> steps() {
        Arbitrary<Kind> kinds = Arbitraries.frequency(Tuple.of(12, Kind.WRITE), Tuple.of(5, Kind.ZERO), Tuple.of(6, Kind.FLUSH),
                Tuple.of(3, Kind.FREEZE), Tuple.of(3, Kind.CLOSE_CUT), Tuple.of(3, Kind.SNAPSHOT), Tuple.of(2, Kind.DROP),
                Tuple.of(6, Kind.STAGE), Tuple.of(2, Kind.FILL), Tuple.of(3, Kind.COMMIT),
                Tuple.of(1, Kind.DISCARD), Tuple.of(5, Kind.FOLD), Tuple.of(2, Kind.FOLD_ALL), Tuple.of(1, Kind.GROW),
                Tuple.of(2, Kind.SETTLE), Tuple.of(1, Kind.MARK), Tuple.of(3, Kind.APPEND), Tuple.of(1, Kind.FORCE),
                Tuple.of(1, Kind.RESET), Tuple.of(2, Kind.CUT_POWER), Tuple.of(2, Kind.KILL),
                Tuple.of(1, Kind.REOPEN));
        Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 10_000).withoutEdgeCases();
        return Combinators.combine(kinds, numbers, numbers).as(Step::new).list().ofMinSize(10).ofMaxSize(60);
    }
}
