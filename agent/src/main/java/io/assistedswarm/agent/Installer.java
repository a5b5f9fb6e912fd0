package io.assistedswarm.agent;

import java.io.IOException;
import java.time.Duration;

/** One installation of one host, from Starting installation to the fake reboot (reference, section 4.3). */
public final class Installer {
    private static final Duration POLL = Duration.ofSeconds(5);

    /** What the real installer idles away when the service forgets to switch this off (reference, trap 5). */
    private static final Duration SKIP_MCO_REBOOT = Duration.ofMinutes(20);

    private static final int MASTERS_BEFORE_WORKERS = 2;
    private final InstallerSettings settings;
    private final AssistedService service;
    private final ScaledClock clock;
    private final TextLog log;
    private final Background background;
    private final StageReports stages;

    public Installer(
            InstallerSettings settings,
            AssistedService service,
            ScaledClock clock,
            TextLog log,
            Background background) {
        this.settings = settings;
        this.service = service;
        this.clock = clock;
        this.log = log;
        this.background = background;
        this.stages = new StageReports(service, settings.host(), log);
    }

    /** @return the exit code */
    public int run() throws InterruptedException {
        log.info("Assisted installer started. Configuration is:\n " + InstallerTexts.configuration(settings));
        log.info("Dry configuration is:\n " + InstallerTexts.dryConfiguration(settings));
        if (settings.service().insecure()) {
            log.warning("Certificate verification is turned off. This is not recommended in production environments");
        }
        try {
            install();
            return 0;
        } catch (InstallationException e) {
            log.error(e.getMessage());
            stages.report(Stage.FAILED, e.getMessage());
            return 1;
        }
    }

    private void install() throws InstallationException, InterruptedException {
        log.info("Installing node with role: " + settings.role());
        stages.report(Stage.STARTING_INSTALLATION, settings.role());
        log.info("skipping installation disk cleanup");
        if (settings.isBootstrap()) {
            startBootstrap();
            background.start("configuring", new ConfiguringWatch(settings, service, clock, log));
        }
        stages.report(Stage.INSTALLING, settings.isBootstrap() ? "master" : settings.role());
        if (settings.isSingleNode()) {
            log.info("Installing single node openshift");
            startBootstrap();
            new ControlPlaneWait(settings, service, clock, log, stages).bootkube();
        } else {
            downloadHostIgnition();
        }
        log.info("Writing image and ignition to disk with arguments: " + InstallerTexts.imageArguments(settings));
        ImageWriting.write(stages, clock, log, settings.imageWriting());
        if (settings.role().equals("worker")) {
            waitForMasters();
        }
        if (settings.skipMcoReboot()) {
            clock.sleep(SKIP_MCO_REBOOT);
            log.warning("Continuing installation without skipping MCO reboot");
        }
        if (settings.isBootstrap()) {
            new ControlPlaneWait(settings, service, clock, log, stages).run();
        }
        uploadLogs();
        reboot();
    }

    private void startBootstrap() throws InstallationException, InterruptedException {
        log.info("Running bootstrap");
        String requestId = RequestId.next();
        log.info("Getting bootstrap.ign file", requestId);
        try {
            requireSuccess("bootstrap.ign", service.bootstrapIgnition(settings.cluster(), requestId));
        } catch (IOException e) {
            throw new InstallationException("failed to fetch bootstrap.ign: " + e.getMessage());
        }
        log.info("Done setting up bootstrap");
    }

    private void downloadHostIgnition() throws InstallationException, InterruptedException {
        String requestId = RequestId.next();
        String file = InstallerTexts.ignitionFile(settings);
        log.info("Getting " + file + " file", requestId);
        try {
            requireSuccess(file, service.hostIgnition(settings.host(), requestId));
        } catch (IOException e) {
            throw new InstallationException("failed to fetch " + file + ": " + e.getMessage());
        }
    }

    private static void requireSuccess(String file, ServiceReply reply) throws InstallationException {
        if (!reply.isSuccess()) {
            throw new InstallationException("failed to fetch " + file + ": " + reply.problem());
        }
    }

    private void waitForMasters() throws InterruptedException {
        log.info("Waiting for 2 ready masters");
        stages.report(Stage.WAITING_FOR_CONTROL_PLANE);
        Object cluster = null;
        while (true) {
            try {
                if (cluster == null) {
                    ServiceReply reply = service.cluster(settings.cluster(), false, null);
                    cluster = reply.isSuccess() ? reply.json() : null;
                }
                if (cluster != null && areMastersDone(cluster)) {
                    return;
                }
            } catch (IOException e) {
                log.error("Getting cluster " + settings.cluster() + ": " + e.getMessage());
            }
            clock.sleep(POLL);
        }
    }

    private boolean areMastersDone(Object cluster) throws IOException, InterruptedException {
        if (Json.textAt(cluster, "kind").equals("AddHostsCluster")) {
            return true;
        }
        return done("master") + done("arbiter") >= MASTERS_BEFORE_WORKERS;
    }

    private int done(String role) throws IOException, InterruptedException {
        ServiceReply reply = service.hosts(settings.cluster(), role);
        if (!reply.isSuccess()) {
            throw new IOException("hosts of role " + role + ": " + reply.problem());
        }
        int done = 0;
        for (Object host : Json.listAt(Json.object("hosts", reply.json()), "hosts")) {
            if (Stage.of(host).equals(Stage.DONE)) {
                done++;
            }
        }
        return done;
    }

    private void uploadLogs() throws InterruptedException {
        log.info("Uploading logs and reporting status before rebooting the node "
                + settings.host().host() + " for cluster " + settings.cluster());
        try {
            service.hostLogsProgress(settings.host(), "requested", null);
            new LogSender(service, log).send(settings.cluster(), settings.host());
            log.info("Logs were sent\n");
        } catch (IOException e) {
            log.error("upload installation logs " + e.getMessage());
        }
    }

    private void reboot() throws InstallationException, InterruptedException {
        stages.report(Stage.REBOOTING);
        try {
            settings.marker().make();
        } catch (IOException e) {
            throw new InstallationException("failed to touch fake reboot marker '" + settings.marker() + "': " + e);
        }
    }
}
