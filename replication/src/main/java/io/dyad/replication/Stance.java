package io.dyad.replication;

import io.dyad.domain.Access;
import io.dyad.replication.HostSide.Admission;
import java.io.IOException;
import java.util.UUID;
import java.util.function.Supplier;

/** The access that a volume has really taken in its pair. One owner thread. */
final class Stance {
    private final ReplicatedVolume volume;
    private final Supplier<UUID> freshIds;
    private Access taken = Access.LOCKED;

    Stance(ReplicatedVolume volume, Supplier<UUID> freshIds) {
        this.volume = volume;
        this.freshIds = freshIds;
    }

    Access taken() { return taken; }

    /** Takes on an access: its role in the pair durably first, then what hosts may do. */
    void take(Access wished) throws IOException {
        if (taken != wished) {
            if (wished == Access.READ_WRITE) volume.become(Mark.Role.SOURCE, freshIds.get());
            if (wished == Access.REPLICATION_TARGET) volume.become(Mark.Role.TARGET, freshIds.get());
        }
        taken = wished;
        volume.host().admit(Admission.of(taken));
    }
}
