package io.dyad.eventstore;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.messaging.StreamableMessageSource;
import org.jspecify.annotations.Nullable;

/** The log as Axon's processors read it: durable events only, tokens are positions. */
final class DurableSource implements StreamableMessageSource<TrackedEventMessage<?>> {
    private final DurableFeed feed;

    DurableSource(DurableFeed feed) { this.feed = feed; }

    @Override public BlockingStream<TrackedEventMessage<?>> openStream(@Nullable TrackingToken from) {
        return new Events(from == null ? 0 : from.position().orElse(0));
    }

    @Override public TrackingToken createTailToken() { return new GlobalSequenceTrackingToken(0); }

    @Override public TrackingToken createHeadToken() { return new GlobalSequenceTrackingToken(feed.watermark()); }

    @Override public TrackingToken createTokenAt(Instant at) { throw new UnsupportedOperationException("projections start where they stopped, or at 0"); }

    private final class Events implements BlockingStream<TrackedEventMessage<?>> {
        private final ReentrantLock lock = new ReentrantLock();
        private final Condition more = lock.newCondition();
        private final Queue<TrackedEventMessage<?>> page = new ArrayDeque<>();
        private final AutoCloseable waking;
        private volatile Runnable available = () -> { };
        private long position;

        /** The log may advance while it opens: it is woken only once all else is there. */
        Events(long after) {
            position = after;
            waking = feed.onAdvance(this::wake);
        }

        private void wake() {
            lock.lock();
            try {
                more.signalAll();
            } finally {
                lock.unlock();
            }
            available.run();
        }

        @Override public Optional<TrackedEventMessage<?>> peek() {
            fill();
            return Optional.ofNullable(page.peek());
        }

        private void fill() {
            if (!page.isEmpty() || position >= feed.watermark()) return;
            try {
                page.addAll(feed.page(position));
            } catch (SQLException e) {
                throw new IllegalStateException("the event log cannot be read after " + position, e);
            }
        }

        @Override public boolean hasNextAvailable(int timeout, TimeUnit unit) throws InterruptedException {
            lock.lock();
            try {
                for (long left = unit.toNanos(timeout); page.isEmpty() && position >= feed.watermark(); ) {
                    if (left <= 0) return false;
                    left = more.awaitNanos(left);
                }
            } finally {
                lock.unlock();
            }
            return true;
        }

        @Override public TrackedEventMessage<?> nextAvailable() throws InterruptedException {
            while (!hasNextAvailable(1, TimeUnit.SECONDS)) { }
            fill();
            TrackedEventMessage<?> next = page.remove();
            position = next.trackingToken().position().orElseThrow();
            return next;
        }

        @Override public boolean setOnAvailableCallback(Runnable callback) {
            available = callback;
            return true;
        }

        @Override public void close() {
            try {
                waking.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
