package io.dyad.domain;

import static io.dyad.domain.Samples.NOON;
import static io.dyad.domain.Samples.SIZE_BYTES;
import static io.dyad.domain.Samples.VOLUME;
import static io.dyad.domain.Samples.letters;

import io.dyad.domain.Snapshot.Group;
import io.dyad.domain.Snapshot.Origin;
import io.dyad.domain.Snapshot.Phase;
import io.dyad.domain.Snapshot.Terms;
import io.dyad.domain.SnapshotCommand.AbandonSnapshot;
import io.dyad.domain.SnapshotCommand.CloseSnapshots;
import io.dyad.domain.SnapshotCommand.CompleteSnapshot;
import io.dyad.domain.SnapshotCommand.DeleteSnapshot;
import io.dyad.domain.SnapshotCommand.Deletion;
import io.dyad.domain.SnapshotCommand.ExpectSnapshot;
import io.dyad.domain.SnapshotCommand.ForgetDeleted;
import io.dyad.domain.SnapshotCommand.KeepSnapshot;
import io.dyad.domain.SnapshotCommand.ModifySnapshot;
import io.dyad.domain.SnapshotCommand.TakeSnapshot;
import io.dyad.domain.SnapshotCommand.UngroupSnapshot;
import io.dyad.domain.SnapshotEvent.SnapshotAnnounced;
import io.dyad.domain.SnapshotEvent.SnapshotCompleted;
import io.dyad.domain.SnapshotEvent.SnapshotDeleted;
import io.dyad.domain.SnapshotEvent.SnapshotExpected;
import io.dyad.domain.SnapshotEvent.SnapshotKept;
import io.dyad.domain.SnapshotEvent.SnapshotsClosed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Samples of a volume's snapshots: 1 is taken and done, 2 announced, 3 expected, 4 arrived before anyone spoke of it. */
final class SnapshotSamples {
    static final Terms NIGHTLY = new Terms("nightly", true, Optional.empty(), Optional.empty(), Map.of());
    static final Terms LOCAL = new Terms("local", false, Optional.empty(), Optional.empty(), Map.of());
    static final Snapshot FIRST = snapshot(1, Origin.TAKEN, Phase.PREPARING, NIGHTLY);
    static final Snapshot SECOND = snapshot(2, Origin.TAKEN, Phase.PREPARING, LOCAL);
    static final Snapshot THIRD = snapshot(3, Origin.ARRIVED, Phase.SYNCING, NIGHTLY);
    static final Snapshot FOURTH = snapshot(4, Origin.KEPT, Phase.DONE, new Terms("", false, Optional.empty(), Optional.empty(), Map.of()));
    static final Snapshot FIFTH = snapshot(5, Origin.TAKEN, Phase.PREPARING, LOCAL);
    static final Event ANNOUNCED = new SnapshotAnnounced(FIRST);
    static final Event COMPLETED = new SnapshotCompleted(VOLUME, FIRST.id(), FIRST.uuid(), NOON);
    static final Event DELETED_AND_REMEMBERED = new SnapshotDeleted(VOLUME, FIRST.id(), FIRST.uuid(), Deletion.ASKED, true);

    private SnapshotSamples() { }

    static Snapshot snapshot(long id, Origin origin, Phase phase, Terms terms) {
        UUID uuid = new UUID(50, id);
        return new Snapshot(new SnapshotId(id), uuid, VOLUME, terms, SIZE_BYTES, origin, phase, Optional.of(new Group(9, new UUID(60, 9))), uuid, NOON, NOON);
    }

    static List<Event> full() {
        List<Event> past = new ArrayList<>();
        for (long n = 1; n <= SnapshotDecider.MAX_SNAPSHOTS; n++) past.add(new SnapshotAnnounced(snapshot(100 + n, Origin.TAKEN, Phase.PREPARING, LOCAL)));
        return past;
    }

    static SampleSet all() {
        return asked(new SampleSet(Aggregate.SNAPSHOTS, SnapshotsState.class, SnapshotCommand.class)
            .past("", List.of())
            .past("1 to 4", ANNOUNCED, COMPLETED, new SnapshotAnnounced(SECOND), new SnapshotExpected(THIRD), new SnapshotKept(FOURTH),
                new SnapshotAnnounced(snapshot(8, Origin.TAKEN, Phase.PREPARING, NIGHTLY)), new SnapshotDeleted(VOLUME, new SnapshotId(8), new UUID(50, 8), Deletion.ASKED, true))
            .past("1 was here and is remembered", ANNOUNCED, COMPLETED, DELETED_AND_REMEMBERED)
            .past("32 snapshots", full())
            .past("", ANNOUNCED, new SnapshotsClosed(VOLUME)));
    }

    private static SampleSet asked(SampleSet set) {
        return set
            .ask("5", new TakeSnapshot(FIFTH))
            .ask("1", new TakeSnapshot(FIRST))
            .ask("name of 256 characters", new TakeSnapshot(FIFTH.with(new Terms(letters(256), false, Optional.empty(), Optional.empty(), Map.of()))))
            .ask("3", new ExpectSnapshot(THIRD))
            .ask("1", new ExpectSnapshot(FIRST))
            .ask("4, with its name", new ExpectSnapshot(FOURTH.with(NIGHTLY)))
            .ask("5", new KeepSnapshot(snapshot(5, Origin.KEPT, Phase.DONE, LOCAL)))
            .ask("1", new KeepSnapshot(FIRST))
            .ask("1", new CompleteSnapshot(VOLUME, FIRST.uuid(), NOON))
            .ask("2", new CompleteSnapshot(VOLUME, SECOND.uuid(), NOON))
            .ask("5", new CompleteSnapshot(VOLUME, FIFTH.uuid(), NOON))
            .ask("1", new AbandonSnapshot(VOLUME, FIRST.uuid()))
            .ask("3", new AbandonSnapshot(VOLUME, THIRD.uuid()))
            .ask("1, another end", new ModifySnapshot(VOLUME, FIRST.id(), Optional.empty(), Optional.of(NOON), Optional.empty()))
            .ask("1, no value", new ModifySnapshot(VOLUME, FIRST.id(), Optional.empty(), Optional.empty(), Optional.empty()))
            .ask("5", new ModifySnapshot(VOLUME, FIFTH.id(), Optional.of(true), Optional.empty(), Optional.empty()))
            .ask("1", new UngroupSnapshot(VOLUME, FIRST.id()))
            .ask("5", new UngroupSnapshot(VOLUME, FIFTH.id()))
            .ask("1", new DeleteSnapshot(VOLUME, FIRST.id(), Deletion.ASKED, true))
            .ask("2", new DeleteSnapshot(VOLUME, SECOND.id(), Deletion.EXPIRED, true))
            .ask("5", new DeleteSnapshot(VOLUME, FIFTH.id(), Deletion.ASKED, true))
            .ask("8", new ForgetDeleted(VOLUME, Set.of(new UUID(50, 8))))
            .ask("none that is remembered", new ForgetDeleted(VOLUME, Set.of(new UUID(50, 99))))
            .ask("", new CloseSnapshots(VOLUME));
    }
}
