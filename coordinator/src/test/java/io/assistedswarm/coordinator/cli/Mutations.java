package io.assistedswarm.coordinator.cli;

import java.util.List;
import java.util.Random;

/** Makes wrong texts of right ones; the same ones for the same seed. */
public final class Mutations {
    /** What has broken parsers before. */
    private static final List<String> TROUBLE = List.of(
            "",
            " ",
            "\t",
            "\n",
            "\u0000",
            "\u001b[31m",
            "\u202e",
            "\ufeff",
            "😀",
            "\ud800",
            "-1",
            "0",
            "2147483648",
            "99999999999999999999999",
            "1e999",
            "0x7f",
            ".nan",
            "null",
            "~",
            "true",
            "[]",
            "{}",
            "[[[[[[[[",
            "{{service.url}}",
            "{{#a}}",
            "&a [*a, *a]",
            "*a",
            "<<: *a",
            "!!java.net.URL [x]",
            "!!binary x",
            "? [a]: b",
            "---\n...",
            "%s%n%d",
            "../../..",
            "/proc/self/mem",
            "%2e%2e%2f",
            "%zz",
            "%00",
            "'",
            "\"",
            "\\",
            "--",
            "-",
            "@file",
            "a".repeat(300),
            "[".repeat(2000),
            "P1Y",
            "5000000000h",
            "1h1h");

    private final Random random;

    public Mutations(long seed) {
        random = new Random(seed);
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    public String trouble() {
        return oneOf(TROUBLE);
    }

    /** One time in ten it has nothing to do with the text. */
    public String of(String text) {
        if (random.nextInt(10) == 0) {
            return noise();
        }
        String mutated = text;
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            mutated = change(mutated);
        }
        return mutated;
    }

    private String change(String text) {
        if (text.isEmpty()) {
            return trouble();
        }
        int from = random.nextInt(text.length());
        int to = Math.min(text.length(), from + 1 + random.nextInt(1 << random.nextInt(7)));
        return switch (random.nextInt(7)) {
            case 0 -> text.substring(0, from) + text.substring(to);
            case 1 -> text.substring(0, from) + trouble() + text.substring(from);
            case 2 -> text.substring(0, from) + trouble() + text.substring(to);
            case 3 -> text.substring(0, from) + text.substring(from, to).repeat(2) + text.substring(to);
            case 4 ->
                text.substring(0, from)
                        + (char) random.nextInt(0x250)
                        + text.substring(Math.min(text.length(), from + 1));
            case 5 -> valueInsteadOf(text, from);
            default -> text.substring(0, from);
        };
    }

    /** The rest of a line after its colon: the shape stays right, what is said is wrong. */
    private String valueInsteadOf(String text, int from) {
        int colon = text.indexOf(':', from);
        if (colon < 0) {
            return text + trouble();
        }
        int end = colon + 1;
        while (end < text.length() && ",}]\n".indexOf(text.charAt(end)) < 0) {
            end++;
        }
        return text.substring(0, colon + 1) + " " + trouble() + text.substring(end);
    }

    private String noise() {
        StringBuilder noise = new StringBuilder();
        for (int left = random.nextInt(200); left > 0; left--) {
            noise.append((char) (random.nextBoolean() ? 32 + random.nextInt(95) : random.nextInt(0x3000)));
        }
        return noise.toString();
    }
}
