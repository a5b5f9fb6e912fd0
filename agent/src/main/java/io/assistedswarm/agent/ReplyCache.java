package io.assistedswarm.agent;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * The last output of each step type that the service took: the same output is not posted again for an hour. An output has some kilobytes,
 * and a hundred if it lists free addresses, so only a sum of it is kept.
 */
final class ReplyCache {
    private static final long FNV_BASIS = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private record Posted(int length, long sum, long atNanos) {}

    private final Map<String, Posted> last = new HashMap<>();
    private final Duration validity;

    ReplyCache(Duration validity) {
        this.validity = validity;
    }

    synchronized boolean isKnown(String stepType, String output) {
        Posted posted = last.get(stepType);
        return posted != null
                && posted.length() == output.length()
                && posted.sum() == sum(output)
                && System.nanoTime() - posted.atNanos() < validity.toNanos();
    }

    synchronized void posted(String stepType, String output) {
        last.put(stepType, new Posted(output.length(), sum(output), System.nanoTime()));
    }

    synchronized void forget() {
        last.clear();
    }

    /** FNV-1a of 64 bits. Two outputs of one host never meet in it by chance, and a digest would make a stand-in load the JDK's providers. */
    private static long sum(String output) {
        long sum = FNV_BASIS;
        for (int i = 0; i < output.length(); i++) {
            sum = (sum ^ output.charAt(i)) * FNV_PRIME;
        }
        return sum;
    }
}
