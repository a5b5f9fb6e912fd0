package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.FaultRule;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.RuntimeSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubmissionRulesTest {
    private static final RuntimeSpec.Exec EXEC =
            new RuntimeSpec.Exec(List.of("agent"), Map.of(), List.of("controller"), Map.of());
    private static final RuntimeSpec COMBINED = new RuntimeSpec.Combined("", List.of("/opt/combined"), 5566, EXEC);

    @ParameterizedTest
    @EnumSource(
            value = Fault.Kind.class,
            names = {"VANISH", "FAIL_INSTALLER"})
    void refusesOfTheCombinedAgentWhatItCannotDoToOneHost(Fault.Kind kind) {
        assertThat(SubmissionRules.problems(submission(COMBINED, kind)))
                .containsExactly("plan.faults: '" + kind.label()
                        + "' cannot be done to one host of the combined agent, which plays them all; leave it out, or"
                        + " choose another runtime");
    }

    @ParameterizedTest
    @EnumSource(
            value = Fault.Kind.class,
            names = {"NEVER_REGISTER", "RESTART", "FAIL_VALIDATION"})
    void takesTheOtherFaultsOfTheCombinedAgent(Fault.Kind kind) {
        assertThat(SubmissionRules.problems(submission(COMBINED, kind))).isEmpty();
    }

    @Test
    void takesAllFaultsOfAgentsThatAreRunEachByItself() {
        assertThat(SubmissionRules.problems(submission(EXEC, Fault.Kind.VANISH)))
                .isEmpty();
    }

    private static Fault fault(Fault.Kind kind) {
        return switch (kind) {
            case VANISH, RESTART -> new Fault(kind, HostPhase.REGISTERED, Duration.ofMinutes(5));
            case FAIL_INSTALLER -> new Fault(kind, HostPhase.INSTALLING, Duration.ZERO);
            case NEVER_REGISTER, FAIL_VALIDATION -> new Fault(kind, HostPhase.BOOTED, Duration.ZERO);
        };
    }

    private static Submission submission(RuntimeSpec runtime, Fault.Kind kind) {
        Submission sample = Samples.submission();
        SwarmPlan plan = sample.plan();
        SwarmPlan.ClusterGroup group = plan.clusters().getFirst();
        FaultRule fault = new FaultRule(fault(kind), Optional.empty(), Optional.of(1), Set.of());
        SwarmPlan faulty = new SwarmPlan(
                plan.name(),
                plan.seed(),
                plan.shuffle(),
                plan.pace(),
                plan.deadlines(),
                List.of(new SwarmPlan.ClusterGroup(
                        group.controlPlanes(),
                        group.workers(),
                        group.amount(),
                        group.withNmstate(),
                        group.infraEnvOnly(),
                        group.infraEnvLabels(),
                        group.traits(),
                        List.of(fault))));
        return new Submission(sample.id(), faulty, sample.service(), runtime, sample.manifests());
    }
}
