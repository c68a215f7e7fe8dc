package io.dyad.testkit.sim;

import io.dyad.replication.FramePipe;
import io.dyad.replication.LagMeter;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.Wish;

/** Where a mutant gets between the product and its world. */
interface Sabotage {
    Sabotage NONE = new Sabotage() { };

    /** The volume as the product gets to see it. */
    default StoredVolume volume(StoredVolume real) { return real; }

    /** What the pair is told to do. */
    default Wish wish(Wish real) { return real; }

    /** The pipe as the product gets to see it. */
    default FramePipe pipe(FramePipe real) { return real; }

    /** True: dials now, whatever the endpoint wants. */
    default boolean dialsAnyway(PairEndpoint.Status now) { return false; }

    /** True: does not dial, whatever the endpoint wants. {@code dials}: those made so far. */
    default boolean dialsNoMore(int dials) { return false; }

    /** What the source says of its lag. */
    default LagMeter.Reading lag(LagMeter.Reading real) { return real; }

    /** True: the host's write of that number goes straight to the disk, past the product's books. */
    default boolean unseen(int write) { return false; }
}
