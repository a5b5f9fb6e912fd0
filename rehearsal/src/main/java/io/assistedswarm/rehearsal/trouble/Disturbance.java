package io.assistedswarm.rehearsal.trouble;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;

/** The troubles that one part of the hub is in now, and what they do to its requests and watches. */
public final class Disturbance {
    private final IntSupplier installing;
    private final List<Active> active = new CopyOnWriteArrayList<>();
    private final Set<WatchOutput> watches = ConcurrentHashMap.newKeySet();

    /** @param installing how many clusters the service installs now */
    public Disturbance(IntSupplier installing) {
        this.installing = installing;
    }

    /** A trouble that is under way, with its draw. */
    static final class Active {
        private final Trouble trouble;
        private final Random random;
        private final LongAdder hits = new LongAdder();
        private final CountDownLatch over = new CountDownLatch(1);

        Active(Trouble trouble) {
            this.trouble = trouble;
            this.random = new Random(trouble.seed());
        }

        private boolean hits(Asked asked) {
            boolean hit = trouble.scope().holds(asked) && random.nextDouble() < trouble.share();
            if (hit) {
                hits.increment();
            }
            return hit;
        }

        private Duration latency() {
            long spread = trouble.latencyUpTo().minus(trouble.latency()).toNanos();
            return trouble.latency().plusNanos(spread == 0 ? 0 : random.nextLong(spread));
        }

        private boolean failsAt(String stage) {
            boolean fails = trouble.kind() == Trouble.Kind.FAIL
                    && trouble.stage().equals(stage)
                    && random.nextDouble() < trouble.share();
            if (fails) {
                hits.increment();
            }
            return fails;
        }

        /** Requests and watches that it has met so far, or hosts that it has failed. */
        long hits() {
            return hits.sum();
        }
    }

    /** Draws what becomes of a request. Slowness adds up; of other troubles the first that hits decides. */
    public Fate fateOf(Asked asked) {
        Duration delay = Duration.ZERO;
        for (Active one : active) {
            Trouble trouble = one.trouble;
            if (trouble.kind().concernsAll()
                    || trouble.kind() == Trouble.Kind.FAIL
                    || (trouble.kind() == Trouble.Kind.GONE && !asked.verb().equals("watch"))
                    || !isLoaded(trouble)
                    || !one.hits(asked)) {
                continue;
            }
            switch (trouble.kind()) {
                case SLOW -> delay = delay.plus(one.latency());
                case SILENT -> {
                    return new Fate.Unheard();
                }
                case ANSWER -> {
                    return new Fate.Refused(trouble.status(), trouble.retryAfter());
                }
                case DROPPED -> {
                    return one.random.nextBoolean() ? new Fate.Cut() : new Fate.AnswerLost();
                }
                case GONE -> {
                    return new Fate.Expired();
                }
                default -> throw new IllegalStateException(trouble + " does not concern single requests");
            }
        }
        return new Fate.Served(delay);
    }

    /** Draws whether a host that comes to a stage is failed there. */
    public boolean failsAt(String stage) {
        return active.stream().anyMatch(one -> isLoaded(one.trouble) && one.failsAt(stage));
    }

    private boolean isLoaded(Trouble trouble) {
        return trouble.above().isEmpty()
                || installing.getAsInt() > trouble.above().get();
    }

    /** Returns when none that makes the part silent is under way any more. */
    public void awaitEndOfSilence() throws InterruptedException {
        for (Active one : active) {
            if (one.trouble.kind() == Trouble.Kind.SILENT) {
                one.over.await();
            }
        }
    }

    /**
     * What the calling thread writes a watch to from now on. Troubles that come later reach it too; one that ends it interrupts the thread.
     *
     * @param silence keeps what lies below from answering the client by itself, once the watch falls silent
     */
    public OutputStream watch(Asked asked, OutputStream socket, byte[] expired, Runnable silence) {
        WatchOutput output = new WatchOutput(asked, socket, expired, silence);
        watches.add(output);
        return output;
    }

    void begin(Active one) {
        active.add(one);
        for (WatchOutput watch : watches) {
            Optional<Trouble.Kind> kind = Optional.of(one.trouble.kind())
                    .filter(found ->
                            found == Trouble.Kind.SILENT || found == Trouble.Kind.DROPPED || found == Trouble.Kind.GONE)
                    .filter(found -> one.hits(watch.asked));
            kind.ifPresent(watch::meet);
        }
    }

    void end(Active one) {
        active.remove(one);
        one.over.countDown();
    }

    /** The answer of a watch, between its writer and the socket. */
    private final class WatchOutput extends OutputStream {
        private final Asked asked;
        private final OutputStream socket;
        private final byte[] expired;
        private final Runnable silence;
        private final Thread writer = Thread.currentThread();
        private boolean atLineStart = true;
        private boolean silent;
        private boolean ended;

        private WatchOutput(Asked asked, OutputStream socket, byte[] expired, Runnable silence) {
            this.asked = asked;
            this.socket = socket;
            this.expired = expired;
            this.silence = silence;
        }

        /** A silent one stays so for as long as its client waits, as a connection does whose other end is gone. */
        private synchronized void meet(Trouble.Kind kind) {
            if (ended) {
                return;
            }
            if (kind == Trouble.Kind.SILENT) {
                silent = true;
                silence.run();
                return;
            }
            ended = true;
            watches.remove(this);
            try {
                if (kind == Trouble.Kind.GONE && atLineStart && !silent) {
                    socket.write(expired);
                }
                socket.close();
            } catch (IOException e) {
                // Its client has left it meanwhile, which is an end as well.
                ended = true;
            }
            writer.interrupt();
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public synchronized void write(byte[] bytes, int from, int length) throws IOException {
            if (ended) {
                throw new IOException("the watch was ended by a trouble");
            }
            if (!silent && length > 0) {
                socket.write(bytes, from, length);
                atLineStart = bytes[from + length - 1] == '\n';
            }
        }

        @Override
        public synchronized void flush() throws IOException {
            if (!silent && !ended) {
                socket.flush();
            }
        }

        @Override
        public synchronized void close() throws IOException {
            ended = true;
            watches.remove(this);
            if (!silent) {
                socket.close();
            }
        }
    }
}
