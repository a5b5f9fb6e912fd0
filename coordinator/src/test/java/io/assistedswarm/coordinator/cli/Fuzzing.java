package io.assistedswarm.coordinator.cli;

import java.time.Duration;

/** How much is tried with garbled input, and how it is told. */
public final class Fuzzing {
    public static final int INPUTS = Integer.getInteger("fuzz.inputs", 800);
    public static final long SEED = Long.getLong("fuzz.seed", 4);

    /** Far above what one takes on a busy machine; a quadratic parser would need longer. */
    public static final Duration LONGEST = Duration.ofSeconds(10);

    private Fuzzing() {}

    /** Some of the characters would cut the test's report off. */
    public static String visible(String input) {
        return input.replaceAll("[^ -~\n]", "?").replace("%", "%%");
    }

    /** @param start by {@link System#nanoTime} */
    public static void say(String what, int inputs, long start, String answers) {
        System.out.printf(
                "fuzz: %d %s in %.1f s, seed %d%s%n", inputs, what, (System.nanoTime() - start) / 1e9, SEED, answers);
    }
}
