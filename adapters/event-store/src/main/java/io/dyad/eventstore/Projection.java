package io.dyad.eventstore;

import io.dyad.domain.EventLog.Recorded;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.axonframework.common.transaction.NoTransactionManager;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.jdbc.JdbcTokenStore;
import org.axonframework.serialization.json.JacksonSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A named reader of the log with a thread and a token of its own. An event its consumer fails on is tried again until it succeeds. */
final class Projection implements EventHandlerInvoker, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Projection.class);
    private static final int EVENTS_PER_TOKEN = 100;
    private static final long FIRST_RETRY_MS = 50;
    private static final long LAST_RETRY_MS = 10_000;
    private static final long STOP_WITHIN_SECONDS = 10;

    private final String name;
    private final Consumer<Recorded> consumer;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final ScheduledExecutorService coordinator;
    private final ScheduledExecutorService worker;
    private final PooledStreamingEventProcessor processor;

    Projection(String name, Consumer<Recorded> consumer, DurableFeed feed, DataSource tokens) {
        this.name = name;
        this.consumer = consumer;
        coordinator = thread("dyad-" + name + "-feed");
        worker = thread("dyad-" + name);
        // One process holds the log, so a token claimed by a process that died is ours to take at once: all are the same node.
        var store = JdbcTokenStore.builder().connectionProvider(tokens::getConnection).serializer(JacksonSerializer.defaultSerializer()).nodeId("dyad").build();
        processor = PooledStreamingEventProcessor.builder()
            .name(name).eventHandlerInvoker(this).errorHandler(PropagatingErrorHandler.instance())
            .messageSource(new DurableSource(feed)).initialToken(source -> source.createTailToken()).initialSegmentCount(1)
            .tokenStore(store).transactionManager(NoTransactionManager.INSTANCE).batchSize(EVENTS_PER_TOKEN)
            .coordinatorExecutor(coordinator).workerExecutor(worker)
            .build();
    }

    private static ScheduledExecutorService thread(String name) {
        ScheduledThreadPoolExecutor one = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().name(name).daemon().factory());
        one.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);       // or a task due later would keep the thread
        return one;
    }

    void start() { processor.start(); }

    @Override public boolean canHandle(EventMessage<?> message, Segment segment) { return true; }

    @Override public void handle(EventMessage<?> message, Segment segment) throws InterruptedException {
        Recorded recorded = EventTable.recorded((TrackedEventMessage<?>) message);
        for (long waitMs = FIRST_RETRY_MS; stopping.getCount() > 0; waitMs = Math.min(2 * waitMs, LAST_RETRY_MS)) {
            try {
                consumer.accept(recorded);
                return;
            } catch (RuntimeException e) {
                LOG.warn("projection {} failed at {}; again in {} ms", name, recorded, waitMs, e);
            }
            if (stopping.await(waitMs, TimeUnit.MILLISECONDS)) break;
        }
        throw new IllegalStateException("projection " + name + " stops before " + recorded.position());
    }

    /** Waits for the event at hand, 10 s at most. Threads are not interrupted: that would close H2's channel for all. */
    @Override public void close() {
        stopping.countDown();
        try {
            processor.shutdownAsync().get(STOP_WITHIN_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("projection {} did not stop in order", name, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            end(worker);
            end(coordinator);
        }
    }

    private static void end(ScheduledExecutorService thread) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_WITHIN_SECONDS, TimeUnit.SECONDS)) LOG.warn("a projection's thread has not ended yet");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
