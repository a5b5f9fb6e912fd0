package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Fault;
import io.assistedswarm.protocol.Fault.Kind;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.Role;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FaultDrawTest {
    private static final SwarmId SWARM = new SwarmId("night-7f3a");
    private static final FaultRule NEVER = hosts(Kind.NEVER_REGISTER, HostPhase.BOOTED, 5);
    private static final FaultRule VANISH = hosts(Kind.VANISH, HostPhase.KNOWN, 5);

    @Test
    void drawsTheSameHostsForTheSameSeedAndOthersForAnother() {
        List<ClusterSpec> first = plan(1, List.of(NEVER), group(100, 1, 0)).expand(SWARM);
        assertThat(plan(1, List.of(NEVER), group(100, 1, 0)).expand(SWARM)).isEqualTo(first);
        assertThat(plan(2, List.of(NEVER), group(100, 1, 0)).expand(SWARM)).isNotEqualTo(first);
        assertThat(faults(first)).hasSize(5);
    }

    @Test
    void drawsTheSameHostsWhateverTheSwarmIsCalled() {
        SwarmPlan plan = plan(1, List.of(NEVER), group(100, 1, 0));
        assertThat(plan.expand(new SwarmId("other")).stream().map(ClusterSpec::faults))
                .isEqualTo(plan.expand(SWARM).stream().map(ClusterSpec::faults).toList());
    }

    @Test
    void drawsAHostForOneFaultOnly() {
        SwarmPlan plan = plan(1, List.of(NEVER, VANISH), group(10, 1, 0));
        assertThat(faults(plan.expand(SWARM)).values().stream().collect(Collectors.groupingBy(Fault::kind)))
                .hasEntrySatisfying(
                        Kind.NEVER_REGISTER, hosts -> assertThat(hosts).hasSize(5))
                .hasEntrySatisfying(Kind.VANISH, hosts -> assertThat(hosts).hasSize(5));
        assertThat(plan.draw(SWARM).shortfalls()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"0.05, 10", "0.001, 1", "1, 200", "0.127, 25"})
    void roundsAShareToAtLeastOneHost(double share, int expected) {
        FaultRule rule = new FaultRule(
                new Fault(Kind.FAIL_INSTALLER, HostPhase.INSTALLING, Duration.ZERO),
                Optional.of(share),
                Optional.empty(),
                Set.of());
        assertThat(faults(plan(1, List.of(rule), group(50, 3, 1)).expand(SWARM)))
                .hasSize(expected);
    }

    @Test
    void drawsOnlyHostsOfTheRoles() {
        FaultRule workers = new FaultRule(VANISH.fault(), Optional.empty(), Optional.of(6), Set.of(Role.WORKER));
        List<ClusterSpec> clusters = plan(1, List.of(workers), group(4, 3, 2)).expand(SWARM);
        assertThat(faults(clusters).keySet()).hasSize(6).allMatch(host -> host.index() >= 3);
    }

    @Test
    void drawsOnlyHostsThatComeToThePhase() {
        ClusterGroup infraEnvs = new ClusterGroup(10, 0, 1, false, true, Map.of());
        SwarmPlan known = plan(1, List.of(VANISH), infraEnvs, group(5, 1, 0));
        assertThat(faults(known.expand(SWARM)).keySet())
                .hasSize(5)
                .allMatch(host -> host.cluster().index() > 0);
        FaultRule registered = hosts(Kind.VANISH, HostPhase.REGISTERED, 10);
        assertThat(faults(plan(1, List.of(registered), infraEnvs).expand(SWARM)))
                .hasSize(10);
        assertThat(plan(1, List.of(VANISH), infraEnvs).draw(SWARM).shortfalls())
                .containsExactly(new FaultDraw.Shortfall("faults[0]", 5, 0));
    }

    @Test
    void keepsTheFaultsOfAGroupInItAlsoWhenItsClustersAreShuffled() {
        ClusterGroup faulty = new ClusterGroup(3, 0, 10, false, false, Map.of(), ClusterTraits.PLAIN, List.of(NEVER));
        SwarmPlan plan = new SwarmPlan(
                "night", 3, true, Pace.UNLIMITED, Deadlines.DEFAULT, List.of(group(10, 1, 0), faulty), List.of(VANISH));
        List<ClusterSpec> clusters = plan.expand(SWARM);
        assertThat(faults(clusters)).hasSize(10);
        assertThat(faults(clusters).entrySet().stream()
                        .filter(entry -> entry.getValue().kind() == Kind.NEVER_REGISTER))
                .hasSize(5)
                .allMatch(
                        entry -> clusters.get(entry.getKey().cluster().index()).controlPlanes() == 3);
    }

    @Test
    void leavesTheDrawOfARuleAloneWhenAnotherIsAdded() {
        Map<HostId, Fault> alone =
                faults(plan(1, List.of(NEVER), group(1000, 1, 0)).expand(SWARM));
        Map<HostId, Fault> both =
                faults(plan(1, List.of(NEVER, VANISH), group(1000, 1, 0)).expand(SWARM));
        assertThat(both).containsAllEntriesOf(alone).hasSize(10);
    }

    private static SwarmPlan plan(long seed, List<FaultRule> faults, ClusterGroup... groups) {
        return new SwarmPlan("night", seed, false, Pace.UNLIMITED, Deadlines.DEFAULT, List.of(groups), faults);
    }

    private static ClusterGroup group(int amount, int controlPlanes, int workers) {
        return new ClusterGroup(controlPlanes, workers, amount, false, false, Map.of());
    }

    private static FaultRule hosts(Kind kind, HostPhase phase, int hosts) {
        return new FaultRule(
                new Fault(kind, phase, Duration.ofMinutes(1)), Optional.empty(), Optional.of(hosts), Set.of());
    }

    private static Map<HostId, Fault> faults(List<ClusterSpec> clusters) {
        return clusters.stream()
                .flatMap(cluster -> cluster.faults().entrySet().stream()
                        .map(entry -> Map.entry(cluster.host(entry.getKey()), entry.getValue())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
