package io.assistedswarm.rehearsal.service.model;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** A stage of a host's installation, with the time it may last (reference, dry-run-agent.md 7.4). */
public enum HostStage {
    STARTING_INSTALLATION("Starting installation", Duration.ofMinutes(30)),
    WAITING_FOR_CONTROL_PLANE("Waiting for control plane", Duration.ofMinutes(60)),
    WAITING_FOR_BOOTKUBE("Waiting for bootkube", Duration.ofMinutes(60)),
    WAITING_FOR_CONTROLLER("Waiting for controller", Duration.ofMinutes(60)),
    INSTALLING("Installing", Duration.ofMinutes(60)),
    WRITING_IMAGE_TO_DISK("Writing image to disk", Duration.ofMinutes(30)),
    COPYING_REGISTRY_DATA_TO_DISK("Copying registry data to disk", Duration.ofMinutes(90)),
    REBOOTING("Rebooting", Duration.ofMinutes(40)),
    WAITING_FOR_IGNITION("Waiting for ignition", Duration.ofHours(24)),
    CONFIGURING("Configuring", Duration.ofMinutes(60)),
    JOINED("Joined", Duration.ofMinutes(60)),
    DONE("Done", Duration.ofMinutes(60)),
    FAILED("Failed", Duration.ofMinutes(60));

    private static final Duration SINGLE_NODE_REBOOT = Duration.ofMinutes(80);
    private final String wireName;
    private final Duration limit;

    HostStage(String wireName, Duration limit) {
        this.wireName = wireName;
        this.limit = limit;
    }

    public String wireName() {
        return wireName;
    }

    /** Longest time in this stage, real time. */
    public Duration limit(boolean singleNode) {
        return this == REBOOTING && singleNode ? SINGLE_NODE_REBOOT : limit;
    }

    public static Optional<HostStage> parse(String text) {
        return Arrays.stream(values())
                .filter(stage -> stage.wireName.equals(text))
                .findFirst();
    }
}
