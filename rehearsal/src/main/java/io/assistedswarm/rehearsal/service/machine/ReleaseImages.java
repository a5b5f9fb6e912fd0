package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.model.Cluster;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Images that the real service reads from the release's metadata; here their digests follow from the release's name. */
public final class ReleaseImages {
    private ReleaseImages() {}

    /** The host part of an image's name. */
    public static String registry(String image) {
        int slash = image.indexOf('/');
        return slash < 0 ? image : image.substring(0, slash);
    }

    static String machineConfigOperator(Cluster cluster) {
        return component(cluster, "machine-config-operator");
    }

    static String mustGather(Cluster cluster) {
        return component(cluster, "must-gather");
    }

    private static String component(Cluster cluster, String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((cluster.definition.releaseImage() + " " + name).getBytes(StandardCharsets.UTF_8));
            return "quay.io/openshift-release-dev/ocp-v4.0-art-dev@sha256:"
                    + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
