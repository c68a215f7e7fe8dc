package io.dyad.testkit.kit;

import com.fasterxml.jackson.databind.JsonNode;
import io.dyad.spec.Spec;
import io.dyad.spec.TypeCheck;
import io.dyad.testkit.model.Call;
import io.dyad.testkit.model.Cluster;
import io.dyad.testkit.model.Expectation;
import io.dyad.testkit.model.Side;
import io.dyad.testkit.model.World;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/** One test: two clusters, the model beside them, and the story so far, told when a rule is broken. */
final class Trial {
    private static final long BETWEEN_POLLS_NS = 2_000_000;

    private final TwoClusters clusters;
    private final World world;
    private final Sightings sightings = new Sightings();
    private final Map<Side, Listing> seen = new EnumMap<>(Side.class);
    private final List<String> story = new ArrayList<>();

    private Trial(TwoClusters clusters) {
        this.clusters = clusters;
        this.world = new World(found(clusters.a()), found(clusters.b()));
    }

    /** Empties both clusters and begins. */
    static Trial on(TwoClusters clusters) {
        Emptying.of(clusters);
        Trial trial = new Trial(clusters);
        trial.settle(trial.world.copy());
        return trial;
    }

    private static Cluster found(ElementEndpoint endpoint) {
        JsonNode info = Listing.ask(endpoint, "GetClusterInfo").path("clusterInfo");
        Cluster cluster = new Cluster(new Cluster.Identity(info.path("name").asText(), info.path("mvip").asText(), info.path("uniqueID").asText()));
        Listing.each(Listing.ask(endpoint, "ListAccounts").path("accounts"))
            .forEach(a -> cluster.accounts().put(a.path("accountID").longValue(), a.path("username").asText()));
        return cluster;
    }

    void play(Step step) {
        try {
            make(step);
        } catch (AssertionError | RuntimeException e) {
            String told = story.stream().map(s -> "  " + s).collect(Collectors.joining("\n"));
            throw new AssertionError((e instanceof AssertionError ? e.getMessage() : e) + "\nafter\n" + told, e);
        }
    }

    private void make(Step step) {
        Call call = step.in(world);
        Expectation due = clusters.missing().contains(call.method()) ? Expectation.refused("xUnknownAPIMethod") : call.expect(world, step.on());
        World before = world.copy();
        story.add(step + ": " + call.shown());
        try {
            JsonNode result = endpoint(step.on()).call(call.method(), call.params());
            note(" -> a result");
            if (!due.maySucceed()) fail(List.of("succeeded, which should be refused with " + due));
            check(TypeCheck.problems(Spec.load().method(call.method()).result(), result));
            check(call.succeeded(world, step.on(), result));
            check(Conformity.facts(world, step.on(), look(step.on())));
            settle(before);
        } catch (ApiError refused) {
            note(" -> " + refused.name() + ": " + refused.message());
            judge(refused, due);
            unchanged();
            settle(before);
        }
    }

    private void judge(ApiError refused, Expectation due) {
        String name = refused.name();
        if (!due.refusals().contains(name)) fail(List.of("refused with " + name + " instead of " + due));
        String message = refused.message();
        if (message.isBlank()) fail(List.of(name + " has no message"));
        if (name.equals("xUnknownAccount") && !message.equals(name)) fail(List.of("the message of xUnknownAccount is its name"));
        if (name.equals("xMVIPNotPaired") && !message.contains(name)) fail(List.of("the message of xMVIPNotPaired contains it"));
        if (name.equals("xPairingAlreadyExists") && !message.contains("already exists")) fail(List.of("the message says 'already exists'"));
        if (world.keys().stream().anyMatch(k -> k.shownIn(message))) fail(List.of("ER-9: the message shows a key"));
    }

    /** A refused call changes nothing, on neither cluster. */
    private void unchanged() {
        for (Side side : Side.values()) {
            Listing then = seen.get(side);
            String now = look(side).steady();
            if (then != null && !then.steady().equals(now)) fail(List.of("a refused call changed " + side + " from\n" + then.steady() + "\nto\n" + now));
        }
    }

    /** Waits until both clusters show what the model says, and sees nothing forbidden on the way. */
    private void settle(World before) {
        long deadlineNs = System.nanoTime() + clusters.patience().toNanos();
        while (true) {
            List<String> problems = new ArrayList<>();
            for (Side side : Side.values()) {
                Listing listing = look(side);
                check(sightings.problems(before, world, side, listing));
                problems.addAll(Conformity.facts(world, side, listing));
                problems.addAll(Conformity.states(world, side, listing));
                seen.put(side, listing);
            }
            if (problems.isEmpty()) return;
            if (System.nanoTime() - deadlineNs > 0) fail(problems);
            LockSupport.parkNanos(BETWEEN_POLLS_NS);
        }
    }

    private Listing look(Side side) { return Listing.of(endpoint(side)); }

    private ElementEndpoint endpoint(Side side) { return side == Side.A ? clusters.a() : clusters.b(); }

    private void note(String answer) { story.set(story.size() - 1, story.getLast() + answer); }

    private static void check(List<String> problems) {
        if (!problems.isEmpty()) fail(problems);
    }

    private static void fail(List<String> problems) { throw new AssertionError(String.join("\n", problems)); }
}
