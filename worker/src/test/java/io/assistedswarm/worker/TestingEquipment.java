package io.assistedswarm.worker;

import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.HostCommand;
import io.assistedswarm.protocol.SwarmSpec;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WireMessage;
import io.assistedswarm.worker.node.OpenSwarms;
import io.assistedswarm.worker.node.Residents;
import io.assistedswarm.worker.node.Uplink;
import io.assistedswarm.worker.process.ExecRuntime;
import io.assistedswarm.worker.process.Workspace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;

/** A worker's equipment in the hands of a test. */
public final class TestingEquipment {
    public static final Instant NOW = Instant.parse("2026-11-23T03:20:00Z");
    public static final int INCARNATION = 7;
    public static final Duration RETRY = Duration.ofSeconds(1);
    public static final Duration HEARTBEAT = Duration.ofSeconds(30);
    public static final Duration UNSTARTED = Duration.ofSeconds(60);

    public final TestingHub hub = new TestingHub();
    public final TestingImages images = new TestingImages();
    public final TestingProcesses processes = new TestingProcesses();
    public final Residents residents = new Residents();
    public final Workspace workspace;
    public final TestProbe<Told> told;
    private final OpenSwarms swarms = new OpenSwarms();
    private final TestProbe<Uplink.Command> uplink;

    /** What was sent to an entity. */
    public record Told(String entityId, WireMessage command) {}

    public TestingEquipment(ActorTestKit testKit, Path folder) {
        this.workspace = new Workspace(folder);
        this.told = testKit.createTestProbe(Told.class);
        this.uplink = testKit.createTestProbe(Uplink.Command.class);
    }

    public void open(SwarmSpec swarm) {
        swarms.open(swarm);
    }

    /** Without chance in its waits. Files are written at once, on the actor's own thread. */
    public Equipment equipment() {
        return new Equipment(
                Samples.WORKER,
                INCARNATION,
                hub,
                images,
                new ExecRuntime(Samples.WORKER, workspace, processes, Map.of(), Runnable::run),
                workspace,
                swarms,
                residents,
                uplink.ref(),
                new Entities() {
                    @Override
                    public void tellCluster(String entityId, ClusterCommand command) {
                        told.ref().tell(new Told(entityId, command));
                    }

                    @Override
                    public void tellHost(String entityId, HostCommand command) {
                        told.ref().tell(new Told(entityId, command));
                    }
                },
                new ActorTimes(
                        new Backoff(RETRY, Duration.ofSeconds(30), 0),
                        new Backoff(Duration.ofSeconds(3), Duration.ofSeconds(60), 0),
                        HEARTBEAT,
                        UNSTARTED),
                Runnable::run,
                Clock.fixed(NOW, ZoneOffset.UTC));
    }

    /** The next transition that goes to the coordinator. */
    public Transition transition() {
        return ((Uplink.Reached) uplink.receiveMessage()).transition();
    }

    public void expectNoTransition() {
        uplink.expectNoMessage(Duration.ofMillis(100));
    }
}
