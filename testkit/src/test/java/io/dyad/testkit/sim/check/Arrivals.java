package io.dyad.testkit.sim.check;

import java.util.Optional;
import java.util.UUID;

/** What a target says of its content: that it has become another, that a snapshot of it is there. Knows of one pipe what its source asked for. */
public final class Arrivals {
    private Optional<UUID> epochOf = Optional.empty();

    /** {@code committed}: an epoch is the target's content now. {@code snapshot}: and is, or what came in the stream is, that snapshot. */
    public record Arrival(boolean committed, Optional<UUID> snapshot) { }

    /** Either end has sent this. */
    public Optional<Arrival> sent(byte[] bytes) {
        Wire frame = Wire.of(bytes);
        if (frame.type() == Wire.END) epochOf = frame.name();
        return switch (frame.type()) {
            case Wire.COMMITTED -> Optional.of(new Arrival(true, epochOf));
            case Wire.TAKEN     -> Optional.of(new Arrival(false, frame.name()));
            default             -> Optional.empty();
        };
    }
}
