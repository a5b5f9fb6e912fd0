package io.assistedswarm.protocol;

import java.util.List;

/**
 * The YAML templates (Mustache) that a swarm's objects are made from; a file may hold several documents.
 *
 * @param swarm applied once per swarm, before its first cluster (the ClusterImageSet)
 * @param cluster applied in this order for each cluster with an installation
 * @param infraEnv applied in this order for each InfraEnv without a cluster
 * @param host applied for each host once its InfraEnv has an ISO (BMC secret, BareMetalHost)
 * @param extra the user's own manifests that clusters are installed with, named as in the plan; no templates: they are
 *     handed on as they are. Null, as in what earlier versions recorded, for none
 */
public record Manifests(
        List<Template> swarm,
        List<Template> cluster,
        List<Template> infraEnv,
        List<Template> host,
        List<Template> extra) {
    public Manifests {
        extra = extra == null ? List.of() : List.copyOf(extra);
        swarm = List.copyOf(swarm);
        cluster = List.copyOf(cluster);
        infraEnv = List.copyOf(infraEnv);
        host = List.copyOf(host);
    }

    public Manifests(List<Template> swarm, List<Template> cluster, List<Template> infraEnv, List<Template> host) {
        this(swarm, cluster, infraEnv, host, List.of());
    }

    public Manifests withExtra(List<Template> files) {
        return new Manifests(swarm, cluster, infraEnv, host, files);
    }

    /**
     * The user's own manifests that a cluster is installed with.
     *
     * @throws IllegalArgumentException naming one that is not there
     */
    public List<Template> extraOf(ClusterSpec cluster) {
        return cluster.traits().extraManifests().stream()
                .map(name -> extra.stream()
                        .filter(file -> file.name().equals(name))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException(
                                "the plan names the manifest '" + name + "', which was not sent with it")))
                .toList();
    }

    /** @param name file name, for errors */
    public record Template(String name, String text) {
        /** Without folders. */
        public String fileName() {
            return name.substring(name.lastIndexOf('/') + 1);
        }
    }
}
