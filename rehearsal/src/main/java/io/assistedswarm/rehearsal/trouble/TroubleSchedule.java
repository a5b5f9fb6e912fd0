package io.assistedswarm.rehearsal.trouble;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Begins and ends troubles at their times. */
public final class TroubleSchedule implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TroubleSchedule.class);
    private final Map<Trouble.Part, Place> places;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private final Map<Trouble.Part, Integer> shut = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("troubles").factory());

    /**
     * What troubles do to a part of the hub.
     *
     * @param restarted what else a restart does, when its door is open again
     * @param credentials that can be made worthless
     */
    public record Place(Disturbance disturbance, Door door, Runnable restarted, Credentials credentials) {}

    /** By which the part knows its clients. */
    public interface Credentials {
        /** What was given to clients so far is not accepted any more. */
        void expire();

        /** Clients can read anew what is accepted. */
        void renew() throws IOException;

        /** For a part that knows none. */
        Credentials NONE = new Credentials() {
            @Override
            public void expire() {
                throw new UnsupportedOperationException("this part of the hub asks for no token");
            }

            @Override
            public void renew() {
                throw new UnsupportedOperationException("this part of the hub asks for no token");
            }
        };
    }

    public enum State {
        PLANNED,
        UNDER_WAY,
        OVER
    }

    /** @param hits requests and watches that it has met; 0 for what concerns all */
    public record Standing(Trouble trouble, State state, Instant begins, long hits) {}

    private static final class Entry {
        private final Disturbance.Active active;
        private final Trouble trouble;
        private final Instant begins;
        private volatile State state = State.PLANNED;

        private Entry(Trouble trouble, Instant begins) {
            this.trouble = trouble;
            this.begins = begins;
            this.active = new Disturbance.Active(trouble);
        }
    }

    public TroubleSchedule(Map<Trouble.Part, Place> places) {
        this.places = Map.copyOf(places);
    }

    /**
     * Their starts count from now.
     *
     * @throws IllegalArgumentException if the hub has not what one of them would spoil
     */
    public void add(List<Trouble> troubles) {
        troubles.stream()
                .filter(trouble -> trouble.kind() == Trouble.Kind.TOKEN
                        && places.get(trouble.part()).credentials() == Credentials.NONE)
                .findFirst()
                .ifPresent(trouble -> {
                    throw new IllegalArgumentException(trouble + ": tokens run out there only with AUTH_TYPE=rhsso");
                });
        for (Trouble trouble : troubles) {
            Entry entry = new Entry(trouble, Instant.now().plus(trouble.start()));
            entries.add(entry);
            at(trouble.start(), () -> begin(entry));
            at(trouble.start().plus(trouble.duration()), () -> end(entry));
        }
    }

    /** Ends what is under way, and what is planned will not begin. */
    public void clear() {
        entries.forEach(entry -> timer.execute(() -> end(entry)));
    }

    public List<Standing> standings() {
        List<Standing> standings = new ArrayList<>();
        entries.forEach(
                entry -> standings.add(new Standing(entry.trouble, entry.state, entry.begins, entry.active.hits())));
        return standings;
    }

    private void at(Duration after, Runnable what) {
        var unused = timer.schedule(
                () -> {
                    try {
                        what.run();
                    } catch (RuntimeException e) {
                        log.error("a trouble could not begin or end", e);
                    }
                },
                after.toNanos(),
                TimeUnit.NANOSECONDS);
    }

    private void begin(Entry entry) {
        if (entry.state != State.PLANNED) {
            return;
        }
        entry.state = State.UNDER_WAY;
        log.warn("trouble begins: {}", entry.trouble);
        Place place = places.get(entry.trouble.part());
        try {
            switch (entry.trouble.kind()) {
                case REFUSED, RESTART -> {
                    shut.merge(entry.trouble.part(), 1, Integer::sum);
                    place.door().shut();
                }
                case TOKEN -> place.credentials().expire();
                default -> place.disturbance().begin(entry.active);
            }
        } catch (IOException e) {
            log.error("trouble {} could not begin: {}", entry.trouble, e.toString());
        }
    }

    private void end(Entry entry) {
        State before = entry.state;
        entry.state = State.OVER;
        if (before != State.UNDER_WAY) {
            return;
        }
        log.warn("trouble is over: {}, met {} requests and watches", entry.trouble, entry.active.hits());
        Place place = places.get(entry.trouble.part());
        try {
            switch (entry.trouble.kind()) {
                case REFUSED, RESTART -> {
                    if (shut.merge(entry.trouble.part(), -1, Integer::sum) == 0) {
                        place.door().open();
                    }
                    if (entry.trouble.kind() == Trouble.Kind.RESTART) {
                        place.restarted().run();
                    }
                }
                case TOKEN -> place.credentials().renew();
                default -> place.disturbance().end(entry.active);
            }
        } catch (IOException e) {
            log.error("trouble {} could not end: {}", entry.trouble, e.toString());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
