package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.ClusterId;
import io.assistedswarm.protocol.Failure;
import io.assistedswarm.protocol.Observations.AgentClusterInstallState;
import io.assistedswarm.protocol.Observations.InfraEnvState;
import io.assistedswarm.protocol.Observations.Unmet;
import io.assistedswarm.protocol.Observations.UserRefused;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What the service says, in a condition of an object, of a pull secret that it refuses (assisted-service,
 * internal/controller/controllers/pullsecret_handler.go, internal/cluster/validations/pull_secret_validation.go, and where
 * internal/bminventory/inventory.go registers clusters and infra-envs). It never takes one that it has refused: an object names the same
 * one for good.
 */
final class PullSecretWords {
    /** The whole pull secret follows. */
    private static final Pattern QUOTING = Pattern.compile("invalid pull secret data in secret [^\\s:]+");

    private static final Pattern REGISTERING = Pattern.compile("pull secret for new (?:cluster|infraEnv) is invalid");

    /** What is wrong with it: the last that is said, whatever was quoted before, and with no brace of that. */
    private static final Pattern VERDICT = Pattern.compile(
            ".*: (pull secret (?:must|token) [^{}]*|failed to authenticate the pull secret token[^{}]*"
                    + "|invalid pull secret: 'auth' [^{}]*)",
            Pattern.DOTALL);

    /** The value is not the text that it should be, and is quoted. */
    private static final Pattern VALUE =
            Pattern.compile("('auth' field of \\S+ is) .* but (should be a string)", Pattern.DOTALL);

    /**
     * Said with {@code AUTH_TYPE=rhsso} only, which by custom resources accepts no pull secret at all: the user whose it must be is the one
     * who has signed on, and nobody has.
     */
    private static final Pattern OF_NOBODY = Pattern.compile(
            "pull secret token does not match current user.*|failed to authenticate the pull secret token.*"
                    + "|pull secret must contain auth for \"cloud\\.openshift\\.com\".*",
            Pattern.DOTALL);

    private PullSecretWords() {}

    /** The message without the pull secret that may be quoted in it. */
    static String redacted(String message) {
        String without = message;
        Matcher quoting = QUOTING.matcher(message);
        if (quoting.find()) {
            without = message.substring(0, quoting.end())
                    + verdict(message.substring(quoting.end()))
                            .map(": "::concat)
                            .orElse(" (more of it is not shown: it quotes the pull secret)");
        }
        return VALUE.matcher(without).replaceAll("$1 (not shown) but $2");
    }

    /** Empty unless it is why there is no InfraEnv of the service yet. */
    static Optional<UserRefused> refused(InfraEnvState infraEnv) {
        return infraEnv.isoDownloadUrl().isEmpty() && infraEnv.eventsUrl().isEmpty()
                ? refused(infraEnv.cluster(), infraEnv.imageMessage())
                : Optional.empty();
    }

    /** Empty unless it is why the cluster is none of the service's, or is not going to be installed. */
    static Optional<UserRefused> refused(AgentClusterInstallState install) {
        return install.infraId().isEmpty()
                ? install.unmet().stream()
                        .map(Unmet::message)
                        .flatMap(message -> refused(install.cluster(), message).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<UserRefused> refused(ClusterId cluster, String message) {
        return Stream.of(QUOTING, REGISTERING)
                        .anyMatch(beginning -> beginning.matcher(message).find())
                ? verdict(message).map(verdict -> new UserRefused(cluster, failure(verdict, redacted(message))))
                : Optional.empty();
    }

    private static Failure failure(String verdict, String message) {
        return OF_NOBODY.matcher(verdict).matches()
                ? new Failure(
                        Failure.Side.PLAN,
                        Failure.UNAUTHORIZED,
                        "with AUTH_TYPE=rhsso the service accepts no pull secret by custom resources; it says: "
                                + message
                                + ". Drive the clusters by REST (api: rest), or choose a service with AUTH_TYPE=local or none.")
                : new Failure(
                        Failure.Side.PLAN,
                        Failure.REQUEST_REFUSED,
                        "the service does not take the pull secret; it says: " + message
                                + ". Correct the pull secret of the service config.");
    }

    private static Optional<String> verdict(String text) {
        Matcher verdict = VERDICT.matcher(text);
        return verdict.matches() ? Optional.of(verdict.group(1)) : Optional.empty();
    }
}
