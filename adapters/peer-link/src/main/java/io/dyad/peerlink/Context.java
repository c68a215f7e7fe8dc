package io.dyad.peerlink;

import io.dyad.peerlink.packing.HeldBudget;
import io.dyad.replication.LinkDownException;
import io.dyad.replication.pairing.PeerNetwork;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** What every part of one network uses together. {@code clock} runs short tasks only: nothing on it waits. */
record Context(PeerLinks.Settings settings, PeerNetwork.Listener listener, Secrets secrets, ScheduledExecutorService clock, BufferPool buffers,
               HeldBudget held) {
    /** Something over a freshly dialled wire, within the handshake's time-out. */
    interface Talk<T> {
        T with(Wire wire) throws IOException;
    }

    /** What the talk made of the wire; the wire stays open. */
    record Dialled<T>(Wire wire, T result) { }

    /** Closes the channel when the handshake's time is over, unless cancelled before. */
    ScheduledFuture<?> deadline(SocketChannel channel) {
        return clock.schedule(() -> Sockets.close(channel), settings.timing().handshake().toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Connects and talks; everything is closed when it throws. A refusal stays a refusal, all else is a link that is down. */
    <T> Dialled<T> dial(String link, Talk<T> talk) throws RefusedException, LinkDownException {
        ScheduledFuture<?> deadline = null;
        SocketChannel channel = null;
        try {
            channel = SocketChannel.open();
            deadline = deadline(channel);
            Sockets.tune(channel);
            channel.connect(Sockets.resolve(link));
            Wire wire = settings.transport().over(channel, settings.identity(), true);
            T result = talk.with(wire);
            if (!deadline.cancel(false)) throw new IOException("too late");
            return new Dialled<>(wire, result);
        } catch (IOException | RuntimeException e) {
            boolean late = deadline != null && deadline.isDone();
            if (deadline != null) deadline.cancel(false);
            if (channel != null) Sockets.close(channel);
            if (e instanceof RefusedException refused) throw refused;
            if (e instanceof LinkDownException down) throw down;
            throw new LinkDownException(link + (late ? " did not answer in time" : " cannot be reached: " + e.getMessage()), e);
        }
    }
}
