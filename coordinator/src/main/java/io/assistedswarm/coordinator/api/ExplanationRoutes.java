package io.assistedswarm.coordinator.api;

import static org.apache.pekko.http.javadsl.server.PathMatchers.segment;

import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.report.EventPage;
import io.assistedswarm.coordinator.report.EventQuery;
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
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.javadsl.unmarshalling.StringUnmarshallers;
import org.apache.pekko.japi.function.Function;
import org.apache.pekko.pattern.StatusReply;

/**
 * Why something does not move, and what has happened: {@code /swarms/ID/obstacles} and {@code events}, {@code obstacles} and {@code service-events}
 * of a cluster or host. A name that is none is left to the other routes.
 */
final class ExplanationRoutes extends AllDirectives {
    private static final Duration ASK = Duration.ofSeconds(20);
    private static final int PAGE = 1000;

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
                        segment("swarms").slash(segment()).slash("events"),
                        id -> SwarmId.isValid(id) ? events(new SwarmId(id)) : reject()),
                path(
                        segment("clusters").slash(segment()).slash("service-events"),
                        name -> ClusterId.parse(name)
                                .map(cluster -> serviceEvents(cluster, Optional.empty()))
                                .orElseGet(this::reject)),
                path(
                        segment("hosts").slash(segment()).slash("service-events"),
                        name -> HostId.parse(name)
                                .map(host -> serviceEvents(host.cluster(), Optional.of(host)))
                                .orElseGet(this::reject)),
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

    /** A cluster's or host's name narrows it down; {@code after} is what the page before named as its next. */
    private Route events(SwarmId swarm) {
        return parameterOptional(
                "cluster",
                cluster -> parameterOptional(
                        "host",
                        host -> parameterOptional(
                                StringUnmarshallers.BOOLEAN,
                                "ordersOnly",
                                ordersOnly -> parameterOptional(
                                        "after",
                                        after -> parameterOptional(
                                                StringUnmarshallers.INTEGER,
                                                "limit",
                                                limit -> events(
                                                        swarm,
                                                        cluster,
                                                        host,
                                                        ordersOnly.orElse(false),
                                                        after.orElse(""),
                                                        limit.orElse(PAGE)))))));
    }

    private Route events(
            SwarmId swarm,
            Optional<String> clusterName,
            Optional<String> hostName,
            boolean ordersOnly,
            String after,
            int limit) {
        Optional<HostId> host = hostName.flatMap(HostId::parse);
        Optional<ClusterId> cluster = host.map(HostId::cluster).or(() -> clusterName.flatMap(ClusterId::parse));
        boolean parsed = host.isPresent() == hostName.isPresent()
                && (cluster.isPresent() || clusterName.isEmpty())
                && cluster.filter(of -> !of.swarm().equals(swarm)).isEmpty();
        if (!parsed) {
            String name = hostName.or(() -> clusterName).orElse("");
            return complete(ApiAnswers.response(
                    StatusCodes.NOT_FOUND, ApiAnswers.refusal("swarm " + swarm + " has no '" + name + "'")));
        }
        try {
            EventQuery.Wanted wanted =
                    new EventQuery.Wanted(swarm, cluster, host, ordersOnly, after, Math.clamp(limit, 1, PAGE));
            return ask((ActorRef<StatusReply<EventPage>> replyTo) -> new SwarmsCommand.GetEvents(wanted, replyTo));
        } catch (IllegalArgumentException e) {
            return complete(ApiAnswers.response(StatusCodes.BAD_REQUEST, ApiAnswers.refusal(e.getMessage())));
        }
    }

    private Route serviceEvents(ClusterId cluster, Optional<HostId> host) {
        return ask((ActorRef<StatusReply<ServiceEventsView>> replyTo) ->
                new SwarmsCommand.GetServiceEvents(cluster, host, replyTo));
    }

    private Route obstacles(SwarmId swarm, Optional<ClusterId> cluster, Optional<HostId> host) {
        return ask((ActorRef<StatusReply<List<ObstacleView>>> replyTo) ->
                new SwarmsCommand.GetObstacles(swarm, cluster, host, replyTo));
    }

    private <T> Route ask(Function<ActorRef<StatusReply<T>>, SwarmsCommand> question) {
        return completeWithFuture(AskPattern.askWithStatus(swarms, question, ASK, scheduler)
                .thenApply(value -> ApiAnswers.response(StatusCodes.OK, value)));
    }
}
