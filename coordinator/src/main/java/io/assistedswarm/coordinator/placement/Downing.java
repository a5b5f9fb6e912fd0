package io.assistedswarm.coordinator.placement;

import io.assistedswarm.protocol.Fencing;
import io.assistedswarm.protocol.Presence;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.apache.pekko.cluster.typed.Down;
import org.apache.pekko.cluster.typed.Subscribe;

/**
 * Puts nodes out of the cluster that cannot be reached: at once when their process has ended, or when they are a coordinator that lost the
 * record to this one; otherwise when a cut-off worker has stopped its processes. Nobody else does.
 */
public final class Downing {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    public sealed interface Command {}

    private record Changed(Member member, boolean reachable) implements Command {}

    /** A worker at this node knows this coordinator. */
    public record Heard(Address node) implements Command {}

    private record Gone(Address node) implements Command {}

    private record Looked(Address node, Presence presence) implements Command {}

    private enum Look implements Command {
        INSTANCE
    }

    private final ActorContext<Command> context;
    private final Fencing fencing;
    private final Duration patience;
    private final InstantSource clock;
    private final Executor blocking;
    private final Function<Address, Presence> presence;
    private final Map<Address, Instant> unreachable = new LinkedHashMap<>();
    private final Set<Address> heard = new HashSet<>();

    private Downing(
            ActorContext<Command> context,
            Fencing fencing,
            Duration patience,
            InstantSource clock,
            Executor blocking,
            Function<Address, Presence> presence) {
        this.context = context;
        this.fencing = fencing;
        this.patience = patience;
        this.clock = clock;
        this.blocking = blocking;
        this.presence = presence;
    }

    /**
     * @param patience with workers that were never heard of: they may know another coordinator's address only
     * @param blocking runs the looks at ports
     */
    public static Behavior<Command> create(Fencing fencing, Duration patience, Executor blocking) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            context.setLoggerName(Downing.class);
            Cluster cluster = Cluster.get(context.getSystem());
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.ReachabilityEvent.class,
                                    event ->
                                            new Changed(event.member(), event instanceof ClusterEvent.ReachableMember)),
                            ClusterEvent.ReachabilityEvent.class));
            cluster.subscriptions()
                    .tell(Subscribe.create(
                            context.messageAdapter(
                                    ClusterEvent.MemberRemoved.class,
                                    event -> new Gone(event.member().address())),
                            ClusterEvent.MemberRemoved.class));
            timers.startTimerWithFixedDelay(Look.INSTANCE, INTERVAL);
            return new Downing(
                            context,
                            fencing,
                            patience,
                            InstantSource.system(),
                            blocking,
                            node -> Presence.of(node, INTERVAL))
                    .watching();
        }));
    }

    private Behavior<Command> watching() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Changed changed -> onChanged(changed);
                case Heard from -> heard.add(from.node());
                case Gone gone -> onGone(gone);
                case Look look -> unreachable.keySet().forEach(this::look);
                case Looked looked -> onLooked(looked);
            }
            return Behaviors.same();
        });
    }

    private void onChanged(Changed changed) {
        Address node = changed.member().address();
        if (changed.reachable()) {
            unreachable.remove(node);
        } else if (changed.member().hasRole("coordinator")) {
            down(node, "the record is this coordinator's");
        } else {
            unreachable.putIfAbsent(node, clock.instant());
        }
    }

    private void onGone(Gone gone) {
        unreachable.remove(gone.node());
        heard.remove(gone.node());
    }

    private void look(Address node) {
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> presence.apply(node), blocking),
                (found, failure) -> new Looked(node, failure == null ? found : Presence.SILENT));
    }

    private void onLooked(Looked looked) {
        Instant since = unreachable.get(looked.node());
        if (since == null) {
            return;
        }
        Duration limit = heard.contains(looked.node()) ? fencing.untilReplaced() : patience;
        if (looked.presence() == Presence.ENDED) {
            down(looked.node(), "its process has ended");
        } else if (!clock.instant().isBefore(since.plus(limit))) {
            down(looked.node(), "it could not be reached for " + limit.toSeconds() + " s");
        }
    }

    private void down(Address node, String why) {
        context.getLog().warn("node [{}] is put out of the cluster: {}", node, why);
        Cluster.get(context.getSystem()).manager().tell(new Down(node));
    }
}
