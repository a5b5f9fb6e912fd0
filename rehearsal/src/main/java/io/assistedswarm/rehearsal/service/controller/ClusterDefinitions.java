package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads what a ClusterDeployment and its AgentClusterInstall ask for (reference, cr-lifecycle.md 3 and 4.1). */
final class ClusterDefinitions {
    /** The real service asks the release itself; its tag says the same. */
    private static final Pattern RELEASE_TAG = Pattern.compile(":(\\d+\\.\\d+\\.\\d+[^-/]*)(-[^:/]*)?$");

    private final Hub hub;
    private final PullSecrets pullSecrets;

    ClusterDefinitions(Hub hub, PullSecrets pullSecrets) {
        this.hub = hub;
        this.pullSecrets = pullSecrets;
    }

    /** @throws InvalidInput if something that they name is missing or wrong */
    Cluster cluster(HubObject install, HubObject deployment, Instant now) {
        ObjectKey key = deployment.key();
        String release = releaseImage(install);
        pullSecrets.read(
                new ObjectKey(key.namespace(), deployment.text("spec", "pullSecretRef", "name")), List.of(release));
        int controlPlanes = install.number("spec", "provisionRequirements", "controlPlaneAgents");
        int workers = install.number("spec", "provisionRequirements", "workerAgents");
        boolean singleNode = controlPlanes == 1 && workers == 0;
        if (controlPlanes != 1 && (controlPlanes < 3 || controlPlanes > 5)) {
            throw new InvalidInput("controlPlaneAgents must be 1 or from 3 to 5, not " + controlPlanes);
        }
        String platform = install.text("spec", "platformType");
        boolean userManaged =
                singleNode || platform.equals("None") || install.flag("spec", "networking", "userManagedNetworking");
        String networkType = install.text("spec", "networking", "networkType");
        Cluster.Definition definition = new Cluster.Definition(
                deployment.text("spec", "clusterName"),
                deployment.text("spec", "baseDomain"),
                release,
                version(release),
                controlPlanes,
                workers,
                install.number("spec", "provisionRequirements", "arbiterAgents"),
                userManaged,
                install.objects("spec", "networking", "machineNetwork").stream()
                        .map(network -> String.valueOf(network.get("cidr")))
                        .toList(),
                install.objects("spec", "networking", "clusterNetwork").stream()
                        .map(ClusterDefinitions::clusterNetwork)
                        .toList(),
                install.texts("spec", "networking", "serviceNetwork"),
                networkType.isEmpty() ? "OVNKubernetes" : networkType,
                userManaged ? List.of() : install.texts("spec", "apiVIPs"),
                userManaged ? List.of() : install.texts("spec", "ingressVIPs"),
                install.text("spec", "sshPublicKey"));
        return new Cluster(UUID.randomUUID(), key, definition, now);
    }

    private String releaseImage(HubObject install) {
        String imageSet = install.text("spec", "imageSetRef", "name");
        String release = imageSet.isEmpty()
                ? ""
                : hub.clusterImageSet(imageSet)
                        .map(set -> set.text("spec", "releaseImage"))
                        .orElse("");
        if (release.isEmpty()) {
            throw new InvalidInput(
                    "failed to get imageset: must reference a valid ClusterImageSet, '%s' is none".formatted(imageSet));
        }
        return release;
    }

    private static String version(String release) {
        Matcher tag = RELEASE_TAG.matcher(release);
        if (!tag.find()) {
            throw new InvalidInput("the version of release image %s is not in its tag".formatted(release));
        }
        return tag.group(1);
    }

    private static Cluster.ClusterNetwork clusterNetwork(Map<String, Object> network) {
        int prefix = network.get("hostPrefix") instanceof Number number ? number.intValue() : 23;
        return new Cluster.ClusterNetwork(String.valueOf(network.get("cidr")), prefix);
    }
}
