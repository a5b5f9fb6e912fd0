package io.assistedswarm.rehearsal.service;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves that no two processes act for one host: hears who speaks for which one, and notes each {@link Overlap}. An agent that the
 * same worker starts again in the same generation takes over from the one before, as long as that one is silent from then on.
 */
public final class Speakers {
    private static final Logger log = LoggerFactory.getLogger(Speakers.class);

    /** Of one host; an instance that was silent while so many others came is no witness any more. */
    private static final int MOST_TURNS = 16;

    private final Clock clock;
    private final Map<String, Turns> turns = new ConcurrentHashMap<>();
    private final Map<String, Overlap> overlaps = new TreeMap<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder instances = new LongAdder();
    private final LongAdder actors = new LongAdder();

    public Speakers(Clock clock) {
        this.clock = clock;
    }

    /** When an instance began to speak, when it was heard last, and how often. */
    public record Turn(Speaker speaker, Instant first, Instant last, long requests) {
        private Turn again(Instant now) {
            return new Turn(speaker, first, now, requests + 1);
        }
    }

    /** What is wrong with two that speak for the same host. */
    public enum Fault {
        /** The one before spoke again after its successor had begun. */
        BOTH_SPEAK("both speak in the same generation"),
        /** Only a new generation may be placed on another worker. */
        TWO_WORKERS("two workers speak in the same generation"),
        OLDER_GENERATION("an older generation speaks after a newer one");

        private final String text;

        Fault(String text) {
            this.text = text;
        }

        public String text() {
            return text;
        }
    }

    /** @param newcomer began to speak after the former */
    public record Overlap(Fault fault, Turn former, Turn newcomer) {
        public String actsFor() {
            return former.speaker().actsFor();
        }

        @Override
        public String toString() {
            return "double for %s, %s: %s and %s".formatted(actsFor(), fault.text(), text(former), text(newcomer));
        }

        private static String text(Turn turn) {
            Speaker speaker = turn.speaker();
            return "worker %s generation %d instance %s (%d requests from %s to %s)"
                    .formatted(
                            speaker.worker(),
                            speaker.generation(),
                            speaker.instance(),
                            turn.requests(),
                            turn.first(),
                            turn.last());
        }
    }

    /** How much was heard: a proof without witnesses would prove nothing. */
    public record Heard(long actors, long instances, long requests) {}

    /** Of one host: by instance, in the order in which they began to speak. */
    private static final class Turns {
        private final Map<String, Turn> byInstance = new LinkedHashMap<>();

        private Optional<Turn> newest() {
            return byInstance.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new ArrayList<>(byInstance.values()).getLast());
        }

        private void put(Turn turn) {
            byInstance.put(turn.speaker().instance(), turn);
            Iterator<Turn> oldest = byInstance.values().iterator();
            if (byInstance.size() > MOST_TURNS) {
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Is called for each request in the order in which they come. */
    public void hear(Speaker speaker) {
        requests.increment();
        turns.compute(speaker.actsFor(), (id, known) -> {
            if (known == null) {
                actors.increment();
            }
            Turns of = known == null ? new Turns() : known;
            hear(speaker, of);
            return of;
        });
    }

    private void hear(Speaker speaker, Turns of) {
        Instant now = clock.instant();
        Optional<Turn> newest = of.newest();
        Turn before = of.byInstance.get(speaker.instance());
        Turn turn = before == null ? new Turn(speaker, now, now, 1) : before.again(now);
        of.put(turn);
        if (before == null) {
            instances.increment();
            newest.ifPresent(former -> atFirstWord(former, turn));
        } else if (!newest.orElseThrow().speaker().equals(speaker)) {
            atLaterWord(turn, newest.orElseThrow());
        }
    }

    private void atFirstWord(Turn former, Turn newcomer) {
        int generations = Integer.compare(
                former.speaker().generation(), newcomer.speaker().generation());
        if (generations > 0) {
            note(new Overlap(Fault.OLDER_GENERATION, former, newcomer));
        } else if (generations == 0
                && !former.speaker().worker().equals(newcomer.speaker().worker())) {
            note(new Overlap(Fault.TWO_WORKERS, former, newcomer));
        }
    }

    private void atLaterWord(Turn former, Turn newcomer) {
        boolean same = former.speaker().generation() == newcomer.speaker().generation();
        note(new Overlap(same ? Fault.BOTH_SPEAK : Fault.OLDER_GENERATION, former, newcomer));
    }

    /** One for each pair, with what was heard last. */
    private void note(Overlap overlap) {
        String pair = overlap.actsFor() + " " + overlap.former().speaker().instance() + " "
                + overlap.newcomer().speaker().instance();
        synchronized (overlaps) {
            if (overlaps.put(pair, overlap) == null) {
                log.error("{}", overlap);
            }
        }
    }

    public List<Overlap> overlaps() {
        synchronized (overlaps) {
            return List.copyOf(overlaps.values());
        }
    }

    public Heard heard() {
        return new Heard(actors.sum(), instances.sum(), requests.sum());
    }

    /** The host was deleted: one with the same id may come later and begins anew. What was found stays. */
    public void forget(String actsFor) {
        turns.remove(actsFor);
    }
}
