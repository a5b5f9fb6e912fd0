package io.assistedswarm.rehearsal.kube;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The bearer token that clients find in the kubeconfig. Nobody is asked for it until one has expired: from then on only the current
 * one is accepted, and that of the hub's own service.
 */
public final class AccessTokens {
    private static final int BYTES = 16;
    private final String ofService = draw();
    private String current = draw();
    private boolean asked;

    /** For the kubeconfig. */
    public synchronized String current() {
        return current;
    }

    /** Never expires. */
    public String ofService() {
        return ofService;
    }

    /** Everybody but the service is refused until he has read the new token. */
    public synchronized void expire() {
        asked = true;
        current = draw();
    }

    /** @param authorization header of a request; may be empty */
    synchronized boolean accept(String authorization) {
        return !asked || authorization.equals("Bearer " + current) || authorization.equals("Bearer " + ofService);
    }

    private static String draw() {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
