package io.dyad.testkit.kit;

import io.dyad.testkit.model.Side;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random sequences of steps; many begin on the way to a pair of volumes, one that waits for its partner among them, so that the rest has something to break. */
final class Steps {
    static final List<Step> TOWARDS_A_PAIR = List.of(
        new Step(Side.A, Verb.START_CLUSTER_PAIRING, 0, 0), new Step(Side.B, Verb.COMPLETE_CLUSTER_PAIRING, 0, 0),
        new Step(Side.A, Verb.ADD_ACCOUNT, 0, 0), new Step(Side.B, Verb.ADD_ACCOUNT, 0, 0),
        new Step(Side.A, Verb.CREATE_VOLUME, 0, 0), new Step(Side.B, Verb.CREATE_VOLUME, 0, 1),
        new Step(Side.A, Verb.START_VOLUME_PAIRING, 0, 0), new Step(Side.B, Verb.COMPLETE_VOLUME_PAIRING, 0, 0));

    /** One more and the cluster is full. */
    private static final List<Step> TOWARDS_THE_LIMIT = Collections.nCopies(3, new Step(Side.A, Verb.START_CLUSTER_PAIRING, 0, 0));
    private static final List<List<Step>> STARTS =
        List.of(List.of(), TOWARDS_THE_LIMIT, TOWARDS_A_PAIR.subList(0, 4), TOWARDS_A_PAIR.subList(0, 7), TOWARDS_A_PAIR, TOWARDS_A_PAIR, TOWARDS_A_PAIR);

    private Steps() { }

    static Arbitrary<List<Step>> upTo(int most) {
        Arbitrary<List<Step>> rest = step().list().ofMinSize(1).ofMaxSize(most);
        return Combinators.combine(Arbitraries.of(STARTS), rest).as((start, more) -> Stream.concat(start.stream(), more.stream()).toList());
    }

    private static Arbitrary<Step> step() {
        var verbs = Arrays.stream(Verb.values()).map(v -> Tuple.of(v.weight(), v)).toList();
        Arbitrary<Integer> number = Arbitraries.integers().between(0, 1023);
        return Combinators.combine(Arbitraries.of(Side.values()), Arbitraries.frequency(verbs), number.withoutEdgeCases(), number.withoutEdgeCases()).as(Step::new);
    }
}
