package io.dyad.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import io.dyad.cluster.culprits.BorrowsAnEngine;
import io.dyad.domain.culprits.LeansOnReplication;
import io.dyad.domain.culprits.ReadsTheClock;
import io.dyad.domain.culprits.TakesALock;
import io.dyad.replication.culprits.AsksTheSystem;
import io.dyad.replication.culprits.LeansOnAnAdapter;
import io.dyad.replication.culprits.OpensAFile;
import io.dyad.replication.culprits.StartsAThread;
import io.dyad.testkit.kit.culprits.PeeksAtTheDomain;
import java.util.Set;

/** A rule of the architecture beside a class that breaks it. */
enum Rule {
    DOMAIN_LEANS_ON_NOTHING(LeansOnReplication.class,
            inside("io.dyad.domain..").mayUse("io.dyad.domain..", "java..", "org.jspecify..")),

    DOMAIN_NEEDS_NO_CONCURRENCY(TakesALock.class,
            inside("io.dyad.domain..").never(resideInAnyPackage("java.util.concurrent.."))),

    REPLICATION_LEANS_ON_DOMAIN_ALONE(LeansOnAnAdapter.class,
            inside("io.dyad.replication..").mayUse("io.dyad.replication..", "io.dyad.domain..", "java..", "org.roaringbitmap..", "org.jspecify..")),

    TIME_IS_AN_ARGUMENT(ReadsTheClock.class, core().never(assignableTo(java.time.Clock.class))),

    TIME_AND_IDS_ARE_NOT_ASKED_FOR(AsksTheSystem.class, core().neverCalls(
            "java.lang.System.nanoTime", "java.lang.System.currentTimeMillis", "java.lang.Math.random",
            "java.util.UUID.randomUUID", "java.time.Instant.now", "java.time.LocalDate.now", "java.time.LocalTime.now",
            "java.time.LocalDateTime.now", "java.time.OffsetDateTime.now", "java.time.ZonedDateTime.now")),

    CHANCE_IS_AN_ARGUMENT(io.dyad.replication.culprits.ThrowsDice.class,
            core().never(assignableTo(java.util.random.RandomGenerator.class).or(resideInAnyPackage("java.util.random..")))),

    THREADS_BELONG_TO_ADAPTERS(StartsAThread.class,
            core().never(assignableTo(Thread.class).or(assignableTo(java.util.concurrent.Executor.class))
                    .or(assignableTo(java.util.concurrent.Executors.class)).or(assignableTo(java.util.Timer.class)))),

    FILES_AND_SOCKETS_BELONG_TO_ADAPTERS(OpensAFile.class,
            core().never(resideInAnyPackage("java.nio.file..", "java.nio.channels..", "java.net..", "javax.net..")
                    .or(resideInAnyPackage("java.io..").and(DescribedPredicate.describe("open files",
                            (JavaClass c) -> c.getSimpleName().matches("(Random)?(Access)?File(Input|Output)?(Stream|Reader|Writer)?")))))),

    ONLY_THE_EVENT_STORE_SAYS_AXON(BorrowsAnEngine.class, outside("io.dyad.eventstore..")
            .never(resideInAnyPackage("org.axonframework..", "org.h2..", "com.github.benmanes.caffeine.."))),

    ONLY_JSON_RPC_SAYS_HELIDON(io.dyad.cluster.culprits.ServesHttp.class,
            outside("io.dyad.jsonrpc..").never(resideInAnyPackage("io.helidon.."))),

    THE_ORACLE_SHARES_NO_CODE_WITH_THE_ACCUSED(PeeksAtTheDomain.class,
            inside("io.dyad.testkit.model..", "io.dyad.testkit.kit..").mayUse(
                    "io.dyad.testkit.model..", "io.dyad.testkit.kit..", "io.dyad.spec..", "java..", "javax..",
                    "net.jqwik..", "org.assertj..", "com.fasterxml.jackson..", "org.jspecify..", "org.opentest4j..", "org.junit.."));

    private final Class<?> culprit;
    private final ArchRule condition;

    Rule(Class<?> culprit, ArchRule condition) {
        this.culprit = culprit;
        this.condition = condition.as(name().toLowerCase().replace('_', ' '));
    }

    Class<?> culprit() {
        return culprit;
    }

    ArchRule condition() {
        return condition;
    }

    private static Place core() {
        return inside("io.dyad.domain..", "io.dyad.replication..");
    }

    private static Place inside(String... packages) {
        return new Place(resideInAnyPackage(packages));
    }

    private static Place outside(String... packages) {
        return new Place(resideInAnyPackage("io.dyad..").and(not(resideInAnyPackage(packages))));
    }

    /** The classes a rule binds; a place that is still empty is allowed, its culprit shows that the rule would bite. */
    private record Place(DescribedPredicate<JavaClass> who) {

        ArchRule mayUse(String... packages) {
            return classes().that(who).should().onlyDependOnClassesThat(
                    resideInAnyPackage(packages).or(DescribedPredicate.describe("primitives", c -> c.getBaseComponentType().isPrimitive())))
                    .allowEmptyShould(true);
        }

        ArchRule never(DescribedPredicate<? super JavaClass> what) {
            return noClasses().that(who).should().dependOnClassesThat(what).allowEmptyShould(true);
        }

        ArchRule neverCalls(String... methods) {
            var banned = Set.of(methods);
            return noClasses().that(who).should().accessTargetWhere(DescribedPredicate.describe("asks the system",
                    (JavaAccess<?> access) -> banned.contains(nameOf(access.getTarget())))).allowEmptyShould(true);
        }

        private static String nameOf(AccessTarget target) {
            return target.getOwner().getName() + "." + target.getName();
        }
    }
}
