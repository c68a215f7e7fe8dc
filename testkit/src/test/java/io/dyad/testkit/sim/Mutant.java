package io.dyad.testkit.sim;

import io.dyad.domain.Mode;
import io.dyad.replication.DamagedBlockException;
import io.dyad.replication.Disk;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.FrameType;
import io.dyad.replication.Journal;
import io.dyad.replication.LagMeter;
import io.dyad.replication.LayerStack;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.Memo;
import io.dyad.replication.PairEndpoint;
import io.dyad.replication.Snapshots;
import io.dyad.replication.Staged;
import io.dyad.replication.Staging;
import io.dyad.replication.StoredVolume;
import io.dyad.replication.Wish;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A fault planted between the product and its world; each breaks one promise, and the judge must see it within a few stories. */
enum Mutant implements Sabotage {
    /** I1: a target says that streamed writes are durable before they are. */
    ACKNOWLEDGES_BEFORE_DURABLE {
        @Override public StoredVolume volume(StoredVolume real) { return with(real, StoredVolume.class, "journal", instead(real.journal(), Journal.class, "force")); }
    },
    /** I1: a target says that streamed writes are received before its journal has them. */
    ACKNOWLEDGES_BEFORE_RECEIVED {
        @Override public StoredVolume volume(StoredVolume real) { return with(real, StoredVolume.class, "journal", instead(real.journal(), Journal.class, "append")); }
    },
    /** A host's flush is answered though nothing was flushed. */
    FORGETS_TO_FLUSH {
        @Override public StoredVolume volume(StoredVolume real) { return with(real, StoredVolume.class, "disk", instead(real.disk(), Disk.class, "flush")); }
    },
    /** I2, I3: an epoch is applied in place, so that half of it is seen. */
    APPLIES_AN_EPOCH_IN_PLACE {
        @Override public StoredVolume volume(StoredVolume real) {
            Disk disk = real.disk();
            return with(real, StoredVolume.class, "staging", answering(real.staging(), Staging.class, "stage", none -> {
                Staged staged = real.staging().stage();
                return Proxy.newProxyInstance(LOADER, new Class<?>[] {Staged.class}, (proxy, method, args) -> {
                    if (method.getName().equals("write")) disk.write((Long) args[0], ((ByteBuffer) args[1]).duplicate());
                    return call(staged, method, args);
                });
            }));
        }
    },
    /** I2: a write that comes later overtakes an earlier one. */
    SWAPS_TWO_WRITES {
        @Override public FramePipe pipe(FramePipe real) { return new Swapping(real); }
    },
    /** I4: a host write leaves no trace in what the peer lacks. */
    DROPS_A_DIRTY_MARK {
        @Override public boolean unseen(int write) { return write % 50 == 49; }
    },
    /** I5: a snapshot in the stream lets the next write pass. */
    LETS_A_WRITE_PASS_A_SNAPSHOT {
        @Override public FramePipe pipe(FramePipe real) { return new Late(real); }
    },
    /** I5: what is shipped as a snapshot is the content of now. */
    SHIPS_NOW_AS_A_SNAPSHOT {
        @Override public StoredVolume volume(StoredVolume real) {
            return with(real, StoredVolume.class, "snapshots", answering(real.snapshots(), Snapshots.class, "open", args -> real.layers().freeze()));
        }
    },
    /** SnapshotsOnly: live writes do not stay. */
    SHIPS_LIVE_WRITES {
        @Override public Wish wish(Wish real) {
            if (real.mode() != Mode.SNAPSHOTS_ONLY) return real;
            return new Wish(real.access(), real.role(), real.hold(), real.why(), Mode.ASYNC, real.terms(), real.snapshots());
        }
    },
    /** Split brain: what a resync overwrites is not kept. */
    KEEPS_NOTHING {
        @Override public StoredVolume volume(StoredVolume real) {
            Snapshots snapshots = real.snapshots();
            return with(real, StoredVolume.class, "snapshots", answering(snapshots, Snapshots.class, "take", args -> {
                if (real.staging().unfinished().isEmpty()) snapshots.take((UUID) args[0]);
                return null;
            }));
        }
    },
    /** Verify: a difference is found where there is none. */
    PROVES_WRONGLY {
        @Override public FramePipe pipe(FramePipe real) { return new Lying(real); }
    },
    /** Bit rot: a block that does not match its checksum is read as if it did. */
    READS_ROT_AS_GOOD {
        @Override public StoredVolume volume(StoredVolume real) {
            Disk disk = real.disk();
            return with(real, StoredVolume.class, "disk", answering(disk, Disk.class, "read", args -> {
                ByteBuffer into = (ByteBuffer) args[1];
                try {
                    disk.read((Long) args[0], into);
                } catch (DamagedBlockException rotten) {
                    while (into.hasRemaining()) into.put((byte) 0x5A);
                }
                return null;
            }));
        }
    },
    /** Bit rot: the other end does not give what it holds whole. */
    HEALS_NOTHING {
        @Override public FramePipe pipe(FramePipe real) { return new Stingy(real); }
    },
    /** Bit rot: what is damaged is written anew on top, and stays damaged in the snapshots below. */
    MENDS_ONLY_THE_VOLUME {
        @Override public StoredVolume volume(StoredVolume real) {
            return with(real, StoredVolume.class, "layers", answering(real.layers(), LayerStack.class, "heal", args -> false));
        }
    },
    /** Bit rot: what the other end sends is taken for what was lost, whatever it is. */
    TAKES_ANY_COPY {
        @Override public StoredVolume volume(StoredVolume real) {
            return with(real, StoredVolume.class, "layers", answering(real.layers(), LayerStack.class, "heal", args -> {
                real.disk().write((Long) args[0], (ByteBuffer) args[1]);
                return true;
            }));
        }
    },
    /** I6: after a crash everything is in doubt, whatever was written to. */
    DOUBTS_EVERYTHING {
        @Override public StoredVolume volume(StoredVolume real) {
            return with(real, StoredVolume.class, "memo", answering(real.memo(), Memo.class, "intents", args -> {
                BitSet all = new BitSet();
                all.set(0, (int) (real.disk().sizeBytes() / Memo.REGION_BYTES));
                return all;
            }));
        }
    },
    /** I6: a resync ships its blocks twice. */
    SHIPS_TWICE {
        @Override public FramePipe pipe(FramePipe real) { return new Twice(real); }
    },
    /** I4: a target names more of a stream than it holds, when it is met again. */
    NAMES_MORE_THAN_IT_HOLDS {
        @Override public FramePipe pipe(FramePipe real) { return new Naming(real, Long.MAX_VALUE); }
    },
    /** I6: a target names nothing of a stream that it holds. */
    NAMES_LESS_THAN_IT_HOLDS {
        @Override public FramePipe pipe(FramePipe real) { return new Naming(real, 0); }
    },
    /** I8: whatever the target lacks is said to be young. */
    SAYS_IT_LAGS_LESS {
        @Override public LagMeter.Reading lag(LagMeter.Reading real) {
            return new LagMeter.Reading(real.bytes(), Math.min(real.oldestNs(), 1), real.etaNs(), real.payloadBytes(), real.digestBytes());
        }
    },
    /** I7: a peer that cannot be reached is dialled without end. */
    DIALS_WITHOUT_END {
        @Override public boolean dialsAnyway(PairEndpoint.Status now) { return now.flow() == PairEndpoint.Flow.APART; }
    },
    /** I7: whoever has lost its link once never dials again. */
    NEVER_DIALS_AGAIN {
        @Override public boolean dialsNoMore(int dials) { return dials > 2; }
    };

