package io.assistedswarm.worker.node;

import io.assistedswarm.protocol.CoordinatorCommand;
import io.assistedswarm.protocol.CoordinatorCommand.TransitionsReached;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import io.assistedswarm.protocol.WorkerName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Takes every transition of this worker to the coordinator, in order and numbered, and again until it says that it has recorded
 * them: none is lost when the coordinator restarts.
 */
public final class Uplink {
    public sealed interface Command {}

    public record Reached(Transition transition) implements Command {}

    /** Those that are there now; none while the coordinator is down. */
    public record CoordinatorsFound(Set<ActorRef<CoordinatorCommand>> coordinators) implements Command {
        public CoordinatorsFound {
            coordinators = Set.copyOf(coordinators);
        }
    }

    public record Recorded(long sequence) implements Command {}

    private enum Flush implements Command {
        INSTANCE
    }

    private enum Resend implements Command {
        INSTANCE
    }

    /**
     * @param gathering how long transitions are gathered into one message
     * @param patience after which an unanswered message is sent again
     */
    public record Settings(Duration gathering, Duration patience, int largestBatch) {}

    /**
     * @param incarnation of this JVM
     * @param replyTo gets {@code TransitionsRecorded}
     */
    public static Behavior<Command> create(
            WorkerName worker, String incarnation, ActorRef<WorkerCommand> replyTo, Settings settings) {
        return Behaviors.withTimers(timers -> new Uplink(worker, incarnation, replyTo, settings, timers).carrying());
    }

    private final WorkerName worker;
    private final String incarnation;
    private final ActorRef<WorkerCommand> replyTo;
    private final Settings settings;
    private final TimerScheduler<Command> timers;
    private final Deque<Transition> unrecorded = new ArrayDeque<>();
    private Set<ActorRef<CoordinatorCommand>> coordinators = Set.of();
    private long firstSequence = 1;
    /** Of the transitions at the head, how many were in the last message. */
    private int underWay;

    private Uplink(
            WorkerName worker,
            String incarnation,
            ActorRef<WorkerCommand> replyTo,
            Settings settings,
            TimerScheduler<Command> timers) {
        this.worker = worker;
        this.incarnation = incarnation;
        this.replyTo = replyTo;
        this.settings = settings;
        this.timers = timers;
    }

    private Behavior<Command> carrying() {
        return Behaviors.receiveMessage(command -> {
            switch (command) {
                case Reached reached -> onReached(reached);
                case CoordinatorsFound found -> onCoordinatorsFound(found);
                case Recorded recorded -> onRecorded(recorded);
                case Flush flush -> onFlush();
                case Resend resend -> send();
            }
            return Behaviors.same();
        });
    }

    private void onReached(Reached reached) {
        unrecorded.addLast(reached.transition());
        if (underWay == 0 && !timers.isTimerActive(Flush.INSTANCE)) {
            timers.startSingleTimer(Flush.INSTANCE, Flush.INSTANCE, settings.gathering());
        }
    }

    private void onCoordinatorsFound(CoordinatorsFound found) {
        boolean another = !coordinators.containsAll(found.coordinators());
        coordinators = found.coordinators();
        if (another) {
            send();
        }
    }

    private void onRecorded(Recorded recorded) {
        boolean progress = false;
        while (firstSequence <= recorded.sequence() && !unrecorded.isEmpty()) {
            unrecorded.removeFirst();
            firstSequence++;
            progress = true;
        }
        if (progress) {
            send();
        }
    }

    private void onFlush() {
        if (underWay == 0) {
            send();
        }
    }

    private void send() {
        List<Transition> batch =
                unrecorded.stream().limit(settings.largestBatch()).toList();
        underWay = coordinators.isEmpty() ? 0 : batch.size();
        if (underWay == 0) {
            timers.cancel(Resend.INSTANCE);
            return;
        }
        coordinators.forEach(coordinator ->
                coordinator.tell(new TransitionsReached(worker, incarnation, firstSequence, batch, replyTo)));
        timers.startSingleTimer(Resend.INSTANCE, Resend.INSTANCE, settings.patience());
    }
}
