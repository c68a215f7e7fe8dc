package io.dyad.peerlink.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PairingKeysTest {
    private static final String CLUSTER_JSON = "{\"clusterPairID\":1,\"clusterPairUUID\":\"1cea1362-4c8f-461a-be72-74566a953d2f\",\"clusterUniqueID\":\"xsm6\","
        + "\"mvip\":\"192.168.139.122\",\"name\":\"AutoTest2-c0uR\",\"password\":\"i^Yho I-dwM}LgaK\",\"rpcConnectionID\":913142649,"
        + "\"username\":\"__SF_pair_PYzyfGpLrFVD2DJB\"}";
    private static final String VOLUME_JSON = "{\"mvip\":\"192.168.139.122\",\"volumeID\":1,\"volumeName\":\"Test\","
        + "\"volumePairUUID\":\"69624fcb-202e-4325-a569-ec9c655c7b5a\"}";
    private static final ClusterPairingKey CLUSTER = new ClusterPairingKey(1, UUID.fromString("1cea1362-4c8f-461a-be72-74566a953d2f"), "xsm6",
        "192.168.139.122", "AutoTest2-c0uR", "i^Yho I-dwM}LgaK", 913142649, "__SF_pair_PYzyfGpLrFVD2DJB", Optional.empty(), Optional.empty());
    private static final VolumePairingKey VOLUME =
        new VolumePairingKey("192.168.139.122", 1, "Test", UUID.fromString("69624fcb-202e-4325-a569-ec9c655c7b5a"));
    private static final ClusterPairingKey OURS = new ClusterPairingKey(7, CLUSTER.clusterPairUUID(), "ab12", "127.0.0.1", "München", "a\"b\\c~!0123456789",
        5, "__SF_pair_0123456789abcdef", Optional.of("0a".repeat(32)), Optional.of("127.0.0.1:4433"));

    @Test void theVendorsClusterKeyIsReadAndWrittenByteForByte() throws InvalidKeyException {
        assertThat(CLUSTER_JSON).hasSize(248);
        assertThat(PairingKeys.encodePlain(CLUSTER)).isEqualTo(hex(CLUSTER_JSON));
        assertThat(PairingKeys.clusterPairingKey(hex(CLUSTER_JSON))).isEqualTo(CLUSTER);
    }

    @Test void theVendorsVolumeKeyIsReadAndWrittenByteForByte() throws InvalidKeyException {
        assertThat(VOLUME_JSON).hasSize(115);
        assertThat(PairingKeys.encodePlain(VOLUME)).isEqualTo(hex(VOLUME_JSON));
        assertThat(PairingKeys.volumePairingKey(hex(VOLUME_JSON))).isEqualTo(VOLUME);
    }

    @Test void ourKeysComeBackAsTheyWere() throws InvalidKeyException {
        assertThat(PairingKeys.clusterPairingKey(PairingKeys.encode(OURS))).isEqualTo(OURS);
        assertThat(PairingKeys.clusterPairingKey(PairingKeys.encode(CLUSTER))).isEqualTo(CLUSTER);
        assertThat(PairingKeys.volumePairingKey(PairingKeys.encode(VOLUME))).isEqualTo(VOLUME);
    }

    @Test void ourMembersStandInAlphabeticalOrderAmongTheOthers() {
        String json = new String(HexFormat.of().parseHex(PairingKeys.encode(OURS)), StandardCharsets.UTF_8);
        assertThat(json).startsWith("{\"certificateFingerprint\":").containsSubsequence("\"check\":", "\"clusterPairID\":", "\"linkAddress\":", "\"mvip\":");
    }

    @Test void ourKeysChangedInAnyOneCharacterAreRefused() {
        assertEveryChangeRefused(PairingKeys.encode(OURS), PairingKeys::clusterPairingKey);
        assertEveryChangeRefused(PairingKeys.encode(VOLUME), PairingKeys::volumePairingKey);
    }

    @Test void ourKeysCutAnywhereAreRefused() {
        String key = PairingKeys.encode(OURS);
        for (int length = 0; length < key.length(); length++) {
            String cut = key.substring(0, length);
            assertThatThrownBy(() -> PairingKeys.clusterPairingKey(cut)).isInstanceOf(InvalidKeyException.class);
        }
    }

    @Test void onlyTheCanonicalTextIsRead() {
        assertRefused(hex(CLUSTER_JSON).toUpperCase(Locale.ROOT));
        assertRefused(hex(CLUSTER_JSON) + " ");
        assertRefused(hex(CLUSTER_JSON.replace(",", ", ")));
        assertRefused(hex(CLUSTER_JSON.replace("{\"clusterPairID\":1,", "{").replace("}\"}", "}\",\"clusterPairID\":1}")));
        assertRefused(hex(CLUSTER_JSON.replace("\"mvip\"", "\"mvip\":\"1\",\"mvip\"")));
        assertRefused(hex(CLUSTER_JSON.replace("AutoTest2", "\\u0041utoTest2")));
        assertRefused(hex(CLUSTER_JSON + "{}"));
        assertRefused("e" + hex(CLUSTER_JSON));
        assertRefused("");
        assertRefused("ff");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"clusterPairID\":1,", "\"password\":\"i^Yho I-dwM}LgaK\",", "\"rpcConnectionID\":913142649,", "\"mvip\":\"192.168.139.122\","})
    void aMissingMemberIsRefused(String member) { assertRefused(hex(CLUSTER_JSON.replace(member, ""))); }

    @Test void aMemberOfAnotherTypeIsRefused() {
        assertRefused(hex(CLUSTER_JSON.replace("\"clusterPairID\":1,", "\"clusterPairID\":\"1\",")));
        assertRefused(hex(CLUSTER_JSON.replace("\"clusterPairID\":1,", "\"clusterPairID\":-1,")));
        assertRefused(hex(CLUSTER_JSON.replace("\"clusterPairID\":1,", "\"clusterPairID\":99999999999999999999,")));
        assertRefused(hex(CLUSTER_JSON.replace("\"xsm6\"", "null")));
        assertRefused(hex(CLUSTER_JSON.replace("1cea1362-4c8f", "1CEA1362-4c8f")));
    }

    @Test void aKeyOfTheOtherKindIsRefused() { assertRefused(PairingKeys.encode(VOLUME)); }

    @Test void unknownMembersAreToleratedUnderACheckOnly() throws InvalidKeyException {
        String withMore = "{\"mvip\":\"192.168.139.122\",\"volumeID\":1,\"volumeName\":\"Test\",\"volumePairUUID\":\"69624fcb-202e-4325-a569-ec9c655c7b5a\",\"z\":[1]}";
        assertThatThrownBy(() -> PairingKeys.volumePairingKey(hex(withMore))).isInstanceOf(InvalidKeyException.class);
        assertThat(PairingKeys.volumePairingKey(hex("{\"check\":\"" + check(withMore) + "\"," + withMore.substring(1)))).isEqualTo(VOLUME);
    }

    @Test void noRefusalAndNoTextFormShowsThePassword() {
        String changed = hex(CLUSTER_JSON.replace("\"username\"", "\"user\""));
        assertThatThrownBy(() -> PairingKeys.clusterPairingKey(changed)).hasMessageNotContaining("dwM").hasNoCause();
        assertThatThrownBy(() -> PairingKeys.clusterPairingKey(hex(CLUSTER_JSON.substring(0, 170)))).hasMessageNotContaining("dwM").hasNoCause();
        assertThat(CLUSTER.toString()).doesNotContain(CLUSTER.password()).doesNotContain(CLUSTER.username());
    }

    private interface Reader {
        Object read(String text) throws InvalidKeyException;
    }

    private static void assertEveryChangeRefused(String key, Reader reader) {
        StringBuilder changed = new StringBuilder(key);
        for (int i = 0; i < key.length(); i++) {
            for (char c : "0123456789abcdefABCDEFg ".toCharArray()) {
                if (c == key.charAt(i)) continue;
                changed.setCharAt(i, c);
                assertThatThrownBy(() -> reader.read(changed.toString())).as("%s", changed).isInstanceOf(InvalidKeyException.class);
            }
            changed.setCharAt(i, key.charAt(i));
        }
    }

    private static void assertRefused(String key) {
        assertThatThrownBy(() -> PairingKeys.clusterPairingKey(key)).isInstanceOf(InvalidKeyException.class);
    }

    private static String check(String json) {
        try {
            return HexFormat.of().formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8))).substring(0, 16);
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(String json) { return HexFormat.of().formatHex(json.getBytes(StandardCharsets.UTF_8)); }
}
