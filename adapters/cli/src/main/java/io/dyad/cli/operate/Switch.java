package io.dyad.cli.operate;

import io.dyad.cli.operate.Switch.Refused;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a failover does, decided from what both ends show and what the operator asked for.
 *
 * @param source the end that hosts write to afterwards
 * @param target the end that follows it; empty when it does not answer
 * @param bytes what has to cross, as far as anybody knows
 * @param words what happens, for the operator
 */
record Switch(Kind kind, End source, Optional<End> target, OptionalLong bytes, String words) {
    private static final int BLOCK_BYTES = 4096;

    enum Kind { NOTHING, PLANNED, UNPLANNED, CHOSEN }

    /** The operator must say more, or mend something first. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1;

        Refused(String message) { super(message); }
    }

    /** What the operator asked for: {@code to} is a or b or nothing; {@code unplanned}: without what has not arrived. */
    record Asked(Optional<String> to, boolean unplanned) { }

    static Switch of(Ends ends, Asked asked) throws Refused {
        if (ends.a().isPresent() && ends.b().isPresent()) return between(ends.a().get(), ends.b().get(), asked);
        return survivor(ends.a().or(ends::b).orElseThrow(), ends.silence(), asked);
    }

    private static Switch survivor(End left, String silence, Asked asked) throws Refused {
        if (asked.to.isPresent() && !asked.to.get().equals(left.label())) throw new Refused("the end that shall become the source does not answer: " + silence);
        if (left.writes()) return new Switch(Kind.NOTHING, left, Optional.empty(), OptionalLong.of(0), left.named() + " is the source already; the other end does not answer");
        if (!left.follows()) throw new Refused(left.named() + " has access " + left.access() + ": only a replicationTarget takes over");
        return new Switch(Kind.UNPLANNED, left, Optional.empty(), OptionalLong.empty(), "unplanned: the other end does not answer. " + left.named()
            + " becomes readWrite as of its last consistent point; what the old source acknowledged after that is not there. When the old source is back, both are readWrite:"
            + " fail over again with --to, and its own blocks are kept in a snapshot");
    }

    private static Switch between(End a, End b, Asked asked) throws Refused {
        if (a.writes() == b.writes()) return chosen(a, b, asked);
        End source = a.writes() ? a : b;
        End target = a.writes() ? b : a;
        if (asked.to.isPresent() && asked.to.get().equals(source.label())) {
            if (target.follows()) return new Switch(Kind.NOTHING, source, Optional.of(target), source.lagBytes(), source.named() + " is the source already");
            throw new Refused(target.named() + " has access " + target.access() + ": make it replicationTarget");
        }
        if (!target.follows()) throw new Refused(target.named() + " has access " + target.access() + ": only a replicationTarget takes over");
        if (asked.unplanned) return new Switch(Kind.UNPLANNED, target, Optional.of(source), source.lagBytes(), "unplanned, as asked: nothing is drained. " + target.named()
            + " becomes the source as of its last consistent point; what " + source.named() + " has beyond that is kept there in a snapshot before it follows");
        if (source.state().startsWith("Paused") || source.state().startsWith("Stopped")) throw new Refused("the pair is " + source.state() + (source.details().isEmpty() ? "" : " (" + source.details() + ")")
            + ", so nothing can be drained: mend that first, or leave behind what has not arrived with --unplanned");
        return new Switch(Kind.PLANNED, target, Optional.of(source), source.lagBytes(), "planned: hosts are kept from writing to " + source.named()
            + ", what it acknowledged is drained, then " + target.named() + " becomes the source. Nothing is lost");
    }

    /** Both are written to, or neither: nobody but the operator can know which content is wanted. */
    private static Switch chosen(End a, End b, Asked asked) throws Refused {
        String both = a.writes() ? "split brain: hosts may write to both ends" : "no end is readWrite";
        String wanted = asked.to.orElseThrow(() -> new Refused(both + ". Name the one whose content is wanted: --to a keeps that of " + a.named() + ", --to b that of " + b.named()
            + (a.details().isEmpty() ? "" : " (" + a.details() + ")")));
        End source = wanted.equals("a") ? a : b;
        End target = wanted.equals("a") ? b : a;
        OptionalLong bytes = a.lagBytes().isPresent() && b.lagBytes().isPresent() ? OptionalLong.of(a.lagBytes().getAsLong() + b.lagBytes().getAsLong()) : OptionalLong.empty();
        return new Switch(Kind.CHOSEN, source, Optional.of(target), bytes, both + ". " + source.named() + " stays as it is; " + target.named()
            + " follows it, and its own blocks are kept there first, in a snapshot dyad-before-resync-…");
    }

    String direction() {
        String follower = target.map(t -> t.label()).orElse(source.label().equals("a") ? "b" : "a");
        return "direction " + source.label() + " -> " + follower + " (" + source.named() + " -> " + target.map(End::named).orElse("nobody yet") + ")";
    }

    String blocks() { return "blocks " + (bytes.isPresent() ? Long.toString(Math.ceilDiv(bytes.getAsLong(), BLOCK_BYTES)) : "unknown"); }

    String bytesLine() { return "bytes " + (bytes.isPresent() ? Long.toString(bytes.getAsLong()) : "unknown"); }
}
