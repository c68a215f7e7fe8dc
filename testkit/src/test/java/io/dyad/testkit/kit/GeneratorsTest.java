package io.dyad.testkit.kit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.MethodSpec;
import io.dyad.spec.ParamSpec;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeSpec.Bounds;
import io.dyad.spec.TypeSpec.Kind;
import io.dyad.spec.TypeSpec.Scalar;
import io.dyad.spec.TypeSpec.Words;
import io.dyad.testkit.model.Side;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds what the kit asks to the contract: a method, a param, a word or a bound that is added there and not here is red, until it is asked or named as left out. */
class GeneratorsTest {
    private static final Spec SPEC = Spec.load();
    private static final int STORIES = 150;
    private static final int STEPS = 60;
    /** Params that the model says nothing of. */
    private static final Map<String, Set<String>> LEFT_OUT = Map.of(
        "AddAccount", Set.of("initiatorSecret", "targetSecret", "attributes", "enableChap"),
        "CreateVolume", Set.of("enable512e", "qos", "qosPolicyID", "attributes", "associateWithQoSPolicy", "enableSnapMirrorReplication", "fifoSize", "minFifoSize", "protectionScheme"),
        "ModifyVolume", Set.of("accountID", "qos", "qosPolicyID", "attributes", "associateWithQoSPolicy", "enableSnapMirrorReplication", "fifoSize", "minFifoSize"),
        "ModifyVolumePair", Set.of("pauseLimit"),
        "ListAccounts", Set.of("startAccountID", "limit", "includeStorageContainers"),
        "ListVolumes", Set.of("includeVirtualVolumes", "protectionSchemes"),
        "ListActiveVolumes", Set.of("includeVirtualVolumes"),
        "ListVolumesForAccount", Set.of("includeVirtualVolumes"));
    /** Words that no sequence of the model's calls leads to. */
    private static final Map<String, Set<String>> WORDS_LEFT_OUT = Map.of("volumeStatus", Set.of("init"));
    /** Types whose bounds are kept to: what lies beyond them is asked by {@link Misspoken} and by the siege. */
    private static final Set<String> KEPT_TO = Set.of("PageLimit");
    /** What was asked: by method and param, every value. */
    private static final Map<String, Map<String, Set<JsonNode>>> ASKED = new TreeMap<>();

    @BeforeAll static void tell() {
        var random = new SplittableRandom(1);
        List<Verb> verbs = Arrays.stream(Verb.values()).filter(v -> v != Verb.MISSPEAK).flatMap(v -> IntStream.range(0, v.weight()).mapToObj(i -> v)).toList();
        for (int i = 0; i < STORIES; i++) {
            FakeClusters fakes = FakeClusters.with(Mutant.NONE);
            Trial trial = Trial.on(heard(fakes));
            Stream<Step> rest = Stream.generate(() -> new Step(random.nextBoolean() ? Side.A : Side.B, verbs.get(random.nextInt(verbs.size())), random.nextInt(1024), random.nextInt(1024)));
            Stream.concat(Steps.TOWARDS_A_PAIR.stream(), rest.limit(STEPS)).forEach(trial::play);
        }
    }

    private static TwoClusters heard(FakeClusters fakes) {
        return new TwoClusters() {
            @Override public ElementEndpoint a() { return heard(fakes.a()); }

            @Override public ElementEndpoint b() { return heard(fakes.b()); }

            @Override public Duration patience() { return fakes.patience(); }
        };
    }

    private static ElementEndpoint heard(ElementEndpoint endpoint) {
        return (String method, ObjectNode params) -> {
            Map<String, Set<JsonNode>> of = ASKED.computeIfAbsent(method, m -> new HashMap<>());
            params.properties().forEach(p -> of.computeIfAbsent(p.getKey(), n -> new HashSet<>()).add(p.getValue()));
            return endpoint.call(method, params);
        };
    }

