package io.assistedswarm.protocol;

import java.time.Instant;
import java.util.List;

/**
 * What a worker's machine has to offer, as it was when somebody asked.
 *
 * @param clock when it was looked at, by the worker's own clock
 * @param dataFolder where the hosts' files go
 * @param limits of what could be read; a limit that the machine does not have, or does not show, is not there
 * @param podman version; empty when nobody asked for it or it cannot be run
 * @param podmanTrouble why podman cannot be run; empty when it can, or nobody asked
 */
public record MachineReport(Instant clock, String dataFolder, List<Limit> limits, String podman, String podmanTrouble)
        implements WireMessage {
    public MachineReport {
        limits = List.copyOf(limits);
    }

    public enum Resource {
        OPEN_FILES,
        /** Processes and threads. */
        TASKS,
        INOTIFY_INSTANCES,
        /** That outgoing connections may take. */
        LOCAL_PORTS,
        MEMORY_BYTES,
        DISK_BYTES
    }

    /**
     * @param source who sets it, as it is called on the machine: {@code kernel.pid_max}
     * @param most never more than this
     * @param used of it now, by anybody whom it binds
     */
    public record Limit(Resource resource, String source, long most, long used) {
        public long free() {
            return Math.max(0, most - used);
        }
    }
}
