package io.assistedswarm.coordinator.api;

import io.assistedswarm.coordinator.api.Delta.Snapshot;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ClusterPhase;
import io.assistedswarm.protocol.HostPhase;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.marshalling.sse.EventStreamMarshalling;
import org.apache.pekko.http.javadsl.model.sse.ServerSentEvent;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.pattern.StatusReply;
import org.apache.pekko.stream.javadsl.Source;

/**
 * {@code GET /stream}: server-sent events for the dashboard, at most once a second, with what has changed since the last time. However many
 * watch, the coordinator's actors are asked once a second. Who reads slowly gets fewer of them.
 */
final class LiveStream extends AllDirectives {
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration FRESH = Duration.ofMillis(900);
    private static final Duration ASK = Duration.ofSeconds(10);

    /** Keeps the connection, and tells who watches that it is there. */
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);

    private static final int MAPS_KEPT = 16;

    private final Scheduler scheduler;
    private final ActorRef<SwarmsCommand> swarms;
    private final InstantSource clock;
    private final Shared<List<SwarmView>> views;
    private final Shared<List<WorkerView>> workers;

    /** By swarm; those that were looked at last. */
    private final Map<SwarmId, Shared<SwarmMap>> maps = new LinkedHashMap<>(MAPS_KEPT, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<SwarmId, Shared<SwarmMap>> eldest) {
            return size() > MAPS_KEPT;
        }
    };

    /** @param clusterPhases their labels, in the order of the map's letters */
    private record Hello(
            Instant now, String version, List<String> clusterPhases, List<String> hostPhases, List<String> badEnds) {}

    private record Trouble(String problem) {}

    LiveStream(Scheduler scheduler, ActorRef<SwarmsCommand> swarms, InstantSource clock) {
        this.scheduler = scheduler;
        this.swarms = swarms;
        this.clock = clock;
        this.views = shared(() -> AskPattern.ask(swarms, SwarmsCommand.GetSwarms::new, ASK, scheduler));
        this.workers = shared(() -> AskPattern.ask(swarms, SwarmsCommand.GetWorkers::new, ASK, scheduler));
    }

    /** @param swarm whose map is wanted, too */
    Route route(Optional<SwarmId> swarm) {
        return completeOK(events(swarm), EventStreamMarshalling.toEventStream());
    }

    private Source<ServerSentEvent, NotUsed> events(Optional<SwarmId> swarm) {
        return Source.single(hello())
                .concat(Source.tick(Duration.ZERO, INTERVAL, NotUsed.getInstance())
                        .mapAsync(1, tick -> snapshot(swarm))
                        .statefulMapConcat(() -> {
                            Delta delta = new Delta();
                            return snapshot -> snapshot.found()
                                    .map(delta::from)
                                    .orElseGet(() -> List.of(Delta.event("trouble", new Trouble(snapshot.problem()))));
                        }))
                .keepAlive(HEARTBEAT, ServerSentEvent::heartbeat);
    }

    private ServerSentEvent hello() {
        return Delta.event(
                "hello",
                new Hello(
                        clock.instant(),
                        Version.current(),
                        Arrays.stream(ClusterPhase.values())
                                .map(ClusterPhase::label)
                                .toList(),
                        Arrays.stream(HostPhase.values()).map(HostPhase::label).toList(),
                        Arrays.stream(HostPhase.values())
                                .filter(HostPhase::endsBadly)
                                .map(HostPhase::label)
                                .toList()));
    }

    /** @param problem why nothing was found */
    private record Answer(Optional<Snapshot> found, String problem) {}

    private CompletionStage<Answer> snapshot(Optional<SwarmId> swarm) {
        CompletionStage<Optional<SwarmMap>> map = swarm.isPresent()
                ? map(swarm.get()).get().thenApply(Optional::of)
                : CompletableFuture.completedFuture(Optional.empty());
        return views.get()
                .thenCombine(workers.get(), (seen, found) -> new Snapshot(seen, found, Optional.empty()))
                .thenCombine(map, (seen, drawn) -> new Snapshot(seen.swarms(), seen.workers(), drawn))
                .handle((snapshot, failure) -> failure == null
                        ? new Answer(Optional.of(snapshot), "")
                        : new Answer(Optional.empty(), ApiAnswers.said(ApiAnswers.cause(failure))));
    }

    private Shared<SwarmMap> map(SwarmId swarm) {
        synchronized (maps) {
            return maps.computeIfAbsent(
                    swarm,
                    id -> shared(() -> AskPattern.askWithStatus(
                            swarms,
                            (ActorRef<StatusReply<SwarmMap>> replyTo) -> new SwarmsCommand.GetMap(id, replyTo),
                            ASK,
                            scheduler)));
        }
    }

    private static <T> Shared<T> shared(Supplier<CompletionStage<T>> question) {
        return new Shared<>(question, FRESH, System::nanoTime);
    }
}
