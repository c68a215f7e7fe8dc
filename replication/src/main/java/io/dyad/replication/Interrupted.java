package io.dyad.replication;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * What a source remembers of an epoch that did not come to its end.
 *
 * @param epoch its number: a target that has committed it lacks none of this
 * @param stage the number of the epoch with which the target's staged layer was begun; 0 when the epoch was applied directly
 * @param lacks what the target's committed point lacked of the cut
 * @param stale blocks whose staged copy is not that of the cut
 */
record Interrupted(long epoch, long stage, Differing lacks, DirtyMap stale) {
    /** No epoch was broken off. */
    static Interrupted none() { return new Interrupted(0, 0, new Differing(), new DirtyMap()); }

    boolean isNone() { return epoch == 0; }

    Interrupted copy() { return new Interrupted(epoch, stage, lacks.copy(), stale.copy()); }

    /** Of another content than that of its cut nobody knows where the target differs: digests tell. */
    Interrupted doubted() { return new Interrupted(epoch, stage, new Differing(new DirtyMap(), lacks.all()), stale); }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(epoch);
        out.writeLong(stage);
        lacks.write(out);
        stale.write(out);
    }

    static Interrupted read(DataInputStream in) throws IOException {
        return new Interrupted(in.readLong(), in.readLong(), Differing.read(in), DirtyMap.read(in));
    }
}
