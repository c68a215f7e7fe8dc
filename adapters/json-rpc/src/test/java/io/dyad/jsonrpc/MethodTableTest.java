package io.dyad.jsonrpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.dyad.domain.Refusal;
import io.dyad.spec.Spec;
import java.util.HashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MethodTableTest {
    @Test void the_table_answers_what_the_contract_names_and_nothing_else() {
        var table = MethodTable.of(new FakeCluster(new HashMap<>(), "East", "xsm6", "127.0.0.1"));
        assertThat(table.names()).containsExactlyInAnyOrderElementsOf(Spec.load().methods().keySet());
    }

    @ParameterizedTest @EnumSource
    void every_refusal_is_an_error_of_the_contract(Refusal refusal) {
        assertThat(Spec.load().errors()).containsKey(ApiException.errorName(refusal));
    }
}
