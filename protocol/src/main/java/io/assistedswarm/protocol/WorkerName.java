package io.assistedswarm.protocol;

/** A worker's name, unique in the Pekko cluster; by default its host name and port. */
public record WorkerName(String value) implements Comparable<WorkerName> {
    @Override
    public int compareTo(WorkerName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
