package io.assistedswarm.protocol;

import java.util.regex.Pattern;

/**
 * One run of a plan. The value is a DNS-1123 label of at most 40 characters: it leads the names of namespaces and hosts,
 * which may have 63.
 */
public record SwarmId(String value) implements Comparable<SwarmId> {
    public static final int MAX_LENGTH = 40;
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z]([-a-z0-9]*[a-z0-9])?");

    public SwarmId {
        if (!isValid(value)) {
            throw new IllegalArgumentException(
                    "'" + value + "' is not a swarm id: lower-case letters, digits and '-', at most " + MAX_LENGTH
                            + " characters, beginning with a letter");
        }
        // Each id of a cluster or host that comes in a message holds one.
        value = value.intern();
    }

    public static boolean isValid(String value) {
        return value.length() <= MAX_LENGTH && DNS_LABEL.matcher(value).matches();
    }

    @Override
    public int compareTo(SwarmId other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
