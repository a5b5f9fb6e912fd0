package io.assistedswarm.coordinator;

import com.typesafe.config.ConfigFactory;
import io.assistedswarm.coordinator.api.Submission;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.hub.AssistedService;
import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.record.RecordSettings;
import io.assistedswarm.coordinator.record.RunRecord;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.UserAuthorizations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.pattern.StatusReply;

/** A coordinator's actor system, with a record of its own and, unless another is given, a hub on which nothing is. */
public final class RunningCoordinator implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
    private final RunRecord record;
    private final ActorSystem<Coordinator.Command> system;
    private final ActorRef<SwarmsCommand> swarms;

    RunningCoordinator(Path data, Fencing fencing) {
        this(RecordSettings.file(data), fencing);
    }

    RunningCoordinator(RecordSettings recorded, Fencing fencing) {
        this(recorded, fencing, new EmptyHub());
    }

    public RunningCoordinator(RecordSettings recorded, Fencing fencing, Hub hub) {
        record = RunRecord.open(recorded);
        CompletableFuture<ActorRef<SwarmsCommand>> started = new CompletableFuture<>();
        CoordinatorSettings settings = CoordinatorSettings.read(
                Map.of("port", 0, "data", recorded.data().toString()));
        system = ActorSystem.create(
                Coordinator.create(
                        record,
                        record.memory(),
                        hub,
                        new AssistedService(blocking, new UserAuthorizations()),
                        blocking,
                        fencing,
                        100,
                        started::complete),
                "assisted-swarm",
                ConfigFactory.parseString("pekko.coordinated-shutdown.exit-jvm = off")
                        .withFallback(settings.actorSystem()));
        swarms = started.join();
    }

    public ActorSystem<?> system() {
        return system;
    }

    public Address address() {
        return Cluster.get(system).selfMember().address();
    }

    public ActorRef<SwarmsCommand> swarms() {
        return swarms;
    }

    SwarmView submit(SwarmPlan plan) {
        return submission(Optional.empty(), plan).getValue();
    }

    StatusReply<SwarmView> submission(Optional<String> id, SwarmPlan plan) {
        Submission submission = new Submission(
                id, plan, Samples.service("quay.io/agent:latest"), Samples.runtime(), Samples.manifests());
        return tell(replyTo -> new SwarmsCommand.Submit(submission, replyTo));
    }

    SwarmView view(SwarmId id) {
        return ask(replyTo -> new SwarmsCommand.GetSwarm(id, replyTo));
    }

    List<WorkerView> workers() {
        return tell(SwarmsCommand.GetWorkers::new);
    }

    <T> T ask(Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return this.<StatusReply<T>>tell(question).getValue();
    }

    /** Of a question that is not answered by a {@link StatusReply}. */
    public <T> T tell(Function<ActorRef<T>, SwarmsCommand> question) {
        return AskPattern.<SwarmsCommand, T>ask(swarms, question::apply, PATIENCE, system.scheduler())
                .toCompletableFuture()
                .join();
    }

    @Override
    public void close() {
        system.terminate();
        system.getWhenTerminated().toCompletableFuture().join();
        record.close();
        blocking.close();
    }
}
