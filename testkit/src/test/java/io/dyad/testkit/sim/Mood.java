package io.dyad.testkit.sim;

import java.util.ArrayList;
import java.util.List;

/** What may happen in a story, each with a weight; how likely each is differs from seed to seed, so that seeds explore different worlds. */
final class Mood {
    private record Act(String name, int weight, Runnable what) { }

    private final Scheduler chance;
    private final List<Act> acts = new ArrayList<>();
    private int total;

    Mood(Scheduler chance) { this.chance = chance; }

    /** In every story. */
    Mood always(String name, int weight, Runnable what) {
        acts.add(new Act(name, weight, what));
        total += weight;
        return this;
    }

    /** Not at all in half of the stories, and often in some. */
    Mood sometimes(String name, int weight, Runnable what) {
        int times = switch (chance.upTo(7)) {
            case 0, 1, 2, 3 -> 0;
            case 4, 5, 6    -> 1;
            default         -> 4;
        };
        return times == 0 ? this : always(name, weight * times, what);
    }

    void act() {
        int drawn = chance.upTo(total - 1);
        for (Act act : acts) {
            drawn -= act.weight;
            if (drawn >= 0) continue;
            act.what.run();
            return;
        }
    }

    /** What this story is about, for people. */
    String words() { return String.join(", ", acts.stream().map(a -> a.name + " " + a.weight).toList()); }
}
