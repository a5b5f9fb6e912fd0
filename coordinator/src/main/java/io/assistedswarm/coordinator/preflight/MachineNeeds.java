package io.assistedswarm.coordinator.preflight;

import io.assistedswarm.protocol.MachineReport.Limit;
import io.assistedswarm.protocol.MachineReport.Resource;
import java.util.Locale;

/**
 * What hosts take of a machine. The usual figures are ours, generous rather than exact; docs/preflight.md says where they come from.
 *
 * @param least per host: with less than that it cannot work
 * @param usual per host
 */
record MachineNeeds(Resource resource, String unit, long least, long usual, String remedy) {
    private static final long KIBIBYTE = 1L << 10;
    private static final long MEBIBYTE = 1L << 20;

    /** @param processes whether each host is a process */
    static MachineNeeds of(Resource resource, boolean processes) {
        MachineNeeds needs = of(resource);
        if (processes) {
            return needs;
        }
        // Hollow hosts share the worker's threads and connections.
        return resource == Resource.MEMORY_BYTES
                ? new MachineNeeds(resource, needs.unit(), 20 * KIBIBYTE, 100 * KIBIBYTE, needs.remedy())
                : new MachineNeeds(resource, needs.unit(), 0, 0, needs.remedy());
    }

    private static MachineNeeds of(Resource resource) {
        return switch (resource) {
            case OPEN_FILES ->
                new MachineNeeds(
                        resource, "open files", 1, 8, "raise it with LimitNOFILE= of the unit, or 'ulimit -n 65536'");
            case TASKS ->
                new MachineNeeds(
                        resource,
                        "processes and threads",
                        2,
                        30,
                        "raise it: TasksMax=infinity of the unit, 'ulimit -u unlimited',"
                                + " 'sysctl -w kernel.pid_max=4194304 kernel.threads-max=1000000'");
            case INOTIFY_INSTANCES ->
                new MachineNeeds(resource, "inotify instances", 0, 1, "'sysctl -w fs.inotify.max_user_instances=8192'");
            case LOCAL_PORTS ->
                new MachineNeeds(
                        resource,
                        "local ports",
                        1,
                        4,
                        "'sysctl -w net.ipv4.ip_local_port_range=\"1024 65535\"', or more workers");
            case MEMORY_BYTES ->
                new MachineNeeds(
                        resource,
                        "memory",
                        15 * MEBIBYTE,
                        40 * MEBIBYTE,
                        "give it more, lower its --capacity, or start more workers");
            case DISK_BYTES ->
                new MachineNeeds(
                        resource,
                        "disk",
                        MEBIBYTE,
                        16 * MEBIBYTE,
                        "make room, name another folder with --data, or lower its --capacity");
        };
    }

    /** Only containers need them. */
    boolean onlyWithPodman() {
        return resource == Resource.INOTIFY_INSTANCES;
    }

    String amount(long amount) {
        boolean bytes = resource == Resource.MEMORY_BYTES || resource == Resource.DISK_BYTES;
        return bytes
                ? String.format(Locale.ROOT, "%.1f GiB %s", amount / (double) (1L << 30), unit)
                : amount + " " + unit;
    }

    String free(Limit limit) {
        return amount(limit.free());
    }
}
