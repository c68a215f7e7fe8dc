package io.dyad.replication;

import io.dyad.replication.PairEndpoint.Flow;
import io.dyad.replication.PairEndpoint.Role;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** One end's part in a session over a pipe, as its source or its target. One owner thread calls it. */
sealed interface Session permits Shipper, Receiver {
    Role role();

    /** How far it is. A source's is ACTIVE once the target has all, whether its hosts wait for it or not. */
    Flow flow();

    /** True while it streams. */
    boolean streams();

    /** True while it does nothing else. */
    boolean steady();

    /** True when a step has something to do now that {@link #dueNs} does not tell. */
    boolean owes();

    void frame(Frame frame, long nowNs) throws IOException;

    /** One bounded piece of work; false when there is nothing to do until something arrives or time passes. */
    boolean step(long nowNs) throws IOException;

    /** What it has received and is to be made durable now; null when there is none. */
    default @Nullable Force force(long nowNs) throws IOException { return null; }

    /** A force has ended. */
    default void forced() throws IOException { }

    /** When a step, or a force, is due though nothing arrives, or {@code neverNs}. */
    long dueNs(long nowNs, long neverNs);

    /** Compares both ends while they run. */
    void verify(Verification wanted) throws LinkDownException;

    /** Asks for the other end's copy of a block that is damaged here; {@code answered} runs in any case, sooner or later. */
    void heal(long offsetBytes, Runnable answered) throws LinkDownException;

    /** Blocks of the running epoch that are left, and its size. */
    long blocksLeft();

    long blocksTotal();

    /** Why a source's stream does not keep up with the host. */
    Overload overload();

    /** Ends it: what the target may lack is remembered, what it acknowledged is on its disk. */
    void stop() throws IOException;
}
