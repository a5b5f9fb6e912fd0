package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.coordinator.api.Views.DeletionView;
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

/**
 * The objects that a swarm has once, and not per cluster: applied before any cluster is let in, as often as it takes, and taken away again
 * when the swarm ends without that anything was begun, as it does where no worker can run what it asks for.
 */
final class Groundwork {
    private static final Logger LOG = LoggerFactory.getLogger(Groundwork.class);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(5);

    /** The end of the swarm waits no longer; what is left then goes when the swarm is deleted. */
    private static final Duration FOR_CLEARING = Duration.ofSeconds(30);

    private enum Stage {
        NOT_LAID,
        LAID,
        BUILT_ON,
        CLEARING,
        CLEARED
    }

    private final ActorContext<SwarmActor.Command> context;
    private final TimerScheduler<SwarmActor.Command> timers;
    private final Hub hub;
    private final SwarmSpec swarm;
    private final Instant begunAt;
    private Stage stage = Stage.NOT_LAID;

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

    void laid() {
        if (stage == Stage.NOT_LAID) {
            stage = Stage.LAID;
        }
    }

    /** Something of the swarm has been begun, or may have been. */
    void builtOn() {
        stage = Stage.BUILT_ON;
    }

    /**
     * Whether the swarm may end. If not, what nobody has built on is being taken away, and the actor is told when that is over.
     *
     * @param earlier what was counted before
     */
    boolean isSettled(Optional<DeletionView> earlier) {
        if (stage == Stage.LAID) {
            stage = Stage.CLEARING;
            context.pipeToSelf(
                    hub.delete(Hub.Remains.of(swarm), FOR_CLEARING, () -> false, earlier, counted -> {}),
                    (counted, failure) -> failure == null
                            ? new SwarmActor.GroundworkCleared(counted)
                            : new SwarmActor.GroundworkNotCleared(Cause.of(failure)));
        }
        return stage != Stage.CLEARING;
    }

    void cleared() {
        stage = Stage.CLEARED;
    }

    void notCleared(Throwable cause) {
        LOG.warn("the manifests of swarm [{}] stay until it is deleted: {}", swarm.id(), cause.getMessage());
        stage = Stage.CLEARED;
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
