package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.machine.Cidr;
import io.assistedswarm.rehearsal.service.machine.Releases;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** Reads what a ClusterDeployment and its AgentClusterInstall ask for (reference, cr-lifecycle.md 3 and 4.1). */
final class ClusterDefinitions {
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
        readPullSecret(deployment, release);
        int controlPlanes = install.number("spec", "provisionRequirements", "controlPlaneAgents");
        int workers = install.number("spec", "provisionRequirements", "workerAgents");
        int arbiters = install.number("spec", "provisionRequirements", "arbiterAgents");
        requireShape(controlPlanes, arbiters);
        boolean userManaged = userManaged(install);
        String networkType = install.text("spec", "networking", "networkType");
        Cluster.Definition definition = new Cluster.Definition(
                deployment.text("spec", "clusterName"),
                deployment.text("spec", "baseDomain"),
                release,
                version(release),
                controlPlanes,
                workers,
                arbiters,
                userManaged,
                install.objects("spec", "networking", "machineNetwork").stream()
                        .map(network -> String.valueOf(network.get("cidr")))
                        .toList(),
                install.objects("spec", "networking", "clusterNetwork").stream()
                        .map(ClusterDefinitions::clusterNetwork)
                        .toList(),
                install.texts("spec", "networking", "serviceNetwork"),
                networkType.isEmpty() ? "OVNKubernetes" : networkType,
                install.texts("spec", "apiVIPs"),
                install.texts("spec", "ingressVIPs"),
                install.text("spec", "sshPublicKey"));
        return new Cluster(UUID.randomUUID(), key, definition, now);
    }

    private void readPullSecret(HubObject deployment, String release) {
        ObjectKey key = deployment.key();
        try {
            pullSecrets.read(
                    new ObjectKey(key.namespace(), deployment.text("spec", "pullSecretRef", "name")), List.of(release));
        } catch (InvalidInput e) {
            throw e.isTakenForItsOwn()
                    ? e.about("failed to validate pull secret for ClusterDeployment %s/%s"
                            .formatted(key.name(), key.namespace()))
                    : e;
        }
    }

    /** An arbiter stands in for the third control plane; the one without stands for all. */
    private static void requireShape(int controlPlanes, int arbiters) {
        Set<Integer> allowed = arbiters > 0 ? Set.of(2, 3, 4, 5) : Set.of(1, 3, 4, 5);
        if (!allowed.contains(controlPlanes)) {
            throw new InvalidInput(
                    arbiters > 0
                            ? "controlPlaneAgents must be from 2 to 5 beside arbiterAgents, not " + controlPlanes
                            : "controlPlaneAgents must be 1 or from 3 to 5, not " + controlPlanes);
        }
    }

    private static boolean userManaged(HubObject install) {
        boolean singleNode = install.number("spec", "provisionRequirements", "controlPlaneAgents") == 1
                && install.number("spec", "provisionRequirements", "workerAgents") == 0;
        return singleNode
                || install.text("spec", "platformType").equals("None")
                || install.flag("spec", "networking", "userManagedNetworking");
    }

    /**
     * What may change until the installation starts.
     *
     * @throws InvalidInput if something cannot be read or does not fit the platform
     */
    Cluster.Wishes wishes(HubObject install, HubObject deployment) {
        boolean held = install.flag("spec", "holdInstallation")
                || deployment
                        .annotations()
                        .getOrDefault(Names.RECONCILE_PAUSE, "")
                        .equals("true");
        return new Cluster.Wishes(
                held,
                install.flag("spec", "mastersSchedulable"),
                vips(install, "API", "apiVIP"),
                vips(install, "Ingress", "ingressVIP"),
                Set.copyOf(annotatedList(install, "ignored-host-validations")),
                Set.copyOf(annotatedList(install, "ignored-cluster-validations")),
                UserJson.object(
                        "annotation install-config-overrides",
                        install.annotations().getOrDefault(Names.INSTALL_ANNOTATION + "install-config-overrides", "")));
    }

    private static List<String> annotatedList(HubObject install, String name) {
        return UserJson.texts(
                "annotation " + name, install.annotations().getOrDefault(Names.INSTALL_ANNOTATION + name, ""));
    }

    /** The list, or the single one of old. */
    private static List<String> vips(HubObject install, String what, String field) {
        List<String> vips = install.texts("spec", field + "s");
        String single = install.text("spec", field);
        if (!single.isEmpty() && !vips.isEmpty() && !vips.getFirst().equals(single)) {
            throw new InvalidInput(
                    "%s is %s, but the first of %ss is %s".formatted(field, single, field, vips.getFirst()));
        }
        List<String> given = vips.isEmpty() && !single.isEmpty() ? List.of(single) : vips;
        if (!given.isEmpty() && userManaged(install)) {
            throw new InvalidInput("%s VIP cannot be set with User Managed Networking".formatted(what));
        }
        given.stream().filter(vip -> !Cidr.isAddress(vip)).findFirst().ifPresent(vip -> {
            throw new InvalidInput("%s VIP %s is no IP address".formatted(what, vip));
        });
        return given;
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
        return Releases.at(release)
                .map(Releases.Release::version)
                .orElseThrow(
                        () -> new InvalidInput("the version of release image %s is not in its tag".formatted(release)));
    }

    private static Cluster.ClusterNetwork clusterNetwork(Map<String, Object> network) {
        int prefix = network.get("hostPrefix") instanceof Number number ? number.intValue() : 23;
        return new Cluster.ClusterNetwork(String.valueOf(network.get("cidr")), prefix);
    }
}
