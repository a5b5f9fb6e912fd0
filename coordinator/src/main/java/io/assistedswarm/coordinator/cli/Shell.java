package io.assistedswarm.coordinator.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/**
 * Where a command runs.
 *
 * @param terminal whether somebody looks at the output, so that it may be redrawn
 * @param colours whether it may be coloured
 * @param interval between two looks at the coordinator while waiting
 */
record Shell(
        Reader in,
        PrintWriter out,
        PrintWriter err,
        boolean terminal,
        boolean colours,
        Map<String, String> environment,
        Path home,
        Clock clock,
        Duration interval) {

    /** The process's own. */
    static Shell ofProcess() {
        Map<String, String> environment = System.getenv();
        boolean terminal = isTerminal(environment);
        return new Shell(
                new InputStreamReader(System.in, StandardCharsets.UTF_8),
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                terminal,
                terminal
                        && environment.getOrDefault("NO_COLOR", "").isEmpty()
                        && !"dumb".equals(environment.get("TERM")),
                environment,
                Path.of(System.getProperty("user.home")),
                Clock.systemUTC(),
                Duration.ofSeconds(1));
    }

    int width() {
        try {
            return Math.max(40, Integer.parseInt(environment.getOrDefault("COLUMNS", "120")));
        } catch (NumberFormatException e) {
            return 120;
        }
    }

    String green(String text) {
        return coloured("32", text);
    }

    String red(String text) {
        return coloured("31", text);
    }

    String yellow(String text) {
        return coloured("33", text);
    }

    private String coloured(String code, String text) {
        return colours ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), true);
    }

    /** The launcher knows whether stdout is a terminal; without it, plain output is never wrong. */
    private static boolean isTerminal(Map<String, String> environment) {
        return "1".equals(environment.get("SWARM_TTY"));
    }
}
