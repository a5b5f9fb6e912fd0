package io.assistedswarm.agent;

/** Names of the host stages that stand-ins report or look for (reference, section 7.4). */
final class Stage {
    static final String STARTING_INSTALLATION = "Starting installation";
    static final String INSTALLING = "Installing";
    static final String WRITING_IMAGE = "Writing image to disk";
    static final String WAITING_FOR_CONTROL_PLANE = "Waiting for control plane";
    static final String WAITING_FOR_BOOTKUBE = "Waiting for bootkube";
    static final String WAITING_FOR_CONTROLLER = "Waiting for controller";
    static final String REBOOTING = "Rebooting";
    static final String CONFIGURING = "Configuring";
    static final String JOINED = "Joined";
    static final String DONE = "Done";
    static final String FAILED = "Failed";

    private Stage() {}

    static String of(Object host) {
        return Json.textAt(host, "progress", "current_stage");
    }
}
