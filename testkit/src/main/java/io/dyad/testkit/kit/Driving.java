package io.dyad.testkit.kit;

import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/** Takes seed and number of tries from the system properties, and says how to repeat a failure. */
final class Driving implements AroundPropertyHook {
    static final String SEED = "dyad.kit.seed";

    @Override public PropagationMode propagateTo() { return PropagationMode.ALL_DESCENDANTS; }

    @Override public PropertyExecutionResult aroundProperty(PropertyLifecycleContext context, PropertyExecutor property) {
        if (!(context.testInstance() instanceof ConformanceSuite suite)) return property.execute();
        boolean many = context.targetMethod().getName().equals(ConformanceSuite.MANY);
        context.attributes().setTries(many ? suite.manyTries() : suite.tries());
        context.attributes().setShrinking(suite.shrinking());
        String given = System.getProperty(SEED, "");
        if (!given.isEmpty()) context.attributes().setSeed(given);
        PropertyExecutionResult result = property.execute();
        if (result.status() != PropertyExecutionResult.Status.FAILED) return result;
        String test = context.containerClass().getSimpleName() + "#" + context.targetMethod().getName();
        String repeat = "seed " + result.seed().orElse("unknown") + ", to repeat it: mvn test -pl testkit -am -Dsurefire.failIfNoSpecifiedTests=false -Dtest=" + test
            + (many ? " -Plong" : "") + " -D" + SEED + "=" + result.seed().orElse("") + " -Ddyad.kit.tries=" + context.attributes().tries().orElse(1);
        Throwable cause = result.throwable().orElseGet(() -> new AssertionError("failed"));
        return result.mapToFailed(new AssertionError(cause.getMessage() + "\n" + repeat, cause));
    }
}
