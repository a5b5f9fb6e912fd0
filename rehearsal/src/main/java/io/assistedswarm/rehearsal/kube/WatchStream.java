package io.assistedswarm.rehearsal.kube;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Writes the events of one watch as they come, one a line, until its time is over or it has fallen too far behind. */
final class WatchStream implements Reply.Writer {
    private final Shelf shelf;
    private final Watcher watcher;
    private final Rendering rendering;
    private final Wishes wishes;
    private final InstantSource clock;

    /**
     * What the client asked for.
     *
     * @param initialEventsEnd whether a bookmark shall say where the initial events end
     * @param bookmarkInterval empty time for no bookmarks
     */
    record Wishes(Duration timeout, Duration bookmarkInterval, boolean initialEventsEnd) {
        boolean bookmarks() {
            return !bookmarkInterval.isZero();
        }
    }

    WatchStream(Shelf shelf, Watcher watcher, Rendering rendering, Wishes wishes, InstantSource clock) {
        this.shelf = shelf;
        this.watcher = watcher;
        this.rendering = rendering;
        this.wishes = wishes;
        this.clock = clock;
    }

    @Override
    public void writeTo(OutputStream socket) throws IOException, InterruptedException {
        try (watcher) {
            var out = new BufferedOutputStream(socket, 16_384);
            for (var event : watcher.backlog()) {
                write(out, event);
            }
            if (wishes.initialEventsEnd()) {
                writeBookmark(out, watcher.startVersion(), true);
            }
            out.flush();
            follow(out);
        }
    }

    private void follow(OutputStream out) throws IOException, InterruptedException {
        var end = clock.instant().plus(wishes.timeout());
        var bookmarkDue = clock.instant().plus(wishes.bookmarkInterval());
        while (!watcher.isCutOff()) {
            var now = clock.instant();
            if (!now.isBefore(end)) {
                return;
            }
            if (wishes.bookmarks() && !now.isBefore(bookmarkDue)) {
                bookmarkDue = now.plus(wishes.bookmarkInterval());
                var settled = shelf.settledVersion(watcher);
                if (settled.isPresent()) {
                    writeBookmark(out, settled.getAsLong(), false);
                    out.flush();
                }
            }
            var event = watcher.next(pause(now, end, bookmarkDue));
            while (event.isPresent()) {
                write(out, event.get());
                // What is there already goes out in the same packet.
                event = watcher.next(Duration.ZERO);
                if (event.isEmpty()) {
                    out.flush();
                }
            }
        }
    }

    private Duration pause(Instant now, Instant end, Instant bookmarkDue) {
        var until = wishes.bookmarks() && bookmarkDue.isBefore(end) ? bookmarkDue : end;
        var pause = Duration.between(now, until);
        // A watcher that was cut off is noticed within this.
        return pause.compareTo(Duration.ofSeconds(5)) < 0 ? pause : Duration.ofSeconds(5);
    }

    private void write(OutputStream out, WatchEvent event) throws IOException {
        line(out, event.type().name(), rendering.object(event.object()));
    }

    private void writeBookmark(OutputStream out, long version, boolean initialEventsEnd) throws IOException {
        var object = rendering.bookmark(shelf.type());
        var metadata = Json.child(object, "metadata").put("resourceVersion", Long.toString(version));
        metadata.putNull("creationTimestamp");
        if (initialEventsEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        line(out, "BOOKMARK", Json.bytes(object));
    }

    /** An event that ends a watch before it began. */
    static Reply.Writer error(StatusFailure failure) {
        return out -> line(out, "ERROR", Json.bytes(failure.status()));
    }

    /** The same, to be put into a watch that has begun. */
    static byte[] errorLine(StatusFailure failure) {
        return ("{\"type\":\"ERROR\",\"object\":" + new String(Json.bytes(failure.status()), StandardCharsets.UTF_8)
                        + "}\n")
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void line(OutputStream out, String type, byte[] object) throws IOException {
        out.write(("{\"type\":\"" + type + "\",\"object\":").getBytes(StandardCharsets.UTF_8));
        out.write(object);
        out.write("}\n".getBytes(StandardCharsets.UTF_8));
    }
}
