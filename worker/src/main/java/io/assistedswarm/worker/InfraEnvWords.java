package io.assistedswarm.worker;

import io.assistedswarm.protocol.Observations.InfraEnvState;

/** What is said of an infra-env by the name that its user knows: that of its custom resource, or, by the REST API, infra-env. */
public final class InfraEnvWords {
    private InfraEnvWords() {}

    /** @param byHand it was made by the REST API */
    public static String of(InfraEnvState infraEnv, boolean byHand) {
        boolean offered = !infraEnv.isoDownloadUrl().isEmpty();
        return (byHand
                        ? "infra-env " + (offered ? "with its image" : "without an image")
                        : "InfraEnv " + (offered ? "with its ISO" : "without an ISO"))
                + (infraEnv.imageMessage().isEmpty() ? "" : ": " + infraEnv.imageMessage());
    }

    /** Without that no agent can be started, and no controller. */
    public static String idAwaited(boolean byHand) {
        return byHand ? "an infra-env with an address that tells its id" : "an InfraEnv status whose URLs tell its id";
    }
}
