package io.assistedswarm.agent;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line as Go's flag package reads it: one dash or two, {@code --name value} or {@code --name=value}, booleans only with
 * {@code =}, nothing after the first argument that is no flag. An unknown flag or a bad value is exit code 2.
 */
final class Flags {
    private enum Kind {
        TEXT,
        LIST,
        NUMBER,
        SWITCH
    }

    private final String program;
    private final Map<String, Kind> kinds = new LinkedHashMap<>();
    private final Map<String, List<String>> values = new LinkedHashMap<>();

    Flags(String program) {
        this.program = program;
    }

    Flags texts(String... names) {
        return declare(Kind.TEXT, names);
    }

    /** Flags that may be given more than once. */
    Flags lists(String... names) {
        return declare(Kind.LIST, names);
    }

    Flags numbers(String... names) {
        return declare(Kind.NUMBER, names);
    }

    Flags switches(String... names) {
        return declare(Kind.SWITCH, names);
    }

    private Flags declare(Kind kind, String... names) {
        for (String name : names) {
            kinds.put(name, kind);
        }
        return this;
    }

    /** @throws UsageException with exit code 2, or 0 when help was asked for */
    Flags parse(List<String> arguments) throws UsageException {
        int i = 0;
        while (i < arguments.size()) {
            String argument = arguments.get(i++);
            if (argument.length() < 2 || argument.charAt(0) != '-' || argument.equals("--")) {
                return this;
            }
            String flag = argument.substring(argument.startsWith("--") ? 2 : 1);
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            Kind kind = kinds.get(name);
            if (kind == null) {
                boolean help = name.equals("h") || name.equals("help");
                throw new UsageException(
                        help ? 0 : 2, (help ? "" : "flag provided but not defined: -" + name + "\n") + usage());
            }
            String value;
            if (equals >= 0) {
                value = flag.substring(equals + 1);
            } else if (kind == Kind.SWITCH) {
                value = "true";
            } else if (i < arguments.size()) {
                value = arguments.get(i++);
            } else {
                throw new UsageException(2, "flag needs an argument: -" + name + "\n" + usage());
            }
            check(name, kind, value);
            values.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
        }
        return this;
    }

    private void check(String name, Kind kind, String value) throws UsageException {
        boolean wrong = (kind == Kind.SWITCH && truth(value) == null) || (kind == Kind.NUMBER && !isNumber(value));
        if (wrong) {
            throw new UsageException(2, "invalid value \"" + value + "\" for flag -" + name + "\n" + usage());
        }
    }

    /** What the flag says, else the default. An empty value counts as given. */
    String text(String name, String fallback) {
        List<String> given = values.get(name);
        return given == null ? fallback : given.get(given.size() - 1);
    }

    List<String> list(String name) {
        return values.getOrDefault(name, List.of());
    }

    int number(String name, int fallback) {
        return Integer.parseInt(text(name, Integer.toString(fallback)));
    }

    boolean isOn(String name, boolean fallback) {
        return Boolean.TRUE.equals(truth(text(name, Boolean.toString(fallback))));
    }

    /** The words that Go takes for a boolean, or null. */
    static Boolean truth(String text) {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> Boolean.TRUE;
            case "0", "f", "F", "FALSE", "false", "False" -> Boolean.FALSE;
            default -> null;
        };
    }

    private static boolean isNumber(String text) {
        try {
            Integer.parseInt(text);
            return true;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private String usage() {
        StringBuilder usage = new StringBuilder("Usage of ").append(program).append(':');
        for (String name : kinds.keySet()) {
            usage.append("\n  -").append(name);
        }
        return usage.toString();
    }
}
