package io.assistedswarm.protocol;

import java.util.Arrays;
import java.util.Optional;

/** By which of the service's two user interfaces a cluster is driven. */
public enum ClusterApi {
    /** By custom resources in the Kubernetes API of the hub. */
    KUBE_API("kube-api"),
    /** By the user side of the service's own REST API v2, without any Kubernetes. */
    REST("rest");

    private final String label;

    ClusterApi(String label) {
        this.label = label;
    }

    /** As a plan writes it. */
    public String label() {
        return label;
    }

    public static Optional<ClusterApi> ofLabel(String label) {
        return Arrays.stream(values()).filter(api -> api.label.equals(label)).findFirst();
    }
}
