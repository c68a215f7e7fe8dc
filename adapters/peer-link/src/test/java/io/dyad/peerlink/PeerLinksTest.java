package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.peerlink.packing.Packing;
import io.dyad.replication.Frame;
import io.dyad.replication.FramePipe;
import io.dyad.replication.FrameType;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerMessage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@ParameterizedClass
@EnumSource(Transport.class)
class PeerLinksTest {
    private static final FrameType ANY = FrameType.values()[0];
    private static final UUID VOLUME_PAIR = new UUID(3, 4);

    @Parameter Transport transport = Transport.TLS;
    @TempDir Path dir;
    private Cluster near;
    private Cluster far;
    private UUID pair;

    @BeforeEach void open() throws IOException {
        near = new Cluster(dir, "near", s -> s.transport(transport));
        far = new Cluster(dir, "far", s -> s.transport(transport));
        pair = near.pairWith(far);
    }

    @AfterEach void close() {
        near.close();
        far.close();
    }

    @Test void requestsCrossBothWaysAtOnceAndAnswerersMayAskBack() throws Exception {
        far.answering = request -> request;
        near.answering = request -> request instanceof PeerMessage.Leaving leaving ? ask(near, leaving) : request;
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                PeerMessage.Leaving request = new PeerMessage.Leaving(UUID.randomUUID());
                all.add(callers.submit(() -> near.network().call(pair, request).equals(request)));
                all.add(callers.submit(() -> far.network().call(pair, request).equals(request)));
            }
            for (Future<Boolean> one : all) assertThat(one.get()).isTrue();
        }
        assertThat(far.network().latencyNs(pair)).isPositive();
    }

    @Test void anAnswererThatFailsIsALinkThatIsDownForTheCallerOnly() throws LinkDownException {
        far.answering = request -> { throw new IllegalStateException("boom"); };
        assertThatThrownBy(() -> near.network().call(pair, new PeerMessage.Done())).isInstanceOf(LinkDownException.class).hasMessageContaining("could not answer");
        far.answering = request -> request;
        assertThat(near.network().call(pair, new PeerMessage.Done())).isEqualTo(new PeerMessage.Done());
    }

    @Test void framesArriveIntactAndInOrderThroughASlowReceiver() throws Exception {
        int frames = 48;
        Semaphore permits = new Semaphore(0);
        CountDownLatch received = new CountDownLatch(frames);
        AtomicInteger wrong = new AtomicInteger();
        AtomicInteger sent = new AtomicInteger();
        ByteBuffer expected = noise();
        near.receiving = pipe -> new FramePipe.Receiver() {
            @Override public void frame(Frame frame) {
                permits.acquireUninterruptibly();
                if (frame.number() != frames - received.getCount() || !frame.payload().equals(expected)) wrong.incrementAndGet();
                frame.release();
                received.countDown();
            }

            @Override public void closed(String why) { }
        };
        FramePipe pipe = far.network().openPipe(pair, VOLUME_PAIR, new Cluster.Inbox());
        Thread sender = Thread.ofPlatform().start(() -> {
            try {
                for (int i = 0; i < frames; i++) {
                    pipe.send(Frame.of(ANY, i, 0, expected.duplicate()));
                    sent.incrementAndGet();
                }
            } catch (LinkDownException e) {
                wrong.incrementAndGet();
            }
        });
        Cluster.eventually(() -> sender.getState() == Thread.State.RUNNABLE && sent.get() > 0, "sending");
        permits.release(frames);
        assertThat(received.await(8, TimeUnit.SECONDS)).isTrue();
        assertThat(wrong).hasValue(0);
    }

    @Test void smallFramesComeBackAtOnce() throws Exception {
        near.receiving = pipe -> new FramePipe.Receiver() {
            @Override public void frame(Frame frame) {
                try {
                    pipe.send(frame);
                } catch (LinkDownException e) {
                    throw new UncheckedIOException(e);
                } finally {
                    frame.release();
                }
            }

            @Override public void closed(String why) { }
        };
        Cluster.Inbox inbox = new Cluster.Inbox();
        FramePipe pipe = far.network().openPipe(pair, VOLUME_PAIR, inbox);
        long startNs = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            pipe.send(Frame.of(ANY, i));
            assertThat(Cluster.next(inbox.frames).number()).isEqualTo(i);
        }
        assertThat((System.nanoTime() - startNs) / 100).as("ns a round trip; Nagle would take 40 ms").isLessThan(20_000_000);
    }

    @Test void theAcceptingEndMaySendBeforeItsListenerReturns() throws Exception {
        near.receiving = pipe -> {
            try {
                pipe.send(Frame.of(ANY, 42));
                return new Cluster.Inbox();
            } catch (LinkDownException e) {
                throw new UncheckedIOException(e);
            }
        };
        Cluster.Inbox inbox = new Cluster.Inbox();
        far.network().openPipe(pair, VOLUME_PAIR, inbox);
        assertThat(Cluster.next(inbox.frames).number()).isEqualTo(42);
    }

    @Test void aPipeThatTheListenerRefusesIsRefusedInItsWords() {
        near.receiving = pipe -> { throw new UncheckedIOException(new IOException("no such volume pair")); };
        assertThatThrownBy(() -> far.network().openPipe(pair, VOLUME_PAIR, new Cluster.Inbox()))
            .isInstanceOf(LinkDownException.class).hasMessageContaining("no such volume pair");
    }

    @Test void aNewPipeOfAVolumePairEndsTheFormerOneFirst() throws Exception {
        Cluster.Inbox first = new Cluster.Inbox();
        far.network().openPipe(pair, VOLUME_PAIR, first);
        far.network().openPipe(pair, VOLUME_PAIR, new Cluster.Inbox());
        assertThat(first.closed).hasSize(1);
    }

    @Test void whenTheLinkGoesDownItsPipesCloseAndCallsFailAtOnce() throws Exception {
        Cluster.Inbox nearEnd = new Cluster.Inbox();
        Cluster.Inbox farEnd = new Cluster.Inbox();
        near.receiving = pipe -> nearEnd;
        FramePipe pipe = far.network().openPipe(pair, VOLUME_PAIR, farEnd);
        near.network().cut(pair);
        near.awaitLink(false);
        far.awaitLink(false);
        Cluster.next(nearEnd.closed);
        Cluster.next(farEnd.closed);
        assertThatThrownBy(() -> pipe.send(Frame.of(ANY, 1))).isInstanceOf(LinkDownException.class);
        assertThatThrownBy(() -> near.network().call(pair, new PeerMessage.Done())).isInstanceOf(LinkDownException.class);
        assertThatThrownBy(() -> far.network().openPipe(pair, VOLUME_PAIR, farEnd)).isInstanceOf(LinkDownException.class);
        assertThat(nearEnd.closed).isEmpty();
    }

    @Test void theLinkComesBackAfterACutAndAfterARestartOfEitherEnd() throws Exception {
        near.network().cut(pair);
        near.awaitLink(false);
        far.awaitLink(false);
        near.network().heal(pair);
        near.awaitLink(true);
        far.awaitLink(true);
        near.restart();
        near.awaitLink(false);
        far.awaitLink(false);
        near.network().keep(pair, far.network().link(), false);
        near.awaitLink(true);
        far.awaitLink(true);
        far.restart();
        near.awaitLink(false);
        far.awaitLink(false);
        far.network().keep(pair, near.network().link(), true);
        near.awaitLink(true);
        assertThat(far.awaitLink(true).latencyNs()).isPositive();
    }

    @Test void forgettingClosesWithinASecondAndForGood() throws Exception {
        Cluster.Inbox end = new Cluster.Inbox();
        far.network().openPipe(pair, VOLUME_PAIR, end);
        long startNs = System.nanoTime();
        near.network().forget(pair);
        near.awaitLink(false);
        far.awaitLink(false);
        Cluster.next(end.closed);
        assertThat(System.nanoTime() - startNs).isLessThan(1_000_000_000L);
        assertThat(Files.list(near.secretsDir)).isEmpty();
        near.network().keep(pair, far.network().link(), false);
        Context context = new Context(PeerLinks.Settings.of(far.identity, far.secretsDir, new java.net.InetSocketAddress(0)).transport(transport), far,
            Secrets.open(far.secretsDir), Executors.newSingleThreadScheduledExecutor(), new BufferPool(), new HeldBudget(1 << 10));
        Secrets.Shared shared = context.secrets().shared(pair).orElseThrow();
        assertThatThrownBy(() -> context.dial(near.network().link(), wire -> Login.dial(wire, Exchange.Hello.control(pair), shared, far.identity)))
            .isInstanceOf(RefusedException.class);
        context.clock().shutdownNow();
    }

    @Test void aLoginNeedsTheSecretAndTheCertificate() throws Exception {
        Cluster thief = new Cluster(dir, "thief", s -> s.transport(transport));
        Context context = new Context(PeerLinks.Settings.of(far.identity, far.secretsDir, new java.net.InetSocketAddress(0)).transport(transport), far,
            Secrets.open(far.secretsDir), Executors.newSingleThreadScheduledExecutor(), new BufferPool(), new HeldBudget(1 << 10));
        Secrets.Shared right = context.secrets().shared(pair).orElseThrow();
        Secrets.Shared wrong = new Secrets.Shared(new byte[32], right.peerFingerprint());
        assertThatThrownBy(() -> context.dial(near.network().link(), wire -> Login.dial(wire, Exchange.Hello.control(pair), wrong, far.identity)))
            .isInstanceOf(RefusedException.class);
        Context thieves = new Context(PeerLinks.Settings.of(thief.identity, far.secretsDir, new java.net.InetSocketAddress(0)).transport(transport), far,
            context.secrets(), context.clock(), new BufferPool(), new HeldBudget(1 << 10));
        assertThatThrownBy(() -> thieves.dial(near.network().link(), wire -> Login.dial(wire, Exchange.Hello.control(pair), right, thief.identity)))
            .isInstanceOf(RefusedException.class);
        context.clock().shutdownNow();
        thief.close();
    }

    @Test void anotherVersionIsRefusedInWords() throws Exception {
        try (java.nio.channels.SocketChannel channel = java.nio.channels.SocketChannel.open(Sockets.resolve(near.network().link()))) {
            Wire wire = transport.over(channel, far.identity, true);
            wire.write(ByteBuffer.allocate(11).putInt(0x44594144).put((byte) 9).putInt(2).put((byte) '{').put((byte) '}').flip());
            assertThatThrownBy(() -> new Exchange(wire).receive(Exchange.Proof.class))
                .isInstanceOf(RefusedException.class).hasMessageContaining("version 1").hasMessageContaining("9");
        }
    }

    @Test void aBadFrameClosesThePipeAndNothingElse() throws Exception {
        Cluster.Inbox end = new Cluster.Inbox();
        near.receiving = pipe -> end;
        Context context = new Context(PeerLinks.Settings.of(far.identity, far.secretsDir, new java.net.InetSocketAddress(0)).transport(transport), far,
            Secrets.open(far.secretsDir), Executors.newSingleThreadScheduledExecutor(), new BufferPool(), new HeldBudget(1 << 10));
        Wire wire = context.dial(near.network().link(), w -> Login.dial(w, Exchange.Hello.pipe(pair, VOLUME_PAIR),
            context.secrets().shared(pair).orElseThrow(), far.identity)).wire();
        ByteBuffer frame = ByteBuffer.allocate(Frame.HEADER_BYTES);
        Frame.of(ANY, 1).putHeader(frame);
        wire.write(Packing.greeting(0), frame.putLong(16, 2).flip());
        assertThat(Cluster.next(end.closed)).contains("checksum");
        assertThat(end.frames).isEmpty();
        assertThat(far.network().call(pair, new PeerMessage.Done())).isEqualTo(new PeerMessage.Done());
        context.clock().shutdownNow();
    }

    @Test void garbageAndSilenceOnTheListenerHarmNobody() throws Exception {
        int port = Sockets.resolve(near.network().link()).getPort();
        List<Socket> strangers = new ArrayList<>();
        Random random = new Random(7);
        for (int i = 0; i < 100; i++) {
            Socket socket = new Socket("127.0.0.1", port);
            byte[] garbage = new byte[i % 2 == 0 ? 0 : 300];
            random.nextBytes(garbage);
            socket.getOutputStream().write(garbage);
            strangers.add(socket);
        }
        assertThat(far.network().call(pair, new PeerMessage.Done())).isEqualTo(new PeerMessage.Done());
        for (Socket socket : strangers) socket.close();
        Cluster.eventually(() -> opens(new Cluster.Inbox()), "a pipe opens once the strangers have gone");
    }

    private boolean opens(Cluster.Inbox inbox) {
        try {
            far.network().openPipe(pair, VOLUME_PAIR, inbox);
            return true;
        } catch (LinkDownException e) {
            return false;
        }
    }

    private PeerMessage ask(Cluster cluster, PeerMessage request) {
        try {
            return cluster.network().call(pair, request);
        } catch (LinkDownException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static ByteBuffer noise() {
        byte[] bytes = new byte[1 << 20];
        new Random(1).nextBytes(bytes);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }
}
