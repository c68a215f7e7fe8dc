package io.dyad.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.domain.Event;
import io.dyad.domain.EventLog.Recorded;
import io.dyad.domain.VolumeEvent.VolumeGrown;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventUtils;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedMetaData;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.upcasting.event.EventUpcaster;
import org.axonframework.serialization.upcasting.event.IntermediateEventRepresentation;
import org.axonframework.serialization.upcasting.event.SingleEventUpcaster;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The corpus {@code corpus/NAME.REVISION.json} holds an event of every name as it was once written. */
class EventNamesTest {
    private static final ObjectMapper PLAIN = new ObjectMapper();

    @ParameterizedTest @EnumSource void an_event_of_the_corpus_is_read_and_written_as_it_stands(EventType type) throws IOException {
        byte[] sample = sample(type);

        Event event = read(type.logicalName(), type.revision(), sample, Upcasters.chain());

        assertThat(event).isExactlyInstanceOf(type.event());
        assertThat(EventType.of(event)).isEqualTo(type);
        assertThat(PLAIN.readTree(new NamedSerializer().serialize(event, byte[].class).getData())).isEqualTo(PLAIN.readTree(sample));
    }

    @Test void every_event_has_one_name() {
        List<Class<?>> events = Arrays.stream(Event.class.getPermittedSubclasses()).flatMap(kind -> Stream.of(kind.getPermittedSubclasses())).toList();

        assertThat(EventType.values()).extracting(EventType::event).containsExactlyInAnyOrderElementsOf(events.stream().<Class<? extends Event>>map(e -> e.asSubclass(Event.class)).toList());
    }

    @Test void a_field_that_is_not_known_is_passed_over() {
        assertThat(read("volume.grown", "1", "{\"id\":7,\"sizeBytes\":2097152,\"colour\":\"red\"}", Upcasters.chain())).isEqualTo(new VolumeGrown(new VolumeId(7), 2097152));
    }

    @Test void a_field_that_is_missing_is_an_error() {
        assertThatThrownBy(() -> read("volume.grown", "1", "{\"id\":7}", Upcasters.chain())).isInstanceOf(SerializationException.class);
    }

    @Test void a_name_or_a_revision_that_is_not_known_is_an_error() {
        assertThatThrownBy(() -> read("volume.painted", "1", "{}", Upcasters.chain())).hasMessageContaining("no event is called volume.painted");
        assertThatThrownBy(() -> read("volume.grown", "2", "{}", Upcasters.chain())).hasMessageContaining("volume.grown of revision 2 cannot be read");
    }

    /** The pattern of a step in {@link Upcasters}: revision 0 told a volume's size in mebibytes. */
    @Test void an_old_revision_is_read_through_its_upcaster() {
        assertThat(read("volume.grown", "0", "{\"id\":7,\"sizeMebibytes\":2}", new MebibytesToBytes())).isEqualTo(new VolumeGrown(new VolumeId(7), 2097152));
    }

    private static final class MebibytesToBytes extends SingleEventUpcaster {
        private static final SimpleSerializedType FROM = new SimpleSerializedType("volume.grown", "0");

        @Override protected boolean canUpcast(IntermediateEventRepresentation event) { return event.getType().equals(FROM); }

        @Override protected IntermediateEventRepresentation doUpcast(IntermediateEventRepresentation event) {
            return event.upcastPayload(new SimpleSerializedType("volume.grown", "1"), JsonNode.class, json -> {
                ObjectNode now = json.deepCopy();
                now.put("sizeBytes", now.remove("sizeMebibytes").longValue() << 20);
                return now;
            });
        }
    }

    private static byte[] sample(EventType type) throws IOException {
        String name = "/corpus/" + type.logicalName() + "." + type.revision() + ".json";
        try (InputStream in = EventNamesTest.class.getResourceAsStream(name)) {
            if (in == null) throw new AssertionError(name + " is missing");
            return in.readAllBytes();
        }
    }

    private static Event read(String name, String revision, String json, EventUpcaster upcasters) {
        return read(name, revision, json.getBytes(StandardCharsets.UTF_8), upcasters);
    }

    private static Event read(String name, String revision, byte[] json, EventUpcaster upcasters) {
        var row = new StoredEvent(1, "kind", "stream", 0, "id", Story.NOON, new SimpleSerializedObject<>(json, byte[].class, name, revision),
            new SerializedMetaData<>("{}".getBytes(StandardCharsets.UTF_8), byte[].class));
        Recorded recorded = EventUtils.upcastAndDeserializeTrackedEvents(Stream.of(row), new NamedSerializer(), upcasters)
            .map(EventTable::recorded).findFirst().orElseThrow();
        return recorded.event();
    }
}
