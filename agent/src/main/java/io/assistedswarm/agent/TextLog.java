package io.assistedswarm.agent;

import java.io.PrintStream;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.function.Consumer;

/** Lines in the text format of the real programs: time, level, message and perhaps the id of a request. */
public final class TextLog {
    private final Consumer<String> out;
    private final StringBuilder kept;
    private final int keepChars;

    /** @param out null for a log that nobody reads */
    public TextLog(PrintStream out) {
        this(out, 0);
    }

    /** A log that also keeps its first {@code keepChars} characters, for an upload. */
    public TextLog(PrintStream out, int keepChars) {
        this(out == null ? null : out::println, keepChars);
    }

    /** @param out gets each line; null for a log that nobody reads */
    public TextLog(Consumer<String> out, int keepChars) {
        this.out = out;
        this.keepChars = keepChars;
        this.kept = new StringBuilder();
    }

    public void info(String message) {
        line("info", message, null);
    }

    public void info(String message, String requestId) {
        line("info", message, requestId);
    }

    public void warning(String message) {
        line("warning", message, null);
    }

    public void error(String message) {
        line("error", message, null);
    }

    /** A line as it stands, without time and level. */
    public synchronized void plain(String text) {
        emit(text);
    }

    public synchronized String kept() {
        return kept.toString();
    }

    private synchronized void line(String level, String message, String requestId) {
        if (out == null && kept.length() >= keepChars) {
            return;
        }
        StringBuilder line = new StringBuilder(message.length() + 64);
        line.append("time=\"");
        appendUtc(line, System.currentTimeMillis() / 1000);
        line.append("\" level=").append(level).append(" msg=\"");
        appendQuoted(line, message);
        line.append('"');
        if (requestId != null) {
            line.append(" request_id=").append(requestId);
        }
        emit(line.toString());
    }

    private void emit(String text) {
        if (out != null) {
            out.accept(text);
        }
        if (kept.length() < keepChars) {
            kept.append(text).append('\n');
        }
    }

    public static void appendQuoted(StringBuilder to, String message) {
        for (int i = 0; i < message.length(); i++) {
            char c = message.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\t' -> to.append("\\t");
                default -> to.append(c);
            }
        }
    }

    // By hand: a date formatter would be a good part of all classes that an agent loads.
    private static void appendUtc(StringBuilder to, long epochSecond) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(epochSecond, 0, ZoneOffset.UTC);
        to.append(time.getYear());
        appendTwo(to.append('-'), time.getMonthValue());
        appendTwo(to.append('-'), time.getDayOfMonth());
        appendTwo(to.append('T'), time.getHour());
        appendTwo(to.append(':'), time.getMinute());
        appendTwo(to.append(':'), time.getSecond());
        to.append('Z');
    }

    private static void appendTwo(StringBuilder to, int number) {
        if (number < 10) {
            to.append('0');
        }
        to.append(number);
    }
}
