package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;

/** The least hardware that a host needs, by role; the real service's defaults are in dry-run-agent.md 10.3. */
public record HardwareRequirements(Minimum master, Minimum arbiter, Minimum worker, Minimum singleNode) {
    public static final HardwareRequirements DEFAULT = new HardwareRequirements(
            new Minimum(4, 16_384, 100, 10, 100, 0),
            new Minimum(2, 8_192, 50, 10, 1_000, 0),
            new Minimum(2, 8_192, 100, 10, 1_000, 10),
            new Minimum(8, 16_384, 100, 10, 0, 0));

    /** @param roundTripMillis 0 for no limit */
    public record Minimum(
            int cores,
            long memoryMib,
            long diskGb,
            long diskSyncMillis,
            double roundTripMillis,
            double packetLossPercent) {}

    /** What this host needs in its role; a worker's needs where the role is open. */
    public Minimum of(Host host) {
        if (host.cluster().isPresent() && host.cluster().get().singleNode()) {
            return singleNode;
        }
        return of(host.effectiveRole());
    }

    public Minimum of(HostRole role) {
        return switch (role) {
            case MASTER -> master;
            case ARBITER -> arbiter;
            case WORKER, AUTO_ASSIGN -> worker;
        };
    }

    /** What any host needs, whatever it becomes. */
    public Minimum least() {
        return worker;
    }
}
