package io.dyad.peerlink;

import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The control connection of a cluster pair: requests and answers of both ends crossing each other, and a pulse.
 *
 * <pre>
 *  0               4       5                               13
 *  +---------------+-------+-------------------------------+----------
 *  | length  bytes | kind  | id  i64; PING, PONG: time  ns | JSON …
 *  +---------------+-------+-------------------------------+----------
 * </pre>
 */
final class ControlLink {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLink.class);
    private static final int HEADER_BYTES = 13;
    private static final int KIND = 4;
    private static final int ID = 5;
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_QUEUED = 1024;
    private static final int MAX_ANSWERING = 1024;
    private static final byte REQUEST = 1;
    private static final byte ANSWER = 2;
    private static final byte FAILED = 3;
    private static final byte PING = 4;
    private static final byte PONG = 5;
    private static final byte[] NOTHING = new byte[0];

    private final Wire wire;
    private final PeerLinks.Timing timing;
    private final UnaryOperator<PeerMessage> answers;
    private final BlockingQueue<ByteBuffer> outgoing = new ArrayBlockingQueue<>(MAX_QUEUED);
    private final Map<Long, CompletableFuture<PeerMessage>> waiting = new ConcurrentHashMap<>();
    private final Semaphore answering = new Semaphore(MAX_ANSWERING);
    private final AtomicLong ids = new AtomicLong();
    private volatile long heardNs = System.nanoTime();
    private volatile long latencyNs;
    private volatile @Nullable String closedWhy;

    ControlLink(Wire wire, long latencyNs, PeerLinks.Timing timing, UnaryOperator<PeerMessage> answers) {
        this.wire = wire;
        this.latencyNs = latencyNs;
        this.timing = timing;
        this.answers = answers;
    }

    long latencyNs() { return latencyNs; }

    /** Serves the link until it ends, for whatever reason; returns that reason. */
    String run(ScheduledExecutorService clock) {
        Thread writer = Thread.ofVirtual().name("peer-control-write").start(this::writeAll);
        long pingNs = timing.ping().toNanos();
        heardNs = System.nanoTime();
        ScheduledFuture<?> pulse = null;
        try {
            pulse = clock.scheduleAtFixedRate(this::beat, pingNs, pingNs, TimeUnit.NANOSECONDS);
            readAll();
        } catch (IOException | RuntimeException e) {
            close("lost: " + e.getMessage());
        } finally {
            if (pulse != null) pulse.cancel(false);
            writer.interrupt();
        }
        String why = String.valueOf(closedWhy);
        waiting.values().forEach(answer -> answer.completeExceptionally(new LinkDownException("link " + why)));
        return why;
    }

    void close(String why) {
        if (closedWhy == null) closedWhy = why;
        wire.close();
    }

    PeerMessage call(PeerMessage request) throws LinkDownException {
        long id = ids.incrementAndGet();
        CompletableFuture<PeerMessage> answer = new CompletableFuture<>();
        waiting.put(id, answer);
        try {
            if (!enqueue(REQUEST, id, MessageCodec.bytes(request))) throw new LinkDownException("too much is waiting to be sent");
            if (closedWhy != null) throw new LinkDownException("link " + closedWhy);
            return answer.get(timing.call().toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new LinkDownException("no answer within " + timing.call().toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LinkDownException("interrupted while waiting for an answer", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            throw new LinkDownException(cause == null ? "no answer" : String.valueOf(cause.getMessage()), e);
        } catch (LinkDownException e) {
            throw e;
        } catch (IOException e) {
            throw new IllegalArgumentException("request cannot be written", e);
        } finally {
            waiting.remove(id);
        }
    }

    /** Called by the clock; never waits. */
    private void beat() {
        Duration silence = Duration.ofNanos(System.nanoTime() - heardNs);
        if (silence.compareTo(timing.silence()) >= 0) close("silent for " + silence.toMillis() + " ms");
        else enqueue(PING, System.nanoTime(), NOTHING);
    }

    private boolean enqueue(byte kind, long id, byte[] body) {
        if (body.length > MAX_BYTES) throw new IllegalArgumentException("message of " + body.length + " bytes");
        return outgoing.offer(ByteBuffer.allocate(HEADER_BYTES + body.length).putInt(body.length).put(kind).putLong(id).put(body).flip());
    }

    private void writeAll() {
        try {
            while (closedWhy == null) wire.write(outgoing.take());
        } catch (IOException e) {
            close("lost: " + e.getMessage());
        } catch (InterruptedException e) {
            // the reader has ended
        }
    }

    private void readAll() throws IOException {
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
        while (true) {
            wire.read(header.clear());
            int bytes = header.getInt(0);
            if (bytes < 0 || bytes > MAX_BYTES) throw new ProtocolException("message of " + bytes + " bytes");
            byte[] body = new byte[bytes];
            wire.read(ByteBuffer.wrap(body));
            heardNs = System.nanoTime();
            received(header.get(KIND), header.getLong(ID), body);
        }
    }

    private void received(byte kind, long id, byte[] body) throws IOException {
        switch (kind) {
            case REQUEST -> {
                if (!answering.tryAcquire()) throw new ProtocolException("more than " + MAX_ANSWERING + " requests at once");
                Thread.ofVirtual().name("peer-control-answer").start(() -> answer(id, body));
            }
            case ANSWER -> answered(id, body);
            case FAILED -> {
                CompletableFuture<PeerMessage> answer = waiting.get(id);
                if (answer != null) answer.completeExceptionally(new LinkDownException("the peer could not answer"));
            }
            case PING -> enqueue(PONG, id, NOTHING);
            case PONG -> latencyNs = System.nanoTime() - id;
            default -> throw new ProtocolException("message of kind " + kind);
        }
    }

    private void answered(long id, byte[] body) {
        CompletableFuture<PeerMessage> answer = waiting.get(id);
        if (answer == null) return;                              // it came too late
        try {
            answer.complete(MessageCodec.message(body));
        } catch (IOException e) {
            answer.completeExceptionally(new LinkDownException("the peer's answer is not understood: " + e.getMessage()));
        }
    }

    private void answer(long id, byte[] request) {
        byte kind = FAILED;
        byte[] body = NOTHING;
        try {
            body = MessageCodec.bytes(answers.apply(MessageCodec.message(request)));
            kind = ANSWER;
        } catch (IOException e) {
            LOG.warn("request of {} is not understood: {}", wire.peerAddress(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("request of {} could not be answered", wire.peerAddress(), e);
        } finally {
            answering.release();
        }
        if (!enqueue(kind, id, body)) close("too many answers are waiting to be sent");
    }
}
