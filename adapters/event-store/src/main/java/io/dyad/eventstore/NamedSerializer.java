package io.dyad.eventstore;

import io.dyad.domain.Event;
import io.dyad.domain.State;
import org.axonframework.messaging.MetaData;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.SerializedType;
import org.axonframework.serialization.SimpleSerializedObject;
import org.axonframework.serialization.SimpleSerializedType;
import org.axonframework.serialization.json.JacksonSerializer;

/** JSON under the names of {@link EventType} and {@link StateType}; a name or revision it does not know is an error, never skipped. */
final class NamedSerializer extends JacksonSerializer {
    private static final String METADATA = MetaData.class.getName();

    NamedSerializer() { super(JacksonSerializer.builder().objectMapper(Json.mapper())); }

    @Override public <T> SerializedObject<T> serialize(Object object, Class<T> as) {
        SerializedObject<T> plain = super.serialize(object, as);
        if (!(object instanceof Event event)) return plain;
        EventType type = EventType.of(event);
        return new SimpleSerializedObject<>(plain.getData(), as, new SimpleSerializedType(type.logicalName(), type.revision()));
    }

    @Override public SerializedType typeForClass(@SuppressWarnings("rawtypes") Class type) {
        return State.class.isAssignableFrom(type) ? new SimpleSerializedType(StateType.name(type), StateType.VERSION) : super.typeForClass(type);
    }

    @SuppressWarnings("rawtypes")
    @Override public Class classForType(SerializedType type) {
        if (type.getName().equals(METADATA)) return MetaData.class;
        return EventType.named(type.getName()).<Class>map(known -> current(known, type))
            .or(() -> StateType.named(type.getName()))
            .orElseThrow(() -> new SerializationException("no event is called " + type.getName() + "; was it written by a newer version?"));
    }

    private static Class<?> current(EventType known, SerializedType type) {
        if (known.revision().equals(type.getRevision())) return known.event();
        throw new SerializationException(type.getName() + " of revision " + type.getRevision() + " cannot be read; known is " + known.revision());
    }
}
