package io.assistedswarm.coordinator.record;

import io.assistedswarm.coordinator.record.RunRecord.BatchId;
import io.assistedswarm.coordinator.record.RunRecord.Numbered;
import io.assistedswarm.protocol.CoordinatorCommand.TransitionsReached;
import io.assistedswarm.protocol.Transition;
import io.assistedswarm.protocol.WorkerCommand;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.pattern.StatusReply;

/** Collects what is to be remembered, commits it a few times a second, and only then says so to whoever waits for it. */
public final class Recorder {
    private static final Duration COLLECTING = Duration.ofMillis(200);
    private static final Duration BEFORE_RETRY = Duration.ofSeconds(2);
    /** While nothing can be written, every so many attempts that is said again. */
    private static final int ATTEMPTS_IN_SILENCE = 30;

    private static final String COORDINATOR = "coordinator";

    public sealed interface Command {}

    /** From a worker: it is answered, and {@code listener} told what is new in it, after the commit. */
    public record Reached(TransitionsReached reached, ActorRef<Committed> listener) implements Command {}

    /** The coordinator's own transitions. */
    public record Note(List<Transition> transitions) implements Command {
        public Note {
            transitions = List.copyOf(transitions);
        }
    }

    public record Save(Change change, ActorRef<StatusReply<Done>> replyTo) implements Command {}

    /** Answered once everything that was told before is committed: who then reads the record finds it there. */
    public record CatchUp(ActorRef<StatusReply<Done>> replyTo) implements Command {}

    private enum Flush implements Command {
        INSTANCE
    }

    private record Written(Batch batch, List<Transition> fresh) implements Command {}

    private record NotWritten(Batch batch, Throwable cause) implements Command {}

    /** Transitions of workers that were not recorded before, in order. */
    public record Committed(List<Transition> transitions) {
        public Committed {
            transitions = List.copyOf(transitions);
        }
    }

    /** @param number counts from 1 */
    private record Batch(long number, List<Command> commands) {}

    /** A worker's JVM, which counts its transitions from 1. */
    private record Sender(String name, String incarnation) {}

    private final ActorContext<Command> context;
    private final TimerScheduler<Command> timers;
    private final RunRecord record;
    private final Executor blocking;
    private final String incarnation = UUID.randomUUID().toString();
    /** Touched by one write at a time only. */
    private final Map<Sender, Long> lastSequences = new HashMap<>();

    private List<Command> collected = new ArrayList<>();
    private boolean writing;
    private long batches;
    /** Comes first, and just as it was: the database may have written it all the same, and then knows it again. */
    private Optional<Batch> failed = Optional.empty();

    private int attempts;

    private Recorder(
            ActorContext<Command> context, TimerScheduler<Command> timers, RunRecord record, Executor blocking) {
        this.context = context;
        this.timers = timers;
        this.record = record;
        this.blocking = blocking;
    }

    /** @param blocking runs the database's calls */
    public static Behavior<Command> create(RunRecord record, Executor blocking) {
        return Behaviors.setup(context -> {
            context.setLoggerName(Recorder.class);
            return Behaviors.withTimers(timers -> new Recorder(context, timers, record, blocking).collecting());
        });
    }

    private Behavior<Command> collecting() {
        return Behaviors.receiveMessage(message -> {
            switch (message) {
                case Reached reached -> collect(reached);
                case Note note -> collect(note);
                case Save save -> collect(save);
                case CatchUp catchUp -> collect(catchUp);
                case Flush flush -> onFlush();
                case Written written -> onWritten(written);
                case NotWritten failed -> onNotWritten(failed);
            }
            return Behaviors.same();
        });
    }

    private void collect(Command command) {
        if (failed.isPresent() && command instanceof Reached reached) {
            // Its worker repeats itself until it is answered, which may take until somebody has made room on the disk.
            collected.removeIf(earlier -> earlier instanceof Reached before && isWithin(before, reached));
        }
        collected.add(command);
        flushIn(COLLECTING);
    }

    private void onFlush() {
        if (writing) {
            return;
        }
        if (failed.isPresent()) {
            write(failed.get());
        } else if (!collected.isEmpty()) {
            batches++;
            Batch batch = new Batch(batches, List.copyOf(collected));
            collected = new ArrayList<>();
            write(batch);
        }
    }

