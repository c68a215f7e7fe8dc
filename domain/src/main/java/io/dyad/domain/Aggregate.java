package io.dyad.domain;

/** The kinds of aggregate, each with its decider; the one place that joins them. */
public enum Aggregate {
    CLUSTER("cluster", new ClusterDecider()),
    CLUSTER_PAIR("cluster-pair", new ClusterPairDecider()),
    VOLUME("volume", new VolumeDecider()),
    VOLUME_PAIR("volume-pair", new VolumePairDecider()),
    SNAPSHOTS("snapshots", new SnapshotDecider()),
    JOB("job", new JobDecider()),
    ACCOUNT("account", new AccountDecider()),
    ADMIN("admin", new AdminDecider()),
    ACCESS_GROUPS("access-groups", new AccessGroupsDecider()),
    FAULTS("faults", new FaultsDecider());

    private final String kind;
    private final Decider<State, Command, Event> decider;

    @SuppressWarnings("unchecked") Aggregate(String kind, Decider<? extends State, ? extends Command, ? extends Event> decider) {
        this.kind = kind;
        this.decider = (Decider<State, Command, Event>) decider;   // of(Command) and of(Event) only ever hand it its own
    }

    /** The first part of a stream's name. */
    public String kind() { return kind; }

    public State initial() { return decider.initial(); }

    public Decision<Event> decide(State state, Command command) { return decider.decide(state, command); }

    public State evolve(State state, Event event) { return decider.evolve(state, event); }

    public static Aggregate of(Command command) {
        return switch (command) {
            case ClusterCommand c     -> CLUSTER;
            case ClusterPairCommand c -> CLUSTER_PAIR;
            case VolumeCommand c      -> VOLUME;
            case VolumePairCommand c  -> VOLUME_PAIR;
            case SnapshotCommand c    -> SNAPSHOTS;
            case JobCommand c         -> JOB;
            case AccountCommand c     -> ACCOUNT;
            case AdminCommand c       -> ADMIN;
            case AccessGroupsCommand c -> ACCESS_GROUPS;
            case FaultsCommand c      -> FAULTS;
        };
    }

    public static Aggregate of(Event event) {
        return switch (event) {
            case ClusterEvent e     -> CLUSTER;
            case ClusterPairEvent e -> CLUSTER_PAIR;
            case VolumeEvent e      -> VOLUME;
            case VolumePairEvent e  -> VOLUME_PAIR;
            case SnapshotEvent e    -> SNAPSHOTS;
            case JobEvent e         -> JOB;
            case AccountEvent e     -> ACCOUNT;
            case AdminEvent e       -> ADMIN;
            case AccessGroupsEvent e -> ACCESS_GROUPS;
            case FaultsEvent e      -> FAULTS;
        };
    }
}
