package io.dyad.eventstore;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.KeyDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.dyad.domain.Access;
import io.dyad.domain.AccountId;
import io.dyad.domain.AdminId;
import io.dyad.domain.ClusterPairId;
import io.dyad.domain.FaultCode;
import io.dyad.domain.JobId;
import io.dyad.domain.Mode;
import io.dyad.domain.SnapshotId;
import io.dyad.domain.VolumeAccessGroupId;
import io.dyad.domain.VolumeId;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.function.ToLongFunction;

/**
 * The JSON of events and states: ids are numbers, {@link Access} and {@link Mode} their wire words, instants ISO-8601.
 * Reading ignores fields it does not know and fails on a field it misses.
 */
final class Json {
    private Json() { }

    static ObjectMapper mapper() {
        var module = new SimpleModule("dyad");
        number(module, AccountId.class, AccountId::value, AccountId::new);
        number(module, ClusterPairId.class, ClusterPairId::value, ClusterPairId::new);
        number(module, VolumeId.class, VolumeId::value, VolumeId::new);
        number(module, SnapshotId.class, SnapshotId::value, SnapshotId::new);
        number(module, JobId.class, JobId::value, JobId::new);
        number(module, AdminId.class, AdminId::value, AdminId::new);
        number(module, VolumeAccessGroupId.class, VolumeAccessGroupId::value, VolumeAccessGroupId::new);
        word(module, FaultCode.class, FaultCode::wire, FaultCode::ofWire);
        word(module, Access.class, Access::wire, Access::ofWire);
        word(module, Mode.class, Mode::wire, Mode::ofWire);
        return JsonMapper.builder()
            .addModules(new Jdk8Module(), new JavaTimeModule(), module)
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES, DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .build();
    }

    private static <T> void number(SimpleModule module, Class<T> type, ToLongFunction<T> number, LongFunction<T> of) {
        module.addSerializer(type, new Writing<>(type, (value, out) -> out.writeNumber(number.applyAsLong(value))));
        module.addDeserializer(type, new Reading<>(type, in -> of.apply(in.getLongValue())));
        module.addKeyDeserializer(type, new KeyDeserializer() {
            @Override public Object deserializeKey(String key, DeserializationContext context) { return of.apply(Long.parseLong(key)); }
        });
    }

    private static <T> void word(SimpleModule module, Class<T> type, Function<T, String> word, Function<String, Optional<T>> of) {
        module.addSerializer(type, new Writing<>(type, (value, out) -> out.writeString(word.apply(value))));
        module.addDeserializer(type, new Reading<>(type, in -> {
            String text = in.getText();
            return of.apply(text).orElseThrow(() -> new IOException("no " + type.getSimpleName() + " is called " + text));
        }));
    }

    private interface Write<T> {
        void to(T value, JsonGenerator out) throws IOException;
    }

    private interface Read<T> {
        T from(JsonParser in) throws IOException;
    }

    private static final class Writing<T> extends StdSerializer<T> {
        private final transient Write<T> write;

        Writing(Class<T> type, Write<T> write) {
            super(type);
            this.write = write;
        }

        @Override public void serialize(T value, JsonGenerator out, SerializerProvider provider) throws IOException { write.to(value, out); }
    }

    private static final class Reading<T> extends StdDeserializer<T> {
        private final transient Read<T> read;

        Reading(Class<T> type, Read<T> read) {
            super(type);
            this.read = read;
        }

        @Override public T deserialize(JsonParser in, DeserializationContext context) throws IOException { return read.from(in); }
    }
}
