package io.assistedswarm.rehearsal.service.machine;

import static io.assistedswarm.rehearsal.service.model.HostStage.*;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostStage;
import java.util.List;

/** Which stages a host goes through, in which order (reference, dry-run-agent.md 7.4). */
public final class Stages {
    private static final List<HostStage> SINGLE_NODE = List.of(
            STARTING_INSTALLATION,
            INSTALLING,
            WAITING_FOR_BOOTKUBE,
            WRITING_IMAGE_TO_DISK,
            COPYING_REGISTRY_DATA_TO_DISK,
            REBOOTING,
            JOINED,
            DONE);
    private static final List<HostStage> BOOTSTRAP = List.of(
            STARTING_INSTALLATION,
            INSTALLING,
            WRITING_IMAGE_TO_DISK,
            COPYING_REGISTRY_DATA_TO_DISK,
            WAITING_FOR_CONTROL_PLANE,
            WAITING_FOR_BOOTKUBE,
            WAITING_FOR_CONTROLLER,
            REBOOTING,
            CONFIGURING,
            JOINED,
            DONE);
    private static final List<HostStage> MASTER = List.of(
            STARTING_INSTALLATION,
            INSTALLING,
            WRITING_IMAGE_TO_DISK,
            COPYING_REGISTRY_DATA_TO_DISK,
            REBOOTING,
            CONFIGURING,
            JOINED,
            DONE);
    private static final List<HostStage> WORKER = List.of(
            STARTING_INSTALLATION,
            INSTALLING,
            WRITING_IMAGE_TO_DISK,
            WAITING_FOR_CONTROL_PLANE,
            REBOOTING,
            WAITING_FOR_IGNITION,
            CONFIGURING,
            JOINED,
            DONE);

    private Stages() {}

    /** Empty while the role is open. */
    public static List<HostStage> of(Host host) {
        boolean singleNode = host.cluster().map(Cluster::singleNode).orElse(false) && !host.day2;
        List<HostStage> stages = of(host.effectiveRole(), host.bootstrap, singleNode);
        return endAtReboot(host) ? stages.subList(0, stages.indexOf(REBOOTING) + 1) : stages;
    }

    /** Without objects nobody can follow a day-2 host any further (assisted-service, internal/host/host.go, GetStagesByRole). */
    static boolean endAtReboot(Host host) {
        return host.day2 && host.infraEnv.byRest();
    }

    static List<HostStage> of(HostRole role, boolean bootstrap, boolean singleNode) {
        return switch (role) {
            case MASTER -> singleNode ? SINGLE_NODE : bootstrap ? BOOTSTRAP : MASTER;
            case ARBITER -> MASTER;
            case WORKER -> WORKER;
            case AUTO_ASSIGN -> List.of();
        };
    }

    /** At Rebooting or beyond: the host does not poll any more. */
    static boolean rebooted(Host host) {
        List<HostStage> stages = of(host);
        return host.progress
                .map(progress -> stages.indexOf(progress.stage()) >= stages.indexOf(REBOOTING))
                .orElse(false);
    }

    /** Whole percent of the installation that is behind a host which reached the stage. */
    static int percentage(List<HostStage> stages, HostStage stage) {
        return (stages.indexOf(stage) + 1) * 100 / stages.size();
    }
}
