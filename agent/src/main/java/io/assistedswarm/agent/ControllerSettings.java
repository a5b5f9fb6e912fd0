package io.assistedswarm.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * The controller's variables (reference, section 5); it has no flags.
 *
 * @param marker of the host it "runs on"
 * @param reportsClusterVersion whether it reports the operator {@code cvo} besides {@code console}
 */
public record ControllerSettings(
        ServiceAddress service,
        String cluster,
        String openshiftVersion,
        boolean reportsClusterVersion,
        Marker marker,
        ClusterHosts clusterHosts,
        Token token) {
    private static final Path TOKEN_FILE = Path.of("/etc/assisted-installer-controller/token");

    /** @throws UsageException with exit code 1 for whatever is missing or wrong */
    public static ControllerSettings of(Map<String, String> environment) throws UsageException {
        String cluster = required(environment, "CLUSTER_ID");
        String url = required(environment, "INVENTORY_URL");
        String version = required(environment, "OPENSHIFT_VERSION");
        DryMode.require(isOn(environment, DryMode.VARIABLE), "controller");
        return new ControllerSettings(
                ServiceAddress.of(
                        url, isOn(environment, "SKIP_CERT_VERIFICATION"), environment.getOrDefault("CA_CERT_PATH", "")),
                cluster,
                version,
                isOn(environment, "CHECK_CLUSTER_VERSION"),
                Marker.ofFile(required(environment, "DRY_FAKE_REBOOT_MARKER_PATH")),
                ClusterHosts.read(environment.getOrDefault("DRY_CLUSTER_HOSTS_PATH", "")),
                token(environment, TOKEN_FILE));
    }

    /** The mounted token wins over the variable. */
    public static Token token(Map<String, String> environment, Path file) throws UsageException {
        if (Files.exists(file)) {
            try {
                return new Token(Files.readString(file));
            } catch (IOException e) {
                throw new UsageException(1, "The token file " + file + " cannot be read: " + e.getMessage());
            }
        }
        return new Token(required(environment, "PULL_SECRET_TOKEN"));
    }

    private static String required(Map<String, String> environment, String name) throws UsageException {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new UsageException(1, "required key " + name + " missing value");
        }
        return value;
    }

    private static boolean isOn(Map<String, String> environment, String name) throws UsageException {
        Boolean truth = Flags.truth(environment.getOrDefault(name, "false"));
        if (truth == null) {
            throw new UsageException(1, name + " is '" + environment.get(name) + "'; give true or false");
        }
        return truth;
    }
}
