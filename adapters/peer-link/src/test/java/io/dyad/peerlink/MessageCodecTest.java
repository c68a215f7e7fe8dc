package io.dyad.peerlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dyad.replication.History;
import io.dyad.replication.Standing;
import io.dyad.replication.pairing.PeerMessage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MessageCodecTest {
    private static final PeerMessage.Introduction INTRODUCTION =
        new PeerMessage.Introduction(new UUID(1, 2), 3, new UUID(4, 5), "ab12", "East", "127.0.0.1", "127.0.0.1:1", "12.5.0.897");
    private static final PeerMessage.PairReport REPORT =
        new PeerMessage.PairReport(new UUID(6, 7), 8, "vol", "readWrite", 1 << 20, false, true, "Async", 2, "streaming",
            new PeerMessage.SnapshotsReport(List.of(new PeerMessage.SnapshotReport(new UUID(8, 9), "nightly", 5, 0, "", Map.of("by", "cron"), 1 << 20, new UUID(9, 9).toString(), true)),
                List.of(new UUID(9, 10)), false), new Standing(new History(new UUID(1, 1), List.of(new UUID(2, 2))), 3));
    private static final List<PeerMessage> ALL = List.of(new PeerMessage.Join(INTRODUCTION), new PeerMessage.Joined(INTRODUCTION),
        new PeerMessage.Report(9, INTRODUCTION, List.of(REPORT)), new PeerMessage.JoinVolume(9, REPORT), new PeerMessage.VolumeJoined(9, REPORT),
        new PeerMessage.Leaving(new UUID(1, 2)), new PeerMessage.Done(), new PeerMessage.Refused("INVALID_KEY", "words"));

    @Test void everyMessageComesBackUnderItsStableName() throws IOException {
        assertThat(ALL.stream().map(Object::getClass)).containsExactlyInAnyOrder(
            Stream.of(PeerMessage.class.getPermittedSubclasses()).filter(PeerMessage.class::isAssignableFrom).toArray(Class<?>[]::new));
        List<String> names = List.of("join", "joined", "report", "joinVolume", "volumeJoined", "leaving", "done", "refused");
        for (int i = 0; i < ALL.size(); i++) {
            assertThat(MessageCodec.message(MessageCodec.bytes(ALL.get(i)))).isEqualTo(ALL.get(i));
            assertThat(MessageCodec.tree(ALL.get(i)).get("type").textValue()).isEqualTo(names.get(i));
        }
    }

    @Test void membersOfALaterReleaseAreIgnored() throws IOException {
        assertThat(MessageCodec.message(Digests.utf8("{\"type\":\"done\",\"later\":1}"))).isEqualTo(new PeerMessage.Done());
    }

    @Test void aMissingMemberAndAnUnknownTypeAreRefused() {
        assertThatThrownBy(() -> MessageCodec.message(Digests.utf8("{\"type\":\"refused\",\"refusal\":\"X\"}"))).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> MessageCodec.message(Digests.utf8("{\"type\":\"java.lang.String\"}"))).isInstanceOf(IOException.class);
    }
}
