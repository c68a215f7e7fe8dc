package io.dyad.peerlink;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.NamedType;
import io.dyad.replication.pairing.PeerMessage;
import java.io.IOException;
import java.net.ProtocolException;

/** Peer messages as JSON objects whose {@code type} names them for good; members it does not know are ignored. */
final class MessageCodec {
    private static final JsonMapper JSON = JsonMapper.builder()
        .addMixIn(PeerMessage.class, Typed.class)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
        .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES, DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .registerSubtypes(
            new NamedType(PeerMessage.Join.class, "join"), new NamedType(PeerMessage.Joined.class, "joined"),
            new NamedType(PeerMessage.Report.class, "report"),
            new NamedType(PeerMessage.JoinVolume.class, "joinVolume"), new NamedType(PeerMessage.VolumeJoined.class, "volumeJoined"),
            new NamedType(PeerMessage.Leaving.class, "leaving"), new NamedType(PeerMessage.Done.class, "done"),
            new NamedType(PeerMessage.Refused.class, "refused"))
        .build();

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
    private interface Typed { }

    private MessageCodec() { }

    static byte[] bytes(PeerMessage message) throws IOException { return JSON.writerFor(PeerMessage.class).writeValueAsBytes(message); }

    static JsonNode tree(PeerMessage message) throws IOException { return JSON.readTree(bytes(message)); }

    static PeerMessage message(byte[] json) throws IOException {
        try {
            return JSON.readValue(json, PeerMessage.class);
        } catch (JsonProcessingException e) {
            throw new ProtocolException("no peer message: " + e.getOriginalMessage());
        }
    }

    static PeerMessage message(JsonNode tree) throws IOException {
        try {
            return JSON.treeToValue(tree, PeerMessage.class);
        } catch (JsonProcessingException e) {
            throw new ProtocolException("no peer message: " + e.getOriginalMessage());
        }
    }
}
