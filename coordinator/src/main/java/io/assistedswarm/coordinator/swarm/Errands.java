package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.Refusal;
import io.assistedswarm.protocol.SwarmId;
import io.assistedswarm.protocol.WorkerCommand;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.pattern.StatusReply;

/** The errands that are not confirmed yet, and when each is sent again. */
final class Errands {
    private static final Duration FIRST_PATIENCE = Duration.ofSeconds(2);
    private static final Duration LONGEST_PATIENCE = Duration.ofSeconds(20);
    private static final Duration AFTER_A_REFUSAL = Duration.ofSeconds(2);

    /** A worker that opens a swarm may be pulling its images, and answers when it has them. */
    private static final Duration LONGEST_OPENING = Duration.ofMinutes(30);

    private static final String NO_ANSWER = "no answer";

    private final Post post;
    private final Map<Errand, Sending> open = new LinkedHashMap<>();

    Errands(Post post) {
        this.post = post;
    }

    private static final class Sending {
        private final Consumer<Duration> send;
        private final Instant since;
        private Duration patience = FIRST_PATIENCE;
        private Optional<Instant> againAt = Optional.empty();
        private String lastError = NO_ANSWER;
        private boolean hopeless;

        private Sending(Consumer<Duration> send, Instant since) {
            this.send = send;
            this.since = since;
        }
    }

    /** @param lastError what came back last */
    record Overdue(Errand errand, String lastError) {}

    /** Does nothing when the errand is under way; one that was refused for good begins anew. */
    <M> void send(
            Errand errand, RecipientRef<M> target, Function<ActorRef<StatusReply<Done>>, M> message, Instant now) {
        send(errand, patience -> post.ask(errand, target, message, patience), now);
    }

    /** As any other, to a worker that says what it had. */
    void close(Errand.CloseSwarm errand, ActorRef<WorkerCommand> worker, SwarmId swarm, Instant now) {
        send(errand, patience -> post.close(errand, worker, swarm, patience), now);
    }

    private void send(Errand errand, Consumer<Duration> send, Instant now) {
        Sending earlier = open.get(errand);
        if (earlier == null || earlier.hopeless) {
            open.put(errand, new Sending(send, now));
            send.accept(FIRST_PATIENCE);
        }
    }

    /** Whether it was still wanted. */
    boolean confirmed(Errand errand) {
        return open.remove(errand) != null;
    }

    void timedOut(Errand errand) {
        Sending sending = open.get(errand);
        if (sending != null) {
            Duration longer = sending.patience.multipliedBy(3).dividedBy(2);
            sending.patience = longer.compareTo(LONGEST_PATIENCE) > 0 ? LONGEST_PATIENCE : longer;
            sending.send.accept(sending.patience);
        }
    }

    /** @param error text of a {@link Refusal}, or of any other error */
    void refused(Errand errand, Instant now, String error) {
        Sending sending = open.get(errand);
        if (sending != null) {
            Refusal refusal = Refusal.read(error);
            sending.lastError = refusal.reason();
            sending.hopeless = refusal.forGood();
            sending.againAt = refusal.forGood() ? Optional.empty() : Optional.of(now.plus(AFTER_A_REFUSAL));
        }
    }

    /** Those that were refused, though not for good, and have waited. */
    void resendDue(Instant now) {
        for (Sending sending : List.copyOf(open.values())) {
            if (sending.againAt.filter(at -> !now.isBefore(at)).isPresent()) {
                sending.againAt = Optional.empty();
                sending.send.accept(sending.patience);
            }
        }
    }

    void drop(Predicate<Errand> unwanted) {
        open.keySet().removeIf(unwanted);
    }

    boolean anyOf(Predicate<Errand> kind) {
        return open.keySet().stream().anyMatch(kind);
    }

    long count(Predicate<Errand> kind) {
        return open.keySet().stream().filter(kind).count();
    }

    /** Those that were refused for good, too: no time will make them succeed. */
    List<Overdue> olderThan(Duration age, Instant now) {
        List<Overdue> overdue = new ArrayList<>();
        open.forEach((errand, sending) -> {
            boolean opening = errand instanceof Errand.OpenSwarm && sending.lastError.equals(NO_ANSWER);
            Duration limit = opening ? LONGEST_OPENING : age;
            if (sending.hopeless || sending.since.plus(limit).isBefore(now)) {
                overdue.add(new Overdue(errand, sending.lastError));
            }
        });
        return overdue;
    }
}
