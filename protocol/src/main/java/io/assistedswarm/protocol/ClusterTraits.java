package io.assistedswarm.protocol;

import java.util.List;
import java.util.Map;

/**
 * What a plan may want of a cluster beyond its control planes and workers; {@link #PLAIN} wants nothing.
 *
 * @param arbiters number of hosts with role arbiter
 * @param day2Workers hosts that are created only when the cluster is installed, and then join it
 * @param lateBinding the InfraEnv names no cluster: hosts are discovered first, and then bound to the cluster by the swarm
 * @param apiVips addresses instead of {@link Identity#API_VIP}; empty for that one
 * @param ingressVips addresses instead of {@link Identity#INGRESS_VIP}; empty for that one
 * @param osImageVersion of an InfraEnv without a cluster reference, for example {@code 4.18}; empty leaves it to the service
 * @param agentLabels copied by the service to each Agent
 * @param annotations of the AgentClusterInstall
 * @param hostAnnotations of each BareMetalHost; the values are Mustache templates with {@code host} and {@code cluster.name}
 * @param extraManifests names of files in {@link Manifests#extra()} that the cluster is installed with
 * @param downloads what the cluster's user fetches at its end; null, as in what earlier versions recorded, for nothing
 */
public record ClusterTraits(
        int arbiters,
        int day2Workers,
        boolean lateBinding,
        Hold hold,
        Platform platform,
        Networking networking,
        List<String> apiVips,
        List<String> ingressVips,
        String osImageVersion,
        Map<String, String> agentLabels,
        Map<String, String> annotations,
        Map<String, String> hostAnnotations,
        List<String> extraManifests,
        List<Download> downloads) {

    public static final ClusterTraits PLAIN = new ClusterTraits(
            0,
            0,
            false,
            Hold.NONE,
            Platform.UNSAID,
            Networking.UNSAID,
            List.of(),
            List.of(),
            "",
            Map.of(),
            Map.of(),
            Map.of(),
            List.of());

    /** Whether the installation is held when the cluster is ready ({@code spec.holdInstallation}), and who lets it go. */
    public enum Hold {
        NONE,
        /** The user does, by {@code swarm release} or at the AgentClusterInstall itself. */
        UNTIL_RELEASED,
        /** The swarm does, as soon as every cluster of it that is held so is ready or has failed. */
        UNTIL_ALL_READY
    }

    /** {@code spec.platformType} of the AgentClusterInstall. */
    public enum Platform {
        /** Not written: the service chooses by the number of control planes. */
        UNSAID(""),
        BAREMETAL("BareMetal"),
        NONE("None");

        private final String wireName;

        Platform(String wireName) {
            this.wireName = wireName;
        }

        /** As the service spells it. */
        public String wireName() {
            return wireName;
        }
    }

    /** {@code spec.networking.userManagedNetworking} of the AgentClusterInstall. */
    public enum Networking {
        /** Not written: the service chooses by the platform. */
        UNSAID(""),
        CLUSTER_MANAGED("false"),
        USER_MANAGED("true");

        private final String wireName;

        Networking(String wireName) {
            this.wireName = wireName;
        }

        /** As the service spells it. */
        public String wireName() {
            return wireName;
        }
    }

    public ClusterTraits {
        apiVips = List.copyOf(apiVips);
        ingressVips = List.copyOf(ingressVips);
        agentLabels = Map.copyOf(agentLabels);
        annotations = Map.copyOf(annotations);
        hostAnnotations = Map.copyOf(hostAnnotations);
        extraManifests = List.copyOf(extraManifests);
        downloads = downloads == null ? List.of() : List.copyOf(downloads);
    }

    /** Of a cluster that nothing is fetched of. */
    public ClusterTraits(
            int arbiters,
            int day2Workers,
            boolean lateBinding,
            Hold hold,
            Platform platform,
            Networking networking,
            List<String> apiVips,
            List<String> ingressVips,
            String osImageVersion,
            Map<String, String> agentLabels,
            Map<String, String> annotations,
            Map<String, String> hostAnnotations,
            List<String> extraManifests) {
        this(
                arbiters,
                day2Workers,
                lateBinding,
                hold,
                platform,
                networking,
                apiVips,
                ingressVips,
                osImageVersion,
                agentLabels,
                annotations,
                hostAnnotations,
                extraManifests,
                List.of());
    }

    /** Whether somebody else than the cluster cares for its VIPs: so it is on platform none, whatever else is said. */
    public boolean userManagedNetworking() {
        return networking == Networking.USER_MANAGED || platform == Platform.NONE;
    }

    public ClusterTraits withHosts(int otherArbiters, int otherDay2Workers) {
        return new ClusterTraits(
                otherArbiters,
                otherDay2Workers,
                lateBinding,
                hold,
                platform,
                networking,
                apiVips,
                ingressVips,
                osImageVersion,
                agentLabels,
                annotations,
                hostAnnotations,
                extraManifests,
                downloads);
    }

    public ClusterTraits withHold(Hold other) {
        return new ClusterTraits(
                arbiters,
                day2Workers,
                lateBinding,
                other,
                platform,
                networking,
                apiVips,
                ingressVips,
                osImageVersion,
                agentLabels,
                annotations,
                hostAnnotations,
                extraManifests,
                downloads);
    }

    public ClusterTraits withDownloads(List<Download> other) {
        return new ClusterTraits(
                arbiters,
                day2Workers,
                lateBinding,
                hold,
                platform,
                networking,
                apiVips,
                ingressVips,
                osImageVersion,
                agentLabels,
                annotations,
                hostAnnotations,
                extraManifests,
                other);
    }
}
