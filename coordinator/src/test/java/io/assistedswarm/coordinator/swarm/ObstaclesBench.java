package io.assistedswarm.coordinator.swarm;

import static io.assistedswarm.coordinator.Samples.START;
import static io.assistedswarm.coordinator.Samples.SWARM;
import static io.assistedswarm.coordinator.Samples.clusters;
import static io.assistedswarm.coordinator.Samples.plan;
import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.SwarmMap;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.protocol.Assignment;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterSpec;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Observations.AgentState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.protocol.Placement;
import io.assistedswarm.protocol.WorkerName;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** How long a swarm's actor is busy with a map of its hosts, and with what holds them up; {@code bench/obstacles}. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ObstaclesBench {
    /** Clusters x hosts of each: of twice as many it must not take four times as long. */
    @Param({"1000x5", "2000x5", "20x500"})
    public String shape;

    private final ActorTestKit kit = ActorTestKit.create();
    private final Sightings sightings = new Sightings();
    private Progress progress;
    private Obstacles obstacles;
    private HostId host;

    @Setup
    public void place() {
        int amount = Integer.parseInt(shape.split("x")[0]);
        int size = Integer.parseInt(shape.split("x")[1]);
        List<ClusterSpec> clusters =
                plan(Pace.UNLIMITED, clusters(amount, 3, size - 3)).expand(SWARM);
        progress = new Progress(clusters, START);
        for (ClusterSpec cluster : clusters) {
            progress.placed(new Assignment(
                    cluster, List.of(new Placement(new BerthId("w1-0"), new WorkerName("w1"), 0, size)), 1));
            cluster.hosts().forEach(each -> sightings.see(seen(each)));
        }
        obstacles = new Obstacles(progress, sightings);
        host = clusters.get(amount / 2).host(1);
    }

    /** Every other host is held up by a validation, the others are in a state. */
    private static AgentState seen(HostId host) {
        String message = "The agent's validations are failing: Host " + host.name()
                + " couldn't synchronize with any NTP server, 6f7e1a0c-0000-0000-0000-000000000000";
        return new AgentState(
                host,
                "insufficient",
                "Host cannot be installed due to failing validation(s)",
                "",
                host.index() % 2 == 0
                        ? List.of(new Unmet("Validated", "ValidationsFailing", message, Optional.of(START)))
                        : List.of());
    }

    @TearDown
    public void shutDown() {
        kit.shutdownTestKit();
    }

    @Benchmark
    public SwarmMap map() {
        return progress.map(SWARM);
    }

    @Benchmark
    public void ofSwarm() {
        ask(Optional.empty());
    }

    @Benchmark
    public void ofHost() {
        ask(Optional.of(host));
    }

    @Benchmark
    public void ofCluster() {
        obstacles.answer(new SwarmsCommand.GetObstacles(
                SWARM,
                Optional.of(host.cluster()),
                Optional.empty(),
                kit.system().ignoreRef()));
    }

    private void ask(Optional<HostId> of) {
        obstacles.answer(new SwarmsCommand.GetObstacles(
                SWARM, of.map(HostId::cluster), of, kit.system().ignoreRef()));
    }

    @Test
    void measure() throws Exception {
        var results = new Runner(new OptionsBuilder()
                        .include(ObstaclesBench.class.getName())
                        .build())
                .run();
        assertThat(results).hasSize(12);
        for (RunResult result : results) {
            System.out.printf(
                    "obstacles: %-9s of %-6s clusters x hosts %8.1f ms ± %.1f, %.1f at best%n",
                    result.getPrimaryResult().getLabel(),
                    result.getParams().getParam("shape"),
                    result.getPrimaryResult().getScore() / 1000,
                    result.getPrimaryResult().getScoreError() / 1000,
                    result.getPrimaryResult().getStatistics().getMin() / 1000);
        }
        shutDown();
    }
}
