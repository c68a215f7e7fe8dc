package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.spec.TypeSpec.Words;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ContractTest {
    private static final List<String> NINE = List.of("StartClusterPairing", "CompleteClusterPairing", "ListClusterPairs",
        "RemoveClusterPair", "StartVolumePairing", "CompleteVolumePairing", "ListActivePairedVolumes", "ModifyVolumePair", "RemoveVolumePair");
    private final Spec spec = Spec.load();

    @Test void the_nine_methods_exist_since_6_0_and_the_mode_of_a_starting_pair_since_8_0() {
        assertThat(NINE).allSatisfy(m -> assertThat(spec.method(m).since()).hasToString("6.0"));
        assertThat(spec.method("StartVolumePairing").param("mode").orElseThrow().since()).hasToString("8.0");
    }

    @Test void what_real_clients_call_on_their_way_is_served() {
        String cinder = "GetClusterInfo GetClusterVersionInfo ListClusterPairs StartClusterPairing CompleteClusterPairing GetClusterCapacity ListVolumes ListActiveVolumes "
            + "ListVolumesForAccount ListAccounts GetAccountByName AddAccount CreateVolume ModifyVolume RemoveVolumePair StartVolumePairing CompleteVolumePairing CreateSnapshot "
            + "ListSnapshots DeleteSnapshot RollbackToSnapshot CloneVolume DeleteVolume PurgeDeletedVolume CreateGroupSnapshot DeleteGroupSnapshot ListGroupSnapshots "
            + "CreateVolumeAccessGroup ListVolumeAccessGroups AddInitiatorsToVolumeAccessGroup AddVolumesToVolumeAccessGroup RemoveVolumesFromVolumeAccessGroup";
        String others = "GetAPI ModifyVolumes GetAccountByID GetVolumeStats ListSyncJobs ListEvents ListClusterFaults GetClusterFullThreshold GetClusterStats ListAllNodes "
            + "ListBulkVolumeJobs ListDrives ListISCSISessions ListNodeStats ListVolumeStats";
        assertThat(spec.methods()).containsKeys((cinder + " " + others).split(" "));
        assertThat(spec.versions()).extracting(Version::toString).contains("1.0", "5.0", "6.0", "7.0", "8.0", "11.3", "12.3", "12.5");
    }

    @Test void every_since_version_is_an_endpoint() {
        assertThat(spec.methods().values()).allSatisfy(m -> {
            assertThat(spec.versions()).contains(m.since());
            assertThat(spec.versions()).containsAll(m.params().stream().map(ParamSpec::since).toList());
        });
    }

    @Test void every_access_list_has_a_known_name_and_administrator_is_never_spelt_out() {
        var known = ((Words) spec.type("AccessList")).values();
        assertThat(spec.methods().values()).allSatisfy(m ->
            assertThat(known).containsAll(m.access()).as(m.name()).contains("administrator"));
        assertThat(spec.methods().values()).noneMatch(m -> m.access().contains("administrator"));
    }

    @Test void an_administrator_may_call_everything_and_others_what_names_them() {
        var modify = spec.method("ModifyVolumePair");
        assertThat(modify.allows(Set.of("administrator"))).isTrue();
        assertThat(modify.allows(Set.of("reporting", "volumes"))).isTrue();
        assertThat(modify.allows(Set.of("reporting"))).isFalse();
        assertThat(modify.allows(Set.of())).isFalse();
    }

    @Test void every_error_is_named_by_a_method_or_by_all_and_every_name_is_an_error() {
        var named = spec.methods().values().stream().flatMap(m -> m.errors().stream()).collect(Collectors.toSet());
        var defined = spec.errors().values().stream().filter(e -> !e.anyMethod() && !e.inAnswer()).map(ErrorSpec::name).collect(Collectors.toSet());
        assertThat(named).isEqualTo(defined);
    }

    @Test void every_rule_is_named_as_tests_will_be_and_every_family_is_numbered_without_gaps() {
        assertThat(spec.rules().keySet()).allMatch(id -> id.matches("(CP|VP|FO|MS|LI|ER)-[1-9]\\d?"));
        spec.rules().values().stream().collect(Collectors.groupingBy(RuleSpec::family)).forEach((family, rules) ->
            assertThat(rules).extracting(RuleSpec::id).containsExactlyElementsOf(
                Stream.iterate(1, n -> n + 1).limit(rules.size()).map(n -> family + "-" + n).toList()));
    }

    @Test void every_rule_that_a_method_a_limit_or_an_exchange_names_exists() {
        var named = new HashSet<String>();
        spec.methods().values().forEach(m -> named.addAll(m.rules()));
        spec.limits().values().forEach(l -> l.rule().ifPresent(named::add));
        spec.golden().forEach(g -> named.addAll(g.rules()));
        assertThat(spec.rules().keySet()).containsAll(named);
    }

    @Test void GetLimits_answers_the_limits_and_nothing_else() {
        assertThat(spec.method("GetLimits").result().fields()).extracting(FieldSpec::name)
            .containsExactlyInAnyOrderElementsOf(spec.limits().keySet());
    }

    @Test void the_limits_are_those_of_the_rules() {
        assertThat(spec.limit("clusterPairsCountMax")).isEqualTo(4);
        assertThat(spec.limit("volumeCountMax")).isEqualTo(4000);
        assertThat(spec.limit("volumesPerAccountCountMax")).isEqualTo(2000);
        assertThat(spec.limit("volumeSizeMin")).isEqualTo(1_000_000_000L);
        assertThat(spec.limit("volumeSizeMax")).isEqualTo(16L << 40);
        assertThat(spec.limit("snapshotsPerVolumeMax")).isEqualTo(32);
    }

    @Test void the_names_that_clients_look_for_in_messages_are_there() {
        assertThat(spec.error("xUnknownAccount").template()).isEqualTo("xUnknownAccount");
        assertThat(spec.error("xMVIPNotPaired").template()).contains("xMVIPNotPaired");
        assertThat(spec.error("xPairingAlreadyExists").template()).contains("already exists");
    }

    @Test void key_vectors_are_the_hex_of_their_text() {
        assertThat(spec.keys()).extracting(KeyVector::kind).containsExactly("cluster", "volume");
        assertThat(spec.keys()).extracting(k -> k.json().length()).containsExactly(248, 115);
        assertThat(spec.keys()).allSatisfy(k ->
            assertThat(k.hex()).isEqualTo(HexFormat.of().formatHex(k.json().getBytes(StandardCharsets.UTF_8))));
    }

    @Test void a_volume_pair_is_in_one_of_eighteen_states_and_its_snapshots_in_some_of_them() {
        var states = ((Words) spec.type("ReplicationState")).values();
        assertThat(states).hasSize(18).doesNotHaveDuplicates().contains("PausedManualRemote", "ResumingRRSync", "StoppedMisconfigured");
        assertThat(states).containsAll(((Words) spec.type("SnapshotReplicationState")).values());
    }

    @Test void every_type_says_what_it_is() {
        assertThat(spec.types().values().stream().filter(t -> Character.isUpperCase(t.name().charAt(0)))).isNotEmpty().allSatisfy(t -> assertThat(t.doc()).as(t.name()).matches("(?s)[A-Za-z].*\\."));
    }

    @Test void every_type_is_reached_from_a_method() {
        var reached = new HashSet<String>();
        spec.methods().values().forEach(m -> {
            reach(m.result(), reached);
            m.params().forEach(p -> reach(p.type(), reached));
        });
        assertThat(spec.types().keySet().stream().filter(t -> Character.isUpperCase(t.charAt(0))).filter(t -> !reached.contains(t)))
            .isEmpty();
    }

    private static void reach(TypeSpec type, Set<String> reached) {
        reached.add(type.name());
        switch (type) {
            case TypeSpec.ListOf l -> reach(l.element(), reached);
            case TypeSpec.MapOf m -> reach(m.value(), reached);
            case TypeSpec.Members m -> {
                m.fields().forEach(f -> reach(f.type(), reached));
                m.further().ifPresent(f -> reach(f, reached));
            }
            case TypeSpec.Scalar s -> { }
            case Words w -> { }
        }
    }
}
