package io.dyad.eventstore;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.dyad.domain.Event;
import io.dyad.domain.State;
import java.io.IOException;
import java.util.Set;

/** Events and states as people and scripts read them: an event as it is stored, sets and maps in one order always. */
public final class PlainJson {
    private static final ObjectMapper MAPPER = Json.mapper().copy()
        .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
        .registerModule(new SimpleModule("sorted").addSerializer(Set.class, new Sorted()));

    private PlainJson() { }

    /** The name for ever, such as {@code volume-pair.paused}. */
    public static String name(Event event) { return EventType.of(event).logicalName(); }

    /** Such as {@code Paused}. */
    public static String name(State state) { return state.getClass().getSimpleName(); }

    public static JsonNode of(Event event) { return MAPPER.valueToTree(event); }

    public static JsonNode of(State state) { return MAPPER.valueToTree(state); }

    @SuppressWarnings("rawtypes") private static final class Sorted extends StdSerializer<Set> {
        Sorted() { super(Set.class); }

        @Override public void serialize(Set set, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeStartArray();
            for (Object member : set.stream().sorted().toArray()) provider.defaultSerializeValue(member, out);
            out.writeEndArray();
        }
    }
}
