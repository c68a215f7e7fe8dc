package io.dyad.replication.pairing;

import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** The durable cuts of a cluster's volumes, by their names. Safe for any thread. */
public interface Cuts {
    /** Cuts these volumes at one moment; durable when it returns. All or none. {@code ship}: the other ends of their pairs get them too. */
    void take(Map<VolumeId, UUID> names, boolean ship) throws IOException;

    /** One more cut of what a cut holds; durable when it returns. */
    void copy(VolumeId volume, UUID of, UUID name) throws IOException;

    /** Forgets a cut; unknown is fine. */
    void forget(VolumeId volume, UUID name) throws IOException;

    /** Whether the volume is open; who asks more of one that is not has it opened. */
    boolean isOpen(VolumeId volume);

    /** The cuts that the volume's store holds. */
    Set<UUID> held(VolumeId volume);
}