    private static final ClassLoader LOADER = Mutant.class.getClassLoader();

    private static Object call(Object real, java.lang.reflect.Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** The same but for one method, which returns {@code value}. */
    private static <T> T with(T real, Class<T> type, String name, Object value) {
        return type.cast(Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, (proxy, method, args) -> method.getName().equals(name) ? value : call(real, method, args)));
    }

    /** The same but for one method, which does nothing. */
    private static <T> T instead(T real, Class<T> type, String name) {
        return type.cast(Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, (proxy, method, args) -> method.getName().equals(name) ? null : call(real, method, args)));
    }

    private interface Answer {
        @Nullable Object to(Object[] args) throws IOException;
    }

    /** The same but for one method, which {@code answer} answers. */
    private static <T> T answering(T real, Class<T> type, String name, Answer answer) {
        return type.cast(Proxy.newProxyInstance(LOADER, new Class<?>[] {type}, (proxy, method, args) -> method.getName().equals(name) ? answer.to(args) : call(real, method, args)));
    }

    private static Frame copy(Frame frame) {
        ByteBuffer payload = ByteBuffer.allocate(frame.payload().remaining()).put(frame.payload().duplicate()).flip();
        return new Frame(frame.type(), frame.number(), frame.offsetBytes(), frame.lengthBytes(), payload, () -> { });
    }

    /** Lets every eighth streamed write pass the one behind it, its number with it. */
    private static final class Swapping implements FramePipe {
        private static final int HEADER_BYTES = 24;
        private final FramePipe real;
        private Optional<ByteBuffer> kept = Optional.empty();

        Swapping(FramePipe real) { this.real = real; }

        @Override public void send(Frame frame) throws LinkDownException {
            if (frame.type() != FrameType.WRITES) {
                if (kept.isPresent()) pass(kept.get());
                kept = Optional.empty();
                real.send(frame);
                return;
            }
            ByteBuffer all = frame.payload().duplicate();
            while (all.hasRemaining()) swap(next(all));
        }

        /** One write: number, offset, length with the sign bit set for zeroes, data. */
        private static ByteBuffer next(ByteBuffer all) {
            long length = all.getLong(all.position() + 16);
            byte[] write = new byte[HEADER_BYTES + (length < 0 ? 0 : (int) length)];
            all.get(write);
            return ByteBuffer.wrap(write);
        }

        private void swap(ByteBuffer write) throws LinkDownException {
            long number = write.getLong(0);
            if (kept.isEmpty() && number % 8 == 0) kept = Optional.of(write);
            else if (kept.isEmpty()) pass(write);
            else {
                ByteBuffer first = kept.get();
                kept = Optional.empty();
                pass(write.putLong(0, first.getLong(0)));
                pass(first.putLong(0, number));
            }
        }

        private void pass(ByteBuffer write) throws LinkDownException { real.send(Frame.of(FrameType.WRITES, write.getLong(0), 0, write)); }

        @Override public void close() { real.close(); }
    }

    /** Says where it stands, but for the last write of the stream, which is always the same. */
    private record Naming(FramePipe real, long seq) implements FramePipe {
        @Override public void send(Frame frame) throws LinkDownException {
            Frame said = frame.type() == FrameType.POSITION ? copy(frame) : frame;
            if (said != frame) said.payload().putLong(said.payload().limit() - Long.BYTES, seq);
            real.send(said);
        }

        @Override public void close() { real.close(); }
    }

    private static final class Twice implements FramePipe {
        private final FramePipe real;

        Twice(FramePipe real) { this.real = real; }

        @Override public void send(Frame frame) throws LinkDownException {
            if (frame.type() == FrameType.BLOCKS || frame.type() == FrameType.RUNS) real.send(copy(frame));
            real.send(frame);
        }

        @Override public void close() { real.close(); }
    }

    /** Answers of damaged blocks that it has none. */
    private record Stingy(FramePipe real) implements FramePipe {
        @Override public void send(Frame frame) throws LinkDownException {
            real.send(frame.type() == FrameType.FETCHED ? Frame.of(FrameType.FETCHED, frame.number(), frame.offsetBytes(), ByteBuffer.allocate(0)) : frame);
        }

        @Override public void close() { real.close(); }
    }

    /** A snapshot waits for the next write. */
    private static final class Late implements FramePipe {
        private final FramePipe real;
        private Optional<Frame> kept = Optional.empty();

        Late(FramePipe real) { this.real = real; }

        @Override public void send(Frame frame) throws LinkDownException {
            if (kept.isEmpty() && frame.type() == FrameType.SNAPSHOT) {
                kept = Optional.of(copy(frame));
                return;
            }
            real.send(frame);
            if (kept.isEmpty()) return;
            Frame late = kept.get();
            kept = Optional.empty();
            real.send(late);
        }

        @Override public void close() { real.close(); }
    }

    /** Every proof is of something else. */
    private record Lying(FramePipe real) implements FramePipe {
        @Override public void send(Frame frame) throws LinkDownException {
            Frame sent = frame.type() == FrameType.PROOF ? copy(frame) : frame;
            if (frame.type() == FrameType.PROOF && sent.payload().hasRemaining()) sent.payload().put(0, (byte) ~sent.payload().get(0));
            real.send(sent);
        }

        @Override public void close() { real.close(); }
    }
}