    private void onWritten(Written written) {
        writing = false;
        failed = Optional.empty();
        if (!collected.isEmpty()) {
            flushIn(COLLECTING);
        }
        if (attempts > 0) {
            context.getLog().info("the record can be written again, after [{}] attempts that failed", attempts);
            attempts = 0;
        }
        for (Command command : written.batch().commands()) {
            switch (command) {
                case Reached reached -> confirm(reached.reached());
                case Save save -> save.replyTo().tell(StatusReply.ack());
                case CatchUp catchUp -> catchUp.replyTo().tell(StatusReply.ack());
                default -> {}
            }
        }
        written.batch().commands().stream()
                .filter(Reached.class::isInstance)
                .map(command -> ((Reached) command).listener())
                .findFirst()
                .filter(listener -> !written.fresh().isEmpty())
                .ifPresent(listener -> listener.tell(new Committed(written.fresh())));
    }

    private void onNotWritten(NotWritten not) {
        writing = false;
        failed = Optional.of(not.batch());
        timers.startSingleTimer(Flush.INSTANCE, Flush.INSTANCE, BEFORE_RETRY);
        if (attempts % ATTEMPTS_IN_SILENCE == 0) {
            context.getLog()
                    .error(
                            "cannot record [{}] messages: [{}]; trying again every [{}]",
                            not.batch().commands().size() + collected.size(),
                            String.valueOf(cause(not.cause()).getMessage()),
                            BEFORE_RETRY);
        }
        context.getLog().debug("cannot record", not.cause());
        attempts++;
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private static boolean isWithin(Reached reached, Reached later) {
        return reached.reached().worker().equals(later.reached().worker())
                && reached.reached().incarnation().equals(later.reached().incarnation())
                && reached.reached().firstSequence() == later.reached().firstSequence()
                && reached.reached().transitions().size()
                        <= later.reached().transitions().size();
    }

    private void flushIn(Duration delay) {
        if (!writing && !timers.isTimerActive(Flush.INSTANCE)) {
            timers.startSingleTimer(Flush.INSTANCE, Flush.INSTANCE, delay);
        }
    }

    private void write(Batch batch) {
        writing = true;
        context.pipeToSelf(
                CompletableFuture.supplyAsync(() -> commit(batch), blocking),
                (fresh, failure) -> failure == null ? new Written(batch, fresh) : new NotWritten(batch, failure));
    }

    private List<Transition> commit(Batch batch) {
        List<Change> changes = new ArrayList<>();
        List<Numbered> numbered = new ArrayList<>();
        List<Transition> fresh = new ArrayList<>();
        Map<Sender, Long> sequences = new HashMap<>();
        for (Command command : batch.commands()) {
            switch (command) {
                case Reached reached -> fresh.addAll(number(reached.reached(), sequences, numbered));
                case Note note -> number(note, sequences, numbered);
                case Save save -> changes.add(save.change());
                case CatchUp nothing -> {}
                default -> throw new IllegalStateException(command + " is not to be recorded");
            }
        }
        record.write(new BatchId(incarnation, batch.number()), changes, numbered);
        lastSequences.putAll(sequences);
        return fresh;
    }

    /** Those that are new; a worker sends again what it does not know to be recorded. */
    private List<Transition> number(TransitionsReached reached, Map<Sender, Long> sequences, List<Numbered> numbered) {
        Sender sender = new Sender(reached.worker().value(), reached.incarnation());
        long last = lastSequence(sender, sequences);
        List<Transition> fresh = new ArrayList<>();
        for (int i = 0; i < reached.transitions().size(); i++) {
            long sequence = reached.firstSequence() + i;
            if (sequence > last) {
                Transition transition = reached.transitions().get(i);
                numbered.add(new Numbered(sender.name(), sender.incarnation(), sequence, transition));
                fresh.add(transition);
                last = sequence;
            }
        }
        sequences.put(sender, last);
        return fresh;
    }

    private void number(Note note, Map<Sender, Long> sequences, List<Numbered> numbered) {
        Sender sender = new Sender(COORDINATOR, incarnation);
        long last = lastSequence(sender, sequences);
        for (Transition transition : note.transitions()) {
            last++;
            numbered.add(new Numbered(sender.name(), sender.incarnation(), last, transition));
        }
        sequences.put(sender, last);
    }

    /** Kept once it is read: after a write that failed and yet took place the record would say that nothing of it is new. */
    private long lastSequence(Sender sender, Map<Sender, Long> sequences) {
        Long last = sequences.get(sender);
        return last == null
                ? lastSequences.computeIfAbsent(
                        sender, unread -> record.lastSequence(unread.name(), unread.incarnation()))
                : last;
    }

    private static void confirm(TransitionsReached reached) {
        reached.replyTo()
                .tell(new WorkerCommand.TransitionsRecorded(
                        reached.firstSequence() + reached.transitions().size() - 1));
    }
}
