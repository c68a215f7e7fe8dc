package io.dyad.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dyad.spec.Validation.Invalid;
import io.dyad.spec.Validation.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ValidationTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "7b22636c757374657250616972494422" + "3a313233343536373839";

    @ParameterizedTest(name = "{0} {1} reads as {2}") @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "ListVolumes        | {}                                         | {\"includeVirtualVolumes\":true}",
        "DeleteVolume       | {\"volumeID\":5,\"more\":[1]}              | {\"volumeID\":5}",
        "DeleteVolume       | {\"volumeID\":\"5\"}                       | {\"volumeID\":5}",
        "DeleteVolume       | {\"volumeID\":5.0}                         | {\"volumeID\":5}",
        "ModifyVolumePair   | {\"volumeID\":1,\"pausedManual\":\"True\"} | {\"volumeID\":1,\"pausedManual\":true}",
        "ModifyVolumePair   | {\"volumeID\":1,\"pausedManual\":null}     | {\"volumeID\":1}",
        "ModifyVolumePair   | {\"volumeID\":1,\"mode\":\"snapshotsonly\"}| {\"volumeID\":1,\"mode\":\"SnapshotsOnly\"}",
        "ModifyVolumePair   | {\"volumeID\":1,\"mode\":\"SYNC\"}         | {\"volumeID\":1,\"mode\":\"Sync\"}",
        "StartVolumePairing | {\"volumeID\":1}                           | {\"volumeID\":1,\"mode\":\"Async\"}",
        "StartVolumePairing | {\"volumeID\":1,\"mode\":null}             | {\"volumeID\":1,\"mode\":\"Async\"}",
        "ListVolumes        | {\"isPaired\":null}                        | {\"isPaired\":false,\"includeVirtualVolumes\":true}",
        "ListVolumes        | {\"volumeIDs\":[1,\"2\"],\"accounts\":[]}  | {\"accounts\":[],\"volumeIDs\":[1,2],\"includeVirtualVolumes\":true}",
        "ModifyVolume       | {\"volumeID\":1,\"qos\":{\"minIOPS\":\"50\",\"maxIOPS\":null,\"x\":1}} | {\"volumeID\":1,\"qos\":{\"minIOPS\":50}}",
        "ModifyVolume       | {\"volumeID\":1,\"totalSize\":1,\"attributes\":{\"a\":[null]}} | {\"volumeID\":1,\"totalSize\":1,\"attributes\":{\"a\":[null]}}",
    })
    void valid_params_are_normalised(String method, String params, String normalised) {
        assertThat(check(method, params, "12.5")).isInstanceOfSatisfying(Valid.class, v ->
            assertThat(json(v.params().toString())).isEqualTo(json(normalised)));
    }

    @ParameterizedTest(name = "{0} {1} is {2}") @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "ListVolumes      | {\"accounts\":7}               | xInvalidParameterType   | accounts: Invalid type: expected array but found 7",
        "ListVolumes      | {\"accounts\":[1,null]}        | xInvalidParameterType   | accounts[1]: Invalid type: expected integer but found null",
        "ListVolumes      | [1]                            | xInvalidParameterType   | params: Invalid type: expected object but found array",
        "ListVolumes      | {\"isPaired\":1}               | xInvalidParameterType   | isPaired: Invalid type: expected boolean but found 1",
        "DeleteVolume     | {\"volumeID\":1.5}             | xInvalidParameterType   | volumeID: Invalid type: expected integer but found 1.5",
        "DeleteVolume     | {\"volumeID\":1e30}            | xInvalidParameterType   | volumeID: Invalid type: expected integer but found 1.0E30",
        "DeleteVolume     | {\"volumeID\":\"\"}            | xInvalidParameterType   | volumeID: Invalid type: expected integer but found \"\"",
        "DeleteVolume     | {\"volumeID\":\"one\"}         | xInvalidParameterType   | volumeID: Invalid type: expected integer but found \"one\"",
        "DeleteVolume     | {\"volumeID\":{\"a\":1}}       | xInvalidParameterType   | volumeID: Invalid type: expected integer but found object",
        "DeleteVolume     | {}                             | xMissingParameter       | Missing parameter: volumeID",
        "DeleteVolume     | {\"volumeID\":null}            | xMissingParameter       | Missing parameter: volumeID",
        "GetAccountByName | {\"username\":7}               | xInvalidParameterType   | username: Invalid type: expected string but found 7",
        "AddAccount       | {\"username\":\"\"}            | xInvalidParameter       | username: length must be from 1 to 64, not 0",
        "AddAccount       | {\"username\":\"a\",\"targetSecret\":\"short one\"} | xInvalidParameter | targetSecret: length must be from 12 to 16, not 9",
        "AddAccount       | {\"username\":\"a\",\"targetSecret\":123456789012}  | xInvalidParameterType | targetSecret: Invalid type: expected string but found number",
        "ModifyVolumePair | {\"volumeID\":1,\"mode\":\"Sometimes\"} | xUnrecognizedEnumString | mode: \"Sometimes\" is none of Async, Sync, SnapshotsOnly",
        "ModifyVolume     | {\"volumeID\":1,\"access\":\"READONLY\"} | xUnrecognizedEnumString | access: \"READONLY\" is none of readOnly, readWrite, locked, replicationTarget, snapMirrorTarget",
        "ModifyVolume     | {\"volumeID\":1,\"totalSize\":17592186044417} | xInvalidParameter | totalSize: value must be at most 17592186044416, not 17592186044417",
        "ModifyVolume     | {\"volumeID\":1,\"qos\":{\"minIOPS\":49}} | xInvalidParameter  | qos.minIOPS: value must be from 50 to 15000, not 49",
        "CreateVolume     | {\"name\":\"a\",\"accountID\":1,\"totalSize\":999999999} | xInvalidParameter | totalSize: value must be from 1000000000 to 17592186044416, not 999999999",
    })
    void what_is_wrong_is_said_by_its_wire_error(String method, String params, String error, String message) {
        assertThat(check(method, params, "12.5")).isEqualTo(new Invalid(error, message));
    }

    @Test void absent_and_null_params_are_empty_ones() {
        var spec = Spec.load().method("ListClusterPairs");
        var at = new Version(12, 5);
        assertThat(Validation.check(spec, MissingNode.getInstance(), at)).isEqualTo(Validation.check(spec, json("{}"), at));
        assertThat(Validation.check(spec, json("null"), at)).isInstanceOf(Valid.class);
    }

    @Test void a_param_newer_than_the_endpoint_is_ignored_and_its_default_holds() {
        assertThat(check("StartVolumePairing", "{\"volumeID\":1,\"mode\":\"Sync\"}", "7.4")).isInstanceOfSatisfying(Valid.class,
            v -> assertThat(v.params()).isEqualTo(json("{\"volumeID\":1,\"mode\":\"Async\"}")));
        assertThat(check("ListVolumes", "{\"includeVirtualVolumes\":[]}", "8.7")).isInstanceOf(Valid.class);
        assertThat(check("ListVolumes", "{\"includeVirtualVolumes\":[]}", "9.0")).isInstanceOf(Invalid.class);
    }

    @Test void no_message_repeats_a_key_even_when_it_stands_in_the_wrong_place() {
        assertThat(check("DeleteVolume", "{\"volumeID\":\"" + KEY + "\"}", "12.5")).isInstanceOfSatisfying(Invalid.class,
            i -> assertThat(i.message()).doesNotContain(KEY).endsWith("\"" + KEY.substring(0, 32) + "\"…"));
        assertThat(check("DeleteVolume", "{\"volumeID\":[\"" + KEY + "\"]}", "12.5")).isInstanceOfSatisfying(Invalid.class,
            i -> assertThat(i.message()).doesNotContain(KEY.substring(0, 8)));
    }

    @Test void what_comes_out_is_a_copy() {
        JsonNode params = json("{\"volumeID\":1,\"attributes\":{\"a\":1}}");
        var valid = (Valid) Validation.check(Spec.load().method("ModifyVolume"), params, new Version(12, 5));
        ((ObjectNode) params.get("attributes")).put("a", 2);
        assertThat(valid.params().at("/attributes/a").asInt()).isEqualTo(1);
    }

    private static Validation check(String method, String params, String version) {
        return Validation.check(Spec.load().method(method), json(params), Version.of(version));
    }

    private static JsonNode json(String text) {
        try {
            return JSON.reader().with(DeserializationFeature.USE_LONG_FOR_INTS).readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
