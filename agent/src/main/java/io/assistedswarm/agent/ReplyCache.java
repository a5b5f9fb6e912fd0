package io.assistedswarm.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The last output of each step type that the service took: the same output is not posted again for an hour. */
final class ReplyCache {
    private record Posted(String output, long atNanos) {}

    private final Map<String, Posted> last = new HashMap<>();
    private final Duration validity;

    ReplyCache(Duration validity) {
        this.validity = validity;
    }

    synchronized boolean isKnown(String stepType, String output) {
        Posted posted = last.get(stepType);
        return posted != null
                && posted.output().equals(output)
                && System.nanoTime() - posted.atNanos() < validity.toNanos();
    }

    synchronized void posted(String stepType, String output) {
        last.put(stepType, new Posted(output, System.nanoTime()));
    }

    synchronized void forget() {
        last.clear();
    }
}
