package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.Limits.Bound;
import io.assistedswarm.coordinator.plan.Limits.FailureLimit;
import io.assistedswarm.coordinator.plan.Limits.PhaseLimit;
import io.assistedswarm.coordinator.plan.Limits.Subject;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Manifests.Template;
import io.assistedswarm.protocol.Role;
import io.assistedswarm.protocol.SwarmId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class PlanFileTest {
    private static final String HEAD = """
            apiVersion: assistedswarm.io/v1alpha1
            kind: SwarmPlan
            metadata: {name: night}
            spec:
            """;

    @TempDir
    Path folder;

    @Test
    void readsEverythingThatOurFormatCanSay() throws IOException {
        SwarmPlan plan = valid(HEAD + """
                  seed: 42
                  shuffle: true
                  pace: {batch: 2, interval: 1m30s, maxInstalling: 50, maxFailures: 3}
                  deadlines: {apply: 90s, deletion: 1h}
                  clusters:
                    - {singleNode: true, amount: 2}
                    - controlPlanes: 5
                      numWorkers: 7
                      withNmstate: true
                      justInfraenv: true
                      infraenvLabels: {example.com/location: Sun, empty: ""}
                """);

        assertThat(plan.name()).isEqualTo("night");
        assertThat(plan.seed()).isEqualTo(42);
        assertThat(plan.shuffle()).isTrue();
        assertThat(plan.pace()).isEqualTo(new Pace(2, Duration.ofSeconds(90), 50, 3));
        assertThat(plan.deadlines().apply()).isEqualTo(Duration.ofSeconds(90));
        assertThat(plan.deadlines().deletion()).isEqualTo(Duration.ofHours(1));
        assertThat(plan.deadlines().image()).isEqualTo(Duration.ofMinutes(15));
        assertThat(plan.clusters())
                .containsExactly(
                        new ClusterGroup(1, 0, 2, false, false, Map.of()),
                        new ClusterGroup(5, 7, 1, true, true, Map.of("example.com/location", "Sun", "empty", "")));
    }

    @Test
    void replacesLostClustersOnlyWhenThePlanSaysSo() throws IOException {
        assertThat(valid(HEAD + "  replaceLost: true\n  clusters: [{amount: 3}]\n")
                        .replacementLimit())
                .isEqualTo(3);
        assertThat(valid(HEAD + "  clusters: [{amount: 3}]\n").replacementLimit())
                .isZero();
        assertThat(valid(HEAD + "  replaceLost: true\n  clusters: [{amount: 65530, singleNode: true}]\n")
                        .replacementLimit())
                .as("as many as there are names for")
                .isEqualTo(6);
    }

    @Test
    void readsLimits() throws IOException {
        Limits limits = valid(HEAD + """
                  limits:
                    success: 99.5%
                    phases:
                      - {phase: installed, quantile: p95, atMost: 90m}
                      - {of: hosts, from: booted, phase: registered, quantile: max, atMost: 5m}
                    failures:
                      - {side: service, atMost: 1%}
                      - {of: hosts, reason: RegistrationTimeout, atMost: 3}
                    generator: {late: 1%}
                  clusters: [{amount: 3}]
                """).limits();
        assertThat(limits)
                .isEqualTo(new Limits(
                        Optional.of(0.995),
                        List.of(
                                new PhaseLimit(Subject.CLUSTERS, "placed", "installed", 0.95, Duration.ofMinutes(90)),
                                new PhaseLimit(Subject.HOSTS, "booted", "registered", 1, Duration.ofMinutes(5))),
                        List.of(
                                new FailureLimit(
                                        Subject.CLUSTERS,
                                        Optional.of(Failure.Side.SERVICE),
                                        Optional.empty(),
                                        Bound.of(0.01)),
                                new FailureLimit(
                                        Subject.HOSTS,
                                        Optional.empty(),
                                        Optional.of("RegistrationTimeout"),
                                        Bound.of(3))),
                        Optional.of(new Limits.Generator(0.01, 0.75, Duration.ofSeconds(1), 0.05))));
        assertThat(limits.phases())
                .extracting(PhaseLimit::name)
                .containsExactly("p95 of clusters, placed → installed", "max of hosts, booted → registered");
    }

    @Test
    void saysWhereALimitIsWrong() throws IOException {
        Problems problems = new Problems();
        Path file = write("plan.yaml", HEAD + """
                  limits:
                    success: 101%
                    phases:
                      - {phase: instaled, quantile: p95, atMost: 90m}
                      - {of: hosts, from: known, phase: booted, quantile: p0, atMost: 0s}
                    failures:
                      - {atMost: 3}
                    generater: {}
                  clusters: [{amount: 3}]
                """);
        PlanFile.read(file, List.of(), problems);
        assertThat(problems.errors())
                .extracting(problem -> problem.toString().replace(folder + "/", ""))
                .containsExactlyInAnyOrder(
                        "plan.yaml:6: spec.limits.success: is '101%' and not a share; write for example '5%'",
                        "plan.yaml:8: spec.limits.phases[0].phase: 'instaled' is no phase of clusters; did you mean 'installed'?",
                        "plan.yaml:9: spec.limits.phases[1].quantile: is 'p0' and not a quantile; write for example 'p95', or 'max'",
                        "plan.yaml:9: spec.limits.phases[1].phase: 'booted' does not come after 'known'",
                        "plan.yaml:9: spec.limits.phases[1].atMost: is no time, or more than 30 days; write for example '90m'",
                        "plan.yaml:11: spec.limits.failures[0]: says neither side nor reason; add for example 'side: service'",
                        "plan.yaml:12: spec.limits.generater: is not a known key; did you mean 'generator'?");
    }

    @Test
    void readsFaultsOfTheWholePlanAndOfAGroup() throws IOException {
        SwarmPlan plan = valid(HEAD + """
                  faults:
                    - {kind: neverRegister, share: 0.25}
                    - {kind: vanish, hosts: 2, phase: known, for: 2m, roles: [worker, master]}
                    - {kind: vanish, hosts: 1, phase: registered}
                  clusters:
                    - numWorkers: 9
                      faults:
                        - {kind: restart, hosts: 1, phase: installing}
                        - {kind: failInstaller, hosts: 1, roles: [worker]}
                        - {kind: failValidation, hosts: 1}
                """);
        assertThat(plan.faults())
                .containsExactly(
                        new FaultRule(
                                new Fault(Fault.Kind.NEVER_REGISTER, HostPhase.BOOTED, Duration.ZERO),
                                Optional.of(0.25),
                                Optional.empty(),
                                Set.of()),
                        new FaultRule(
                                new Fault(Fault.Kind.VANISH, HostPhase.KNOWN, Duration.ofMinutes(2)),
                                Optional.empty(),
                                Optional.of(2),
                                Set.of(Role.MASTER, Role.WORKER)),
                        new FaultRule(
                                new Fault(Fault.Kind.VANISH, HostPhase.REGISTERED, Duration.ofMinutes(5)),
                                Optional.empty(),
                                Optional.of(1),
                                Set.of()));
        assertThat(plan.clusters().getFirst().faults())
                .extracting(rule -> rule.fault().toString())
                .containsExactly("restart at installing", "failInstaller", "failValidation");
        assertThat(plan.expand(new SwarmId("night")).getFirst().faults()).hasSize(9);
    }

    @Test
    void readsWhatAGroupWantsBeyondControlPlanesAndWorkers() throws IOException {
        SwarmPlan plan = valid(HEAD + """
                  clusters:
                    - controlPlanes: 2
                      arbiterAgents: 1
                      day2Workers: 2
                      lateBinding: true
                      holdInstallation: true
                      release: allReady
                      platform: baremetal
                      userManagedNetworking: false
                      apiVIPs: [10.123.255.10]
                      ingressVIPs: [10.123.255.11]
                      osImageVersion: 4.19
                      agentLabels: {rack: r1}
                      annotations:
                        agent-install.openshift.io/ignored-host-validations: '["ntp-synced"]'
                      hostAnnotations:
                        bmac.agent-install.openshift.io/hostname: "node-{{host.index}}"
                      extraManifests: [manifests/a.yaml, b.json]
                    - {controlPlanes: 3, holdInstallation: true}
                """);

        assertThat(plan.clusters().getFirst().traits())
                .isEqualTo(new ClusterTraits(
                        1,
                        2,
                        true,
                        Hold.UNTIL_ALL_READY,
                        Platform.BAREMETAL,
                        Networking.CLUSTER_MANAGED,
                        List.of("10.123.255.10"),
                        List.of("10.123.255.11"),
                        "4.19",
                        Map.of("rack", "r1"),
                        Map.of("agent-install.openshift.io/ignored-host-validations", "[\"ntp-synced\"]"),
                        Map.of("bmac.agent-install.openshift.io/hostname", "node-{{host.index}}"),
                        List.of("manifests/a.yaml", "b.json")));
        assertThat(plan.clusters().getLast().traits().hold()).isEqualTo(Hold.UNTIL_RELEASED);
        assertThat(plan.hostCount()).isEqualTo(8);
    }

    @Test
    void readsTheOriginalsFormat() throws IOException {
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(write("My Test_plan.yaml", """
                                clusters:
                                  - single_node: True
                                    num_workers: 0
                                    amount: 2
                                  - {single_node: no, num_workers: 10, amount: 1, with_nmstate: true,
                                     just_infraenv: yes, infranev_labels: {location: Moon}}
                                shuffle: on
                                schema: [whatever, {it: says}]
                                """), List.of(), problems)
                .orElseThrow();

        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings())
                .singleElement()
                .hasToString(folder.resolve("My Test_plan.yaml")
                        + ":6: clusters[1].infranev_labels: is taken as 'infraenv_labels'; the original tool ignores it"
                        + " as it is spelt");
        assertThat(plan.name()).isEqualTo("my-test-plan");
        assertThat(plan.shuffle()).isTrue();
        assertThat(plan.clusters())
                .containsExactly(
                        new ClusterGroup(1, 0, 2, false, false, Map.of()),
                        new ClusterGroup(3, 10, 1, true, true, Map.of("location", "Moon")));
    }

    @Test
    void theOriginalsExampleHas37Hosts() {
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(Path.of("../conf/plans/original-example.yaml"), List.of(), problems)
                .orElseThrow();

        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).hasSize(2);
        assertThat(plan.clusterCount()).isEqualTo(6);
        assertThat(plan.hostCount()).isEqualTo(37);
        assertThat(plan.clusters().getLast().infraEnvLabels())
                .containsEntry("agentclusterinstalls.extensions.hive.openshift.io/location", "Moon");
    }

    @Test
    void theQuickstartIsSmall() {
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(Path.of("../conf/plans/quickstart.yaml"), List.of(), problems)
                .orElseThrow();

        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
        assertThat(plan.hostCount()).isLessThanOrEqualTo(8);
    }

    @Test
    void theSameSeedGivesTheSameOrder() throws IOException {
        String clusters = "  clusters: [{singleNode: true, amount: 20}, {amount: 20}]\n";
        SwarmId id = new SwarmId("night");
        List<ClusterSpec> one =
                valid(HEAD + "  seed: 7\n  shuffle: true\n" + clusters).expand(id);
        List<ClusterSpec> again =
                valid(HEAD + "  seed: 7\n  shuffle: true\n" + clusters).expand(id);
        List<ClusterSpec> other =
                valid(HEAD + "  seed: 8\n  shuffle: true\n" + clusters).expand(id);

        assertThat(again).isEqualTo(one);
        assertThat(other).isNotEqualTo(one);
    }

    @Test
    void overridesAreAppliedBeforeTheCheck() throws IOException {
        Path file = write("plan.yaml", HEAD + "  clusters: [{amount: 0}]\n");
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(
                        file,
                        List.of(
                                "spec.clusters[0].amount=3",
                                "seed=9",
                                "pace.batch=2",
                                "pace.interval=10s",
                                "clusters[0].infraenvLabels={location: Sun}",
                                "metadata.name=other"),
                        problems)
                .orElseThrow();

        assertThat(problems.errors()).isEmpty();
        assertThat(plan.name()).isEqualTo("other");
        assertThat(plan.seed()).isEqualTo(9);
        assertThat(plan.pace().batch()).isEqualTo(2);
        assertThat(plan.clusters()).containsExactly(new ClusterGroup(3, 0, 3, false, false, Map.of("location", "Sun")));
    }

    static Stream<Arguments> badOverrides() {
        return Stream.of(
                Arguments.of("nonsense", "--set nonsense: is not of the form a.b[0].c=value"),
                Arguments.of("seed=abc", "--set seed=abc: spec.seed: is 'abc' and not a whole number"),
                Arguments.of("sede=1", "--set sede=1: spec.sede: is not a known key; did you mean 'seed'?"),
                Arguments.of(
                        "clusters[5].amount=1",
                        "--set clusters[5].amount=1: the list has no item '5'; its items are 0 to 0"),
                Arguments.of("seed={a", "--set seed={a:1: is not YAML"),
                Arguments.of(
                        "clusters[0].amount=0",
                        "--set clusters[0].amount=0: spec.clusters[0].amount: is 0; it is at least 1"),
                Arguments.of(
                        "apiVersion.x=1",
                        "--set apiVersion.x=1: there is 'assistedswarm.io/v1alpha1' where 'x' should go in"));
    }

    @ParameterizedTest
    @MethodSource("badOverrides")
    void aBadOverrideIsSaidToBeOne(String override, String problem) throws IOException {
        Problems problems = new Problems();
        PlanFile.read(write("plan.yaml", HEAD + "  clusters: [{amount: 1}]\n"), List.of(override), problems);

        assertThat(problems.errors()).singleElement().asString().startsWith(problem);
    }

    static Stream<Arguments> problems() {
        return Stream.of(
                ours(
                        "  shufle: true\n  clusters: [{}]",
                        ":5: spec.shufle: is not a known key; did you mean 'shuffle'?"),
                ours("  num-clusters: 1\n  clusters: [{}]", ":5: spec.num-clusters: is not a known key"),
                ours(
                        "  clusters:\n    - num_workers: 1",
                        ":6: spec.clusters[0].num_workers: is not a known key; did you mean 'numWorkers'?"),
                ours("  seed: 1.5\n  clusters: [{}]", ":5: spec.seed: is '1.5' and not a whole number"),
                ours(
                        "  seed: \"1\"\n  clusters: [{}]",
                        ":5: spec.seed: is '1' and not a whole number; leave out the quotes"),
                ours(
                        "  seed: 99999999999999999999\n  clusters: [{}]",
                        ":5: spec.seed: is '99999999999999999999' and not a number that fits"),
                ours("  shuffle: maybe\n  clusters: [{}]", ":5: spec.shuffle: is 'maybe' and not true or false"),
                ours("  seed:\n  clusters: [{}]", ":5: spec.seed: has no value; write one, or leave out the key"),
                ours("  seed: 1", ":5: spec.clusters: is missing"),
                ours("  clusters: []", ":5: spec.clusters: names no cluster"),
                ours("  clusters: {}", ":5: spec.clusters: is a mapping and not a list"),
                ours("  clusters: [1]", ":5: spec.clusters[0]: is '1' and not a mapping"),
                ours("  clusters:\n    - amount: 0", ":6: spec.clusters[0].amount: is 0; it is at least 1"),
                ours("  clusters:\n    - amount: -3", ":6: spec.clusters[0].amount: is -3; it is at least 1"),
                ours("  clusters:\n    - numWorkers: -1", ":6: spec.clusters[0].numWorkers: is -1; it is at least 0"),
                ours(
                        "  clusters:\n    - singleNode: true\n      numWorkers: 1",
                        ":7: spec.clusters[0].numWorkers: is 1, but a single node has no workers"),
                ours(
                        "  clusters:\n    - singleNode: true\n      justInfraenv: true\n      numWorkers: 1",
                        ":8: spec.clusters[0].numWorkers: is 1, but a single node has no workers"),
                ours(
                        "  clusters:\n    - controlPlanes: 1\n      numWorkers: 1",
                        ":7: spec.clusters[0].numWorkers: is 1, but a single node has no workers"),
                ours(
                        "  clusters:\n    - {singleNode: true, controlPlanes: 3}",
                        ":6: spec.clusters[0].controlPlanes: is 3, but singleNode is true; leave out one of the two"),
                ours(
                        "  clusters:\n    - {singleNode: false, controlPlanes: 1}",
                        ":6: spec.clusters[0].controlPlanes: is 1, but singleNode is false; leave out one of the two"),
                ours(
                        "  clusters:\n    - {controlPlanes: 2}",
                        ":6: spec.clusters[0].controlPlanes: is 2; OpenShift installs 1 (a single node), 3, 4 or 5"),
                ours(
                        "  clusters:\n    - numWorkers: 65530",
                        ":6: spec.clusters[0].numWorkers: makes a cluster of 65533 hosts; a cluster has at most 65532"),
                ours(
                        "  clusters:\n    - {amount: 65536, singleNode: true}\n    - {amount: 1}",
                        ":6: spec.clusters: make 65537 clusters; a swarm has at most 65536"),
                ours(
                        "  clusters:\n    - infraenvLabels: {-bad: x}",
                        ":6: spec.clusters[0].infraenvLabels.-bad: '-bad' is not a label key"),
                ours(
                        "  clusters:\n    - infraenvLabels:\n        good: not good",
                        ":7: spec.clusters[0].infraenvLabels.good: 'not good' is not a label value"),
                ours(
                        "  clusters:\n    - infraenvLabels: {assistedswarm.io/swarm: x}",
                        ":6: spec.clusters[0].infraenvLabels.assistedswarm.io/swarm: 'assistedswarm.io/swarm' is set by the swarm itself"),
                ours(
                        "  clusters:\n    - infraenvLabels: {on: true}",
                        ":6: spec.clusters[0].infraenvLabels.on: is 'true' and not a text; put it in quotes: \"true\""),
                ours(
                        "  pace: {batch: 2}\n  clusters: [{}]",
                        ":5: spec.pace.batch: means nothing without an interval; add 'interval: 10s', or leave out 'batch'"),
                ours(
                        "  pace: {interval: 2s}\n  clusters: [{}]",
                        ":5: spec.pace.interval: means nothing without a batch"),
                ours(
                        "  pace: {batch: 0, interval: 2s}\n  clusters: [{}]",
                        ":5: spec.pace.batch: is 0; it is at least 1"),
                ours(
                        "  pace: {batch: 1, interval: 30h}\n  clusters: [{}]",
                        ":5: spec.pace.interval: is longer than a day"),
                ours(
                        "  pace: {batch: 1, interval: 20h}\n  clusters: [{amount: 100}]",
                        ":5: spec.pace: would admit the last cluster after 82 days"),
                ours(
                        "  pace: {rate: 0/h}\n  clusters: [{}]",
                        ":5: spec.pace.rate: is 0/h; it is more than 0, and at most 360000/h"),
                ours("  pace: {rate: -5/m}\n  clusters: [{}]", ":5: spec.pace.rate: is -300/h; it is more than 0"),
                ours(
                        "  pace: {rate: 200/s}\n  clusters: [{}]",
                        ":5: spec.pace.rate: is 720000/h; it is more than 0, and at most 360000/h"),
                ours(
                        "  pace: {rate: 500}\n  clusters: [{}]",
                        ":5: spec.pace.rate: is '500' and not a rate; say per what: '500/h'"),
                ours(
                        "  pace: {rate: fast}\n  clusters: [{}]",
                        ":5: spec.pace.rate: is 'fast' and not a rate; write for example '500/h'"),
                ours(
                        "  pace: {rate: 1/h, batch: 1, interval: 1m}\n  clusters: [{}]",
                        ":5: spec.pace.batch: is there beside 'rate'; leave out one of the two"),
                ours(
                        "  pace: {rate: 1/h, ramp: {from: 1/h, to: 2/h, over: 1m}}\n  clusters: [{}]",
                        ":5: spec.pace.ramp: is there beside 'rate'"),
                ours("  pace: {ramp: {from: 1/h, to: 2/h}}\n  clusters: [{}]", ":5: spec.pace.ramp.over: is missing"),
                ours(
                        "  pace: {ramp: {from: 1/h, to: 2/h, over: 0s}}\n  clusters: [{}]",
                        ":5: spec.pace.ramp.over: lasts no time, or more than 30 days"),
                ours(
                        "  pace: {ramp: {from: 1/h, to: 2/h, over: 900h}}\n  clusters: [{}]",
                        ":5: spec.pace.ramp.over: lasts no time, or more than 30 days"),
                ours(
                        "  pace: {ramp: {from: 2/h, to: 2/h, over: 1m}}\n  clusters: [{}]",
                        ":5: spec.pace.ramp.to: is the same as 'from'; write 'rate: 2/h' instead of a ramp"),
                ours(
                        "  pace: {ramp: {from: 0/h, to: 2/h, over: 1m}}\n  clusters: [{}]",
                        ":5: spec.pace.ramp.from: is 0/h; it is more than 0"),
                ours("  pace: {steps: []}\n  clusters: [{}]", ":5: spec.pace.steps: has no step"),
                ours(
                        "  pace: {steps: [{rate: 1/h}, {rate: 2/h}]}\n  clusters: [{}]",
                        ":5: spec.pace.steps: has a step 0 that never ends; add for example 'for: 10m' to it"),
                ours(
                        "  pace: {steps: [{rate: 1/h, for: 0s}, {rate: 2/h}]}\n  clusters: [{}]",
                        ":5: spec.pace.steps[0].for: lasts no time"),
                ours(
                        "  pace: {maxPerWorker: 0}\n  clusters: [{}]",
                        ":5: spec.pace.maxPerWorker: is 0; it is at least 1"),
                ours(
                        "  pace: {maxPerWorker: 2}\n  clusters: [{}]",
                        ":5: spec.pace.maxPerWorker: is 2, but the biggest cluster has 3 hosts; set it to 3 or more"),
                ours(
                        "  pace: {maxFailures: 100%}\n  clusters: [{}]",
                        ":5: spec.pace.maxFailures: is 100.0%; it is at least 0% and less than 100%, for example 10%"),
                ours(
                        "  pace: {maxFailures: ten%}\n  clusters: [{}]",
                        ":5: spec.pace.maxFailures: is 'ten%' and not a share; write for example '10%'"),
                ours(
                        "  pace: {failureSample: 3}\n  clusters: [{}]",
                        ":5: spec.pace.failureSample: means nothing without a share; write for example 'maxFailures: 10%'"),
                ours(
                        "  pace: {maxFailures: 5%, failureSample: 0}\n  clusters: [{}]",
                        ":5: spec.pace.failureSample: is 0; it is at least 1"),
                ours(
                        "  pace: {rate: 1/h}\n  clusters: [{amount: 2000}]",
                        ":5: spec.pace: would admit the last cluster after 83 days; use a higher rate"),
                ours(
                        "  pace: {batch: 1, interval: 30}\n  clusters: [{}]",
                        ":5: spec.pace.interval: is '30' and not a duration; say the unit: '30s'"),
                ours(
                        "  deadlines: {image: 5 minutes}\n  clusters: [{}]",
                        ":5: spec.deadlines.image: is '5 minutes' and not a duration; write for example '90s'"),
                ours(
                        "  deadlines: {image: 0s}\n  clusters: [{}]",
                        ":5: spec.deadlines.image: is not longer than nothing"),
                ours(
                        "  deadlines: {imagee: 1m}\n  clusters: [{}]",
                        ":5: spec.deadlines.imagee: is not a known key; did you mean 'image'?"),
                ours(
                        "  faults: [{kind: vanisch, hosts: 1, phase: known}]\n  clusters: [{}]",
                        ":5: spec.faults[0].kind: is 'vanisch'; did you mean 'vanish'?"),
                ours(
                        "  faults: [{kind: explode, hosts: 1}]\n  clusters: [{}]",
                        ":5: spec.faults[0].kind: is 'explode'; use one of neverRegister, vanish, restart, failInstaller, failValidation"),
                ours("  faults: [{hosts: 1}]\n  clusters: [{}]", ":5: spec.faults[0].kind: is missing"),
                ours("  faults: {kind: vanish}\n  clusters: [{}]", ":5: spec.faults: is a mapping and not a list"),
                ours("  faults: [{kind: vanish, hosts: 1}]\n  clusters: [{}]", ":5: spec.faults[0].phase: is missing"),
                ours(
                        "  faults:\n    - kind: restart\n      hosts: 1\n      phase: rebooting\n  clusters: [{}]",
                        ":8: spec.faults[0].phase: is 'rebooting'; use one of registered, known, preparing, installing"),
                ours(
                        "  faults: [{kind: failInstaller, hosts: 1, phase: installing}]\n  clusters: [{}]",
                        ":5: spec.faults[0].phase: means nothing with kind 'failInstaller'; leave it out"),
                ours(
                        "  faults: [{kind: neverRegister, hosts: 1, for: 2m}]\n  clusters: [{}]",
                        ":5: spec.faults[0].for: means nothing with kind 'neverRegister'; leave it out"),
                ours(
                        "  faults: [{kind: neverRegister, share: 5}]\n  clusters: [{}]",
                        ":5: spec.faults[0].share: is 5.0; it is more than 0 and at most 1, for example 0.05"),
                ours(
                        "  faults: [{kind: neverRegister, share: 5%}]\n  clusters: [{}]",
                        ":5: spec.faults[0].share: is '5%' and not a number"),
                ours(
                        "  faults: [{kind: neverRegister, hosts: 0}]\n  clusters: [{}]",
                        ":5: spec.faults[0].hosts: is 0; it is at least 1"),
                ours(
                        "  faults: [{kind: neverRegister}]\n  clusters: [{}]",
                        ":5: spec.faults[0]: does not say how many hosts; add for example 'hosts: 1' or 'share: 0.05'"),
                ours(
                        "  faults: [{kind: neverRegister, share: 0.5, hosts: 1}]\n  clusters: [{}]",
                        ":5: spec.faults[0].hosts: is there beside 'share'; leave out one of the two"),
                ours(
                        "  faults: [{kind: vanish, hosts: 1, phase: known, for: 0s}]\n  clusters: [{}]",
                        ":5: spec.faults[0].for: is not longer than nothing; write for example '5m'"),
                ours(
                        "  faults: [{kind: vanish, hosts: 1, phase: known, for: 25h}]\n  clusters: [{}]",
                        ":5: spec.faults[0].for: is longer than a day"),
                ours(
                        "  faults: [{kind: neverRegister, hosts: 1, roles: [wroker]}]\n  clusters: [{}]",
                        ":5: spec.faults[0].roles: is 'wroker'; did you mean 'worker'?"),
                ours(
                        "  faults: [{kind: neverRegister, host: 1}]\n  clusters: [{}]",
                        ":5: spec.faults[0].host: is not a known key; did you mean 'hosts'?"),
                ours(
                        "  faults: [{kind: neverRegister, hosts: 4}]\n  clusters: [{}]",
                        ":5: spec.faults[0]: asks for 4 hosts, and there are 3 that can have it and have no other fault"),
                ours(
                        "  faults: [{kind: neverRegister, hosts: 2}, {kind: failValidation, hosts: 2}]\n  clusters: [{}]",
                        ":5: spec.faults[1]: asks for 2 hosts, and there are 1 that can have it and have no other fault"),
                ours(
                        "  clusters:\n    - justInfraenv: true\n      faults: [{kind: failInstaller, hosts: 1}]",
                        ":7: spec.clusters[0].faults[0]: finds no host that can have it; ask for fewer, or look at roles and phase"),
                group(
                        "{controlPlanes: 2}",
                        "controlPlanes: is 2; OpenShift installs 1 (a single node), 3, 4 or 5; 2 need"),
                group("{controlPlanes: 1, arbiterAgents: 1}", "controlPlanes: is 1; OpenShift installs 2, 3, 4 or 5"),
                group("{arbiterAgents: -1}", "arbiterAgents: is -1; it is at least 0"),
                group(
                        "{justInfraenv: true, lateBinding: true}",
                        "lateBinding: means nothing where there is no cluster"),
                group("{justInfraenv: true, day2Workers: 1}", "day2Workers: means nothing where there is no cluster"),
                group(
                        "{justInfraenv: true, annotations: {a: b}}",
                        "annotations: means nothing where there is no cluster"),
                group(
                        "{osImageVersion: \"4.18\"}",
                        "osImageVersion: is refused by the service when the InfraEnv names"),
                group(
                        "{lateBinding: true, osImageVersion: newest}",
                        "osImageVersion: is 'newest'; write for example '4.18'"),
                group("{release: allReady}", "release: means nothing without a hold; add 'holdInstallation: true'"),
                group("{holdInstallation: true, release: soon}", "release: is 'soon'; it is allReady or byUser"),
                group("{platform: vsphere}", "platform: is 'vsphere'; it is baremetal or none"),
                group(
                        "{singleNode: true, platform: baremetal}",
                        "platform: is baremetal, which a single node cannot have"),
                group(
                        "{singleNode: true, userManagedNetworking: false}",
                        "userManagedNetworking: is false, which a single"),
                group(
                        "{platform: none, userManagedNetworking: false}",
                        "userManagedNetworking: is false, which platform"),
                group(
                        "{platform: baremetal, userManagedNetworking: true}",
                        "userManagedNetworking: is true, which plat"),
                group("{platform: none, apiVIPs: [10.123.200.1]}", "apiVIPs: mean nothing for user-managed networking"),
                group(
                        "{apiVIPs: [10.124.0.1]}",
                        "apiVIPs[0]: '10.124.0.1' is no address for a machine in 10.123.0.0/16"),
                group("{apiVIPs: [10.123.0.3]}", "apiVIPs[0]: '10.123.0.3' is the address of a host"),
                group("{apiVIPs: [10.123.9.9, 10.123.9.8]}", "apiVIPs: are 2 addresses; give one"),
                group("{apiVIPs: [10.123.255.254]}", "apiVIPs: '10.123.255.254' would be the address of both"),
                group("{agentLabels: {a: not good}}", "agentLabels.a: 'not good' is not a label value"),
                group("{annotations: {-a: b}}", "annotations.-a: '-a' is not an annotation's key"),
                group(
                        "{annotations: {agent-install.openshift.io/ignored-host-validations: all}}",
                        "annotations.agent-install.openshift.io/ignored-host-validations: is not a JSON list"),
                group(
                        "{annotations: {agent-install.openshift.io/install-config-overrides: \"[]\"}}",
                        "annotations.agent-install.openshift.io/install-config-overrides: is not a JSON object"),
                group(
                        "{hostAnnotations: {bmac.agent-install.openshift.io/role: worker}}",
                        "hostAnnotations.bmac.agent-install.openshift.io/role: is set by the swarm itself"),
                group(
                        "{hostAnnotations: {bmac.agent-install.openshift.io/hostname: node}}",
                        "hostAnnotations.bmac.agent-install.openshift.io/hostname: gives all hosts one name"),
                group(
                        "{hostAnnotations: {bmac.agent-install.openshift.io/hostname: \"Node {{host.index}}\"}}",
                        "hostAnnotations.bmac.agent-install.openshift.io/hostname: 'Node 0' is no host name"),
                group("{hostAnnotations: {a: \"{{host.nam}}\"}}", "hostAnnotations.a: cannot be rendered"),
                group("{extraManifests: [a.txt]}", "extraManifests[0]: 'a.txt' cannot be the key of a ConfigMap"),
                group(
                        "{extraManifests: [x/a.yaml, y/a.yaml]}",
                        "extraManifests[1]: there are two files called 'a.yaml'"),
                group("{numWorkers: 65528, day2Workers: 5}", "numWorkers: makes a cluster of 65536 hosts"),
                ours(
                        "  pace: {maxInstalling: 2}\n  clusters: [{amount: 3, holdInstallation: true, release: allReady}]",
                        ":5: spec.pace.maxInstalling: is 2, but 3 clusters are held until all of them are ready"),
                ours("  clusters: [{}]\n  clusters: [{}]", ":6: clusters: is there twice; it is also in line 5"),
                Arguments.of(
                        "apiVersion: assistedswarm.io/v2\nkind: SwarmPlan\nmetadata: {name: a}\nspec: {clusters: [{}]}",
                        ":1: apiVersion: is 'assistedswarm.io/v2', which this program does not know; write 'assistedswarm.io/v1alpha1'"),
                Arguments.of(
                        "kind: SwarmPlan\nmetadata: {name: a}\nspec: {clusters: [{}]}", ":1: apiVersion: is missing"),
                Arguments.of(
                        HEAD.replace("night", "Night_1") + "  clusters: [{}]",
                        ":3: metadata.name: 'Night_1' cannot lead the names of namespaces and hosts"),
                Arguments.of(
                        HEAD.replace("night", "n".repeat(36)) + "  clusters: [{}]",
                        ":3: metadata.name: '" + "n".repeat(36) + "' has 36 characters; use at most 35"),
                Arguments.of(HEAD.replace("name:", "nam:") + "  clusters: [{}]", ":3: metadata.name: is missing"),
                Arguments.of(
                        "clusters:\n- {single_node: true, num_workers: 3, amount: 1}",
                        ":2: clusters[0].num_workers: is 3, but a single node has no workers"),
                Arguments.of("clusters:\n- {single_node: false, amount: 1}", ":2: clusters[0].num_workers: is missing"),
                Arguments.of(
                        "clusters:\n- {single_node: false, num_workers: true, amount: 1}",
                        ":2: clusters[0].num_workers: is 'true' and not a whole number"),
                Arguments.of(
                        "clusters:\n- {single_node: false, num_workers: 0, amount: 1}\nshufle: true",
                        ":3: shufle: is not a known key; did you mean 'shuffle'?"),
                Arguments.of(
                        "clusters:\n- {single_node: false, num_workers: 0, amount: 1, infraenv_labels: {a: b}, infranev_labels: {a: b}}",
                        ":2: clusters[0].infranev_labels: is there beside 'infraenv_labels'"),
                Arguments.of(
                        "clusters:\n- {single_node: false, num_workers: 0, amount: 1, infraenv_label: {a: b}}",
                        ":2: clusters[0].infraenv_label: is not a known key; did you mean 'infraenv_labels'?"),
                Arguments.of("", ":1: is empty"),
                Arguments.of("- a", ":1: is a list and not a mapping"),
                Arguments.of("just words", ":1: is 'just words' and not a mapping"),
                Arguments.of("a: [1,\nb: 2", ": is not YAML"),
                Arguments.of(
                        "a:\n\t- b",
                        ":2: is not YAML: found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation); indent with spaces, not with a tab"),
                Arguments.of("a: 1\n---\nb: 2", ":2: begins another document; put it into a file of its own"),
                Arguments.of(
                        "? [a, b]\n: 1\nclusters: [{single_node: true, num_workers: 0, amount: 1}]",
                        ":1: a key is a list or a mapping"),
                Arguments.of("a: \u0000", ": is not a text file"),
                Arguments.of("a: " + "[".repeat(60) + "]".repeat(60), ":1: is nested too deeply"),
                Arguments.of("a: &a [*a]", ":1: is nested too deeply"),
                Arguments.of("a: " + "[".repeat(100_000), " is n"),
                Arguments.of(bomb(), " has too many values; write it out without aliases"));
    }

    @ParameterizedTest
    @MethodSource("problems")
    void eachMistakeIsOneLineWithItsPlace(String text, String expected) throws IOException {
        Path file = write("plan.yaml", text);
        Problems problems = new Problems();
        PlanFile.read(file, List.of(), problems);

        assertThat(problems.errors()).isNotEmpty();
        String first = problems.errors().stream()
                .map(Problem::toString)
                .filter(line -> line.contains(expected))
                .findFirst()
                .orElseThrow(() -> new AssertionError("not among " + problems.errors() + ": " + expected));
        assertThat(first).startsWith(file + ":").doesNotContain("\n");
        assertThat(first.length()).isLessThan(600);
    }

    @Test
    void allMistakesAreSaidAtOnceInTheOrderOfTheLines() throws IOException {
        Problems problems = new Problems();
        PlanFile.read(write("plan.yaml", HEAD + """
                                  shufle: true
                                  seed: x
                                  pace: {batch: 0, interval: 5}
                                  clusters:
                                    - {singleNode: true, numWorkers: 2}
                                    - {amount: 0}
                                """), List.of(), problems);

        assertThat(problems.errors())
                .extracting(Problem::path)
                .containsExactly(
                        "spec.shufle",
                        "spec.seed",
                        "spec.pace.interval",
                        "spec.pace.batch",
                        "spec.clusters[0].numWorkers",
                        "spec.clusters[1].amount");
    }

    @Test
    void aMissingOrHugeFileIsOneLine() throws IOException {
        Problems problems = new Problems();
        PlanFile.read(folder.resolve("nowhere.yaml"), List.of(), problems);
        PlanFile.read(folder, List.of(), problems);
        Path huge = folder.resolve("huge.yaml");
        Files.write(huge, new byte[YamlFile.MAX_BYTES + 1]);
        PlanFile.read(huge, List.of(), problems);
        Path binary = folder.resolve("binary.yaml");
        Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        PlanFile.read(binary, List.of(), problems);

        assertThat(problems.errors())
                .extracting(Problem::message)
                .containsExactlyInAnyOrder(
                        "there is no such file", "is a folder", "is bigger than 4 MiB", "is not a text file in UTF-8");
    }

    @Test
    void readsExtraManifestsBesideThePlanAndSaysWhichAreNotThere() throws IOException {
        Path file = write("plan.yaml", HEAD + """
                  clusters:
                    - {extraManifests: [a.yaml, own/b.yaml]}
                    - {extraManifests: [a.yaml, c.yaml]}
                """);
        Files.createDirectory(folder.resolve("own"));
        write("a.yaml", "a: {{not.ours}}");
        write("own/b.yaml", "b: 1");
        Problems problems = new Problems();
        SwarmPlan plan = PlanFile.read(file, List.of(), problems).orElseThrow();

        assertThat(ManifestFolder.extra(plan, file, problems))
                .containsExactly(
                        new Template("a.yaml", "a: {{not.ours}}"),
                        new Template("own/b.yaml", "b: 1"),
                        new Template("c.yaml", ""));
        assertThat(problems.errors())
                .singleElement()
                .hasToString(file + ":7: spec.clusters[1].extraManifests[1]: there is no file "
                        + folder.resolve("c.yaml") + "; paths are relative to the plan");
    }

    private static Arguments group(String group, String expected) {
        return ours("  clusters:\n    - " + group, ":6: spec.clusters[0]." + expected);
    }

    private static Arguments ours(String spec, String expected) {
        return Arguments.of(HEAD + spec, expected);
    }

    /** Ten levels of nine aliases each. */
    private static String bomb() {
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 10; i++) {
            String alias = "*a" + (i - 1);
            bomb.append("a" + i + ": &a" + i + " [" + String.join(", ", Collections.nCopies(9, alias)) + "]\n");
        }
        return bomb.toString();
    }

    private SwarmPlan valid(String text) throws IOException {
        Problems problems = new Problems();
        SwarmPlan plan =
                PlanFile.read(write("plan.yaml", text), List.of(), problems).orElseThrow();
        assertThat(problems.errors()).isEmpty();
        assertThat(problems.warnings()).isEmpty();
        return plan;
    }

    private Path write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }
}
