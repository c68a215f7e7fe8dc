package io.dyad.jsonrpc;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.cluster.SnapshotChange;
import io.dyad.domain.Refusal;
import io.dyad.domain.Snapshot.Terms;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a call says of the snapshot it wants: name, end, label, whether it is to be on the other end too. */
final class SnapshotTerms {
    /** Kept first in, first out: without an end of its own. */
    private static final String FIFO = "fifo";

    private SnapshotTerms() { }

    static Terms of(Call call) {
        return new Terms(call.param("name").map(JsonNode::textValue).orElse(""), call.flag("enableRemoteReplication").orElse(false), expires(call), label(call),
            call.attributes().orElse(Map.of()));
    }

    static SnapshotChange change(Call call) { return new SnapshotChange(call.flag("enableRemoteReplication"), expires(call), label(call)); }

    private static Optional<String> label(Call call) { return call.param("snapMirrorLabel").map(JsonNode::textValue); }

    private static Optional<Instant> expires(Call call) {
        Optional<Instant> until = call.param("expirationTime").map(JsonNode::textValue).filter(t -> !t.equalsIgnoreCase(FIFO)).map(SnapshotTerms::instant);
        Optional<Instant> after = call.param("retention").map(JsonNode::textValue).filter(t -> !t.equalsIgnoreCase(FIFO)).map(SnapshotTerms::duration).map(Instant.now()::plus);
        if (until.isPresent() && after.isPresent()) throw ApiException.of(Refusal.INVALID_PARAMETER, "expirationTime and retention exclude each other");
        return until.or(() -> after);
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw ApiException.of(Refusal.INVALID_PARAMETER, "expirationTime: there is no " + text);
        }
    }

    /** {@code H:MM:SS}; hours may exceed 24. */
    private static Duration duration(String text) {
        String[] parts = text.split(":");
        return Duration.ofHours(Long.parseLong(parts[0])).plusMinutes(Long.parseLong(parts[1])).plusSeconds(Long.parseLong(parts[2]));
    }
}
