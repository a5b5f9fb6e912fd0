package io.assistedswarm.rehearsal.service;

import io.assistedswarm.rehearsal.service.auth.Credentials;
import io.assistedswarm.rehearsal.service.auth.NoCredentials;
import io.assistedswarm.rehearsal.service.machine.HardwareRequirements;
import java.time.Clock;
import java.time.Duration;

/**
 * What an operator would configure by the real service's environment.
 *
 * @param url base URL under which agents reach the service, without {@code /api/assisted-install}
 * @param isoBytes length of every discovery image
 * @param authority PEM of what hosts are to trust ({@code SERVICE_CA_CERT_PATH}); empty where they need not check
 * @param credentials what it signs, by its {@code AUTH_TYPE}
 * @param softTimeouts time-outs of an installation are only noted, not failed ({@code org_soft_timeouts_enabled})
 */
public record ServiceSettings(
        String url,
        TimeScale scale,
        long isoBytes,
        Images images,
        ServiceVariables variables,
        boolean softTimeouts,
        Timeouts timeouts,
        String authority,
        Credentials credentials) {

    public static ServiceSettings at(String url, TimeScale scale, long isoBytes) {
        return new ServiceSettings(
                url,
                scale,
                isoBytes,
                Images.DEFAULT,
                ServiceVariables.DEFAULT,
                false,
                Timeouts.DEFAULT,
                "",
                NoCredentials.INSTANCE);
    }

    public ServiceSettings with(ServiceVariables other) {
        return new ServiceSettings(
                url,
                scale,
                isoBytes,
                images,
                other,
                softTimeouts,
                timeouts,
                authority,
                Credentials.of(other.authType(), Credentials.Lives.USUAL.scaled(scale), Clock.systemUTC()));
    }

    /** Signs anew, and tokens that end live as long as is said; {@code IMAGE_EXPIRATION_TIME} is scaled as other limits. */
    public ServiceSettings with(Credentials.Lives lives, Clock clock) {
        return new ServiceSettings(
                url,
                scale,
                isoBytes,
                images,
                variables,
                softTimeouts,
                timeouts,
                authority,
                Credentials.of(variables.authType(), lives.scaled(scale), clock));
    }

    public ServiceSettings with(Timeouts other) {
        return new ServiceSettings(
                url, scale, isoBytes, images, variables, softTimeouts, other, authority, credentials);
    }

    public HardwareRequirements requirements() {
        return variables.requirements();
    }

    public ServiceSettings withSoftTimeouts(boolean soft) {
        return new ServiceSettings(url, scale, isoBytes, images, variables, soft, timeouts, authority, credentials);
    }

    public ServiceSettings withAuthority(String pem) {
        return new ServiceSettings(url, scale, isoBytes, images, variables, softTimeouts, timeouts, pem, credentials);
    }

    /** Base of the image service's URLs. */
    public String imageServiceUrl() {
        return url + "/images";
    }

    public String apiUrl() {
        return url + "/api/assisted-install/v2";
    }

    /** The images that the service announces; nothing here ever pulls them. */
    public record Images(String agent, String installer, String controller) {
        public static final Images DEFAULT = new Images(
                "quay.io/edge-infrastructure/assisted-installer-agent:latest",
                "quay.io/edge-infrastructure/assisted-installer:latest",
                "quay.io/edge-infrastructure/assisted-installer-controller:latest");
    }

    /**
     * Limits in real time, before scaling (reference, dry-run-agent.md 7.4, 10.1 and 10.2).
     *
     * @param bootstrapGrace added to the disconnection limit of the bootstrap host
     * @param imageCooldown how old an InfraEnv's image must be before BareMetalHosts get it
     * @param leaderLease how long the lease of a service that was restarted still keeps its successor from writing to objects
     */
    public record Timeouts(
            Duration hostMonitor,
            Duration clusterMonitor,
            Duration disconnection,
            Duration bootstrapGrace,
            Duration hostPreparation,
            Duration clusterPreparation,
            Duration installationStart,
            Duration installation,
            Duration finalizing,
            Duration imageCooldown,
            Duration leaderLease) {
        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(8),
                Duration.ofSeconds(10),
                Duration.ofMinutes(3),
                Duration.ofMinutes(2),
                Duration.ofMinutes(8),
                Duration.ofMinutes(10),
                Duration.ofMinutes(20),
                Duration.ofHours(24),
                Duration.ofHours(5),
                Duration.ofSeconds(60),
                Duration.ofSeconds(18));
    }
}
