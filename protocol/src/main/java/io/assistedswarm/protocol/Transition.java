package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * A host or cluster reached a phase, something happened around a host's fault, or a cluster's user has fetched something. The coordinator
 * records every one.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
@JsonSubTypes({
    @JsonSubTypes.Type(value = Transition.OfHost.class, name = "host"),
    @JsonSubTypes.Type(value = Transition.OfCluster.class, name = "cluster"),
    @JsonSubTypes.Type(value = Transition.OfFault.class, name = "fault"),
    @JsonSubTypes.Type(value = Transition.OfDownload.class, name = "download")
})
public sealed interface Transition {
    ClusterId clusterId();

    /** By the clock of the worker. */
    Instant at();

    int generation();

    /** In words, for {@code describe}; may be empty. */
    String detail();

    Optional<Failure> failure();

    /** @param standIn its installer is not the one that is under test ({@link RuntimeSpec#standsIn}) */
    record OfHost(
            HostId host,
            HostPhase phase,
            Instant at,
            int generation,
            String detail,
            Optional<Failure> failure,
            boolean standIn)
            implements Transition {
        public OfHost(
                HostId host, HostPhase phase, Instant at, int generation, String detail, Optional<Failure> failure) {
            this(host, phase, at, generation, detail, failure, false);
        }

        @Override
        public ClusterId clusterId() {
            return host.cluster();
        }
    }

    record OfCluster(
            ClusterId cluster, ClusterPhase phase, Instant at, int generation, String detail, Optional<Failure> failure)
            implements Transition {
        @Override
        public ClusterId clusterId() {
            return cluster;
        }
    }

    record OfFault(HostId host, FaultEvent event, Instant at, int generation, String detail) implements Transition {
        @Override
        public ClusterId clusterId() {
            return host.cluster();
        }

        @Override
        public Optional<Failure> failure() {
            return Optional.empty();
        }
    }

    /**
     * It is over, one way or the other; the cluster is at its end before, and stays there.
     *
     * @param bytes that have come; 0 of one that has failed
     * @param took the attempt that succeeded, to its last byte
     * @param failure why it was given up
     */
    record OfDownload(
            ClusterId cluster,
            Download what,
            Instant at,
            int generation,
            long bytes,
            Duration took,
            Optional<Failure> failure)
            implements Transition {
        @Override
        public ClusterId clusterId() {
            return cluster;
        }

        @Override
        public String detail() {
            return failure.isPresent()
                    ? ""
                    : String.format(Locale.ROOT, "%d bytes in %.3f s", bytes, took.toNanos() / 1e9);
        }
    }
}
