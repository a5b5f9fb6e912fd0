package io.assistedswarm.coordinator.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.FaultRule;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.protocol.AuthMode;
import io.assistedswarm.protocol.AuthSpec;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.RuntimeSpec;
import io.assistedswarm.protocol.Secret;
import io.assistedswarm.protocol.ServiceSpec;
import io.assistedswarm.protocol.ServiceUser;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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

    @Test
    void takesUsersWhoBringWhatTheModeWants() {
        assertThat(ofUsers(AuthMode.RHSSO, user("alice", 1, "offline"), user("bob", 100, "offline")))
                .isEmpty();
        assertThat(ofUsers(AuthMode.UNSAID, user("alice", 1, ""), user("bob", 2, "")))
                .isEmpty();
    }

    @Test
    void saysAllThatIsWrongWithUsers() {
        assertThat(ofUsers(
                        AuthMode.RHSSO,
                        user("alice", 0, "offline"),
                        user("alice", 101, ""),
                        new ServiceUser(" ", 1, new Secret(""), new Secret("offline"))))
                .containsExactly(
                        "service.auth.users: two have the same name",
                        "service.auth.users[0].weight: is 0; it is from 1 to 100",
                        "service.auth.users[1].weight: is 101; it is from 1 to 100",
                        "service.auth.users[1].offlineToken: is empty",
                        "service.auth.users[2].name: is empty",
                        "service.auth.users[2].pullSecret: is empty");
    }

    @Test
    void refusesMoreUsersThanThereMayBe() {
        ServiceUser[] many = IntStream.rangeClosed(0, ServiceUser.MOST_USERS)
                .mapToObj(i -> user("u" + i, 1, ""))
                .toArray(ServiceUser[]::new);
        assertThat(ofUsers(AuthMode.NONE, many)).containsExactly("service.auth.users: there may be 100");
    }

    @Test
    void knowsThatAnApplianceHasOneUser() {
        assertThat(ofUsers(AuthMode.AGENT_INSTALLER_LOCAL, user("alice", 1, "")))
                .contains("service.auth.users: agent-installer-local knows one user");
    }

    private static ServiceUser user(String name, int weight, String offlineToken) {
        return new ServiceUser(name, weight, new Secret("{\"auths\":{}}"), new Secret(offlineToken));
    }

    private static List<String> ofUsers(AuthMode mode, ServiceUser... users) {
        Submission sample = Samples.submission();
        AuthSpec auth = mode == AuthMode.RHSSO
                ? AuthSpec.rhsso(new Secret(""), "https://sso/token", "client", "")
                : AuthSpec.of(mode);
        ServiceSpec service = sample.service().withAuth(auth).sharedBy(List.of(users));
        return SubmissionRules.problems(
                new Submission(sample.id(), sample.plan(), service, sample.runtime(), sample.manifests()));
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
