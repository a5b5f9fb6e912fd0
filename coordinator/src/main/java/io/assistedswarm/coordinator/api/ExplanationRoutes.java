package io.assistedswarm.coordinator.api;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.swarm.SwarmsCommand;
import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.SwarmId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.actor.typed.javadsl.AskPattern;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;

/** Why something does not move: {@code GET /swarms/ID/obstacles}, and of a cluster or host. A name that is none is left to the other routes. */
final class ExplanationRoutes extends AllDirectives {
    private static final Duration ASK = Duration.ofSeconds(10);

    private final Scheduler scheduler;
    private final ActorRef<SwarmsCommand> swarms;

    ExplanationRoutes(Scheduler scheduler, ActorRef<SwarmsCommand> swarms) {
        this.scheduler = scheduler;
        this.swarms = swarms;
    }

    Route routes() {
        return get(() -> concat(
                path(
                        segment("swarms").slash(segment()).slash("obstacles"),
                        id -> SwarmId.isValid(id)
                                ? obstacles(new SwarmId(id), Optional.empty(), Optional.empty())
                                : reject()),
                path(
                        segment("clusters").slash(segment()).slash("obstacles"),
                        name -> ClusterId.parse(name)
                                .map(cluster -> obstacles(cluster.swarm(), Optional.of(cluster), Optional.empty()))
                                .orElseGet(this::reject)),
                path(
                        segment("hosts").slash(segment()).slash("obstacles"),
                        name -> HostId.parse(name)
                                .map(host -> obstacles(
                                        host.cluster().swarm(), Optional.of(host.cluster()), Optional.of(host)))
                                .orElseGet(this::reject))));
    }

    private Route obstacles(SwarmId swarm, Optional<ClusterId> cluster, Optional<HostId> host) {
        return ask((ActorRef<StatusReply<List<ObstacleView>>> replyTo) ->
                new SwarmsCommand.GetObstacles(swarm, cluster, host, replyTo));
    }

    private <T> Route ask(Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return completeWithFuture(
                AskPattern.askWithStatus(swarms, question, ASK, scheduler).handle(ApiAnswers::ok));
    }
}
