package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.hub.Hub;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.SwarmSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The objects that a swarm has once, and not per cluster: applied before any cluster is let in, as often as it takes. */
final class Groundwork {
    private static final Logger LOG = LoggerFactory.getLogger(Groundwork.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(5);

    private final ActorContext<SwarmActor.Command> context;
    private final TimerScheduler<SwarmActor.Command> timers;
    private final Hub hub;
    private final SwarmSpec swarm;
    private final Instant begunAt;

    Groundwork(
            ActorContext<SwarmActor.Command> context,
            TimerScheduler<SwarmActor.Command> timers,
            Hub hub,
            SwarmSpec swarm,
            Instant begunAt) {
        this.context = context;
        this.timers = timers;
        this.hub = hub;
        this.swarm = swarm;
        this.begunAt = begunAt;
    }

    /** The actor is told what comes of it. */
    void lay() {
        context.pipeToSelf(
                hub.applySwarmManifests(swarm),
                (done, failure) -> failure == null
                        ? SwarmActor.ManifestsApplied.INSTANCE
                        : new SwarmActor.ManifestsNotApplied(Cause.of(failure)));
    }

    /** Tries again after a while, unless that is of no use: then says why the clusters fail. */
    Optional<Failure> failed(Throwable cause, Instant now) {
        LOG.warn("cannot apply the manifests of swarm [{}]: {}", swarm.id(), cause.getMessage());
        boolean refused = cause instanceof Hub.Refused;
        if (!refused && !now.isAfter(begunAt.plus(swarm.deadlines().apply()))) {
            timers.startSingleTimer(
                    SwarmActor.ApplyManifests.INSTANCE, SwarmActor.ApplyManifests.INSTANCE, BEFORE_RETRY);
            return Optional.empty();
        }
        return Optional.of(new Failure(
                refused ? Failure.Side.PLAN : Failure.Side.UNKNOWN,
                "SwarmManifestsNotApplied",
                "the swarm's own manifests were not applied: " + cause.getMessage()));
    }
}