    private static Stream<MethodSpec> spoken() { return SPEC.methods().values().stream().filter(m -> ASKED.containsKey(m.name())); }

    private static Stream<ParamSpec> spokenParams() { return spoken().flatMap(m -> m.params().stream().filter(p -> said(m).contains(p.name()))); }

    private static Set<String> said(MethodSpec m) { return ASKED.getOrDefault(m.name(), Map.of()).keySet(); }

    private static Set<JsonNode> values(String param) {
        return ASKED.values().stream().flatMap(of -> of.getOrDefault(param, Set.of()).stream()).collect(Collectors.toSet());
    }

    @Test void nothing_is_asked_that_the_contract_does_not_have() { assertThat(ASKED.keySet()).isSubsetOf(SPEC.methods().keySet()); }

    @Test void every_param_of_a_method_is_said_or_named_as_left_out() {
        Map<String, Set<String>> due = new TreeMap<>();
        Map<String, Set<String>> said = new TreeMap<>();
        spoken().forEach(m -> {
            Set<String> known = new TreeSet<>(m.params().stream().map(ParamSpec::name).toList());
            said.put(m.name(), new TreeSet<>(known));
            said.get(m.name()).retainAll(said(m));
            known.removeAll(LEFT_OUT.getOrDefault(m.name(), Set.of()));
            due.put(m.name(), known);
        });
        assertThat(said).hasSizeGreaterThan(20).isEqualTo(due);
        LEFT_OUT.forEach((method, params) -> assertThat(SPEC.method(method).params()).extracting(ParamSpec::name).as(method).containsAll(params));
    }

    @Test void every_word_of_an_enumeration_is_said_in_some_case() {
        assertThat(spokenParams().filter(p -> p.type() instanceof Words)).isNotEmpty();
        spokenParams().filter(p -> p.type() instanceof Words).forEach(p -> {
            Set<String> due = new HashSet<>(((Words) p.type()).values());
            due.removeAll(WORDS_LEFT_OUT.getOrDefault(p.name(), Set.of()));
            assertThat(values(p.name()).stream().map(v -> v.asText().toLowerCase(Locale.ROOT))).as(p.name()).containsAll(due.stream().map(w -> w.toLowerCase(Locale.ROOT)).toList());
        });
    }

    @Test void both_sides_of_every_bound_are_tried() {
        assertThat(spokenParams().filter(GeneratorsTest::isTried)).isNotEmpty();
        spokenParams().filter(GeneratorsTest::isTried).forEach(p -> {
            Bounds bounds = ((Scalar) p.type()).bounds();
            List<Long> measures = values(p.name()).stream().map(v -> p.type().kind() == Kind.STRING ? v.asText().length() : v.longValue()).toList();
            assertThat(measures).as(p.name() + " within").anyMatch(bounds::hold);
            bounds.min().ifPresent(min -> assertThat(measures).as(p.name() + " below").anyMatch(n -> n < min));
            bounds.max().ifPresent(max -> assertThat(measures).as(p.name() + " above").anyMatch(n -> n > max));
        });
    }

    private static boolean isTried(ParamSpec p) {
        return p.type() instanceof Scalar s && (s.bounds().min().isPresent() || s.bounds().max().isPresent()) && !KEPT_TO.contains(s.name());
    }

    @Test void a_request_of_a_wrong_shape_is_made_for_every_method_with_params_and_for_each_of_them() {
        Set<String> bent = new HashSet<>();
        for (int which = 0; which < SPEC.methods().size(); which++) {
            for (int how = 0; how < 60; how++) {
                var call = Misspoken.call(which, how);
                call.params().properties().stream().filter(p -> p.getValue().isObject() || p.getValue().equals(call.params().numberNode(7))).forEach(p -> bent.add(call.method() + "." + p.getKey()));
            }
        }
        assertThat(bent).containsAll(SPEC.methods().values().stream().flatMap(m -> m.params().stream().map(p -> m.name() + "." + p.name())).toList());
    }
}
