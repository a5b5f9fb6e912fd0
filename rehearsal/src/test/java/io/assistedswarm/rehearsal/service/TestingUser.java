package io.assistedswarm.rehearsal.service;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FieldValidateable;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Who writes a cluster's objects and plays its bare metal, in place of a swarm. */
final class TestingUser {
    private final KubernetesClient client;
    private final String name;

    TestingUser(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** All objects of a cluster with early binding, its hosts masters first. */
    void createCluster(int controlPlanes, int workers) {
        createCluster(controlPlanes, workers, 0, "");
    }

    /** @param moreOfInstall further lines of the AgentClusterInstall's spec */
    void createCluster(int controlPlanes, int workers, int arbiters, String moreOfInstall) {
        createNamespace();
        createImageSet();
        createDeployment();
        createInstall(controlPlanes, workers, arbiters, network(controlPlanes, moreOfInstall));
        createInfraEnv("clusterRef: {name: %1$s, namespace: %1$s}".formatted(name));
        for (int i = 0; i < controlPlanes + arbiters + workers; i++) {
            createHost(i, i < controlPlanes ? "master" : i < controlPlanes + arbiters ? "arbiter" : "worker");
        }
    }

    private static String network(int controlPlanes, String more) {
        return controlPlanes == 1 || more.contains("machineNetwork")
                ? more
                : "apiVIPs: [10.123.255.253]\n  ingressVIPs: [10.123.255.254]\n  " + more;
    }

    void createNamespace() {
        createNamespace("quay.io");
    }

    /** With a pull secret for one registry. */
    void createNamespace(String registry) {
        String auths = "{\"auths\":{\"" + registry + "\":{\"auth\":\""
                + Base64.getEncoder().encodeToString("a:b".getBytes(StandardCharsets.UTF_8)) + "\"}}}";
        load("""
                apiVersion: v1
                kind: Namespace
                metadata: {name: %1$s}
                ---
                apiVersion: v1
                kind: Secret
                type: kubernetes.io/dockerconfigjson
                metadata: {name: %1$s-pull, namespace: %1$s}
                stringData: {.dockerconfigjson: '%2$s'}
                """.formatted(name, auths));
    }

    void createImageSet() {
        load("""
                apiVersion: hive.openshift.io/v1
                kind: ClusterImageSet
                metadata: {name: %1$s}
                spec: {releaseImage: "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64"}
                """.formatted(name));
    }

    void createDeployment() {
        load("""
                apiVersion: hive.openshift.io/v1
                kind: ClusterDeployment
                metadata: {name: %1$s, namespace: %1$s}
                spec:
                  baseDomain: example.com
                  clusterName: %1$s
                  clusterInstallRef: {group: extensions.hive.openshift.io, kind: AgentClusterInstall, version: v1beta1, name: %1$s}
                  platform: {agentBareMetal: {agentSelector: {}}}
                  pullSecretRef: {name: %1$s-pull}
                  controlPlaneConfig: {servingCertificates: {}}
                """.formatted(name));
    }

    /** @param more further lines of the spec; a single control plane gets the machine network that it needs */
    void createInstall(int controlPlanes, int workers, int arbiters, String more) {
        boolean singleNode = controlPlanes == 1 && !more.contains("machineNetwork");
        load("""
                apiVersion: extensions.hive.openshift.io/v1beta1
                kind: AgentClusterInstall
                metadata: {name: %1$s, namespace: %1$s}
                spec:
                  clusterDeploymentRef: {name: %1$s}
                  imageSetRef: {name: %1$s}
                  provisionRequirements: {controlPlaneAgents: %2$d, workerAgents: %3$d, arbiterAgents: %4$d}
                  sshPublicKey: ssh
                  networking:
                    clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]
                    serviceNetwork: [172.30.0.0/16]
                %5$s  %6$s
                """.formatted(
                        name,
                        controlPlanes,
                        workers,
                        arbiters,
                        singleNode ? "    machineNetwork: [{cidr: 10.123.0.0/16}]\n" : "",
                        more));
    }

    /** @param more further lines of the spec */
    void createInfraEnv(String more) {
        load("""
                apiVersion: agent-install.openshift.io/v1beta1
                kind: InfraEnv
                metadata: {name: %1$s, namespace: %1$s}
                spec:
                  pullSecretRef: {name: %1$s-pull}
                  sshAuthorizedKey: ssh
                  %2$s
                """.formatted(name, more));
    }

    void createHost(int index, String role) {
        createHost(index, "bmac.agent-install.openshift.io/role: " + role, "");
    }

    /**
     * @param annotations in YAML's flow style, comma-separated
     * @param moreOfSpec further lines of the spec
     */
    void createHost(int index, String annotations, String moreOfSpec) {
        load("""
                apiVersion: metal3.io/v1alpha1
                kind: BareMetalHost
                metadata:
                  name: %1$s-%2$d
                  namespace: %1$s
                  labels: {infraenvs.agent-install.openshift.io: %1$s}
                  annotations: {%3$s}
                spec:
                  online: true
                  bootMACAddress: "02:00:00:00:00:%2$02x"
                  bmc: {address: swarm, credentialsName: none}
                  %4$s
                """.formatted(name, index, annotations, moreOfSpec));
    }

    /** Writes the status as the reference has it. */
    void reportMetal(int index, String provisioningState) {
        object("BareMetalHost", "metal3.io/v1alpha1", name + "-" + index)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), """
                        {"status":{"errorCount":0,"errorMessage":"","hardwareProfile":"","operationalStatus":"discovered",
                         "poweredOn":true,"goodCredentials":{},"provisioning":{"ID":"","state":"%s","image":{"url":""}}}}
                        """.formatted(provisioningState));
    }

    GenericKubernetesResource get(String kind, String objectName) {
        return object(kind, apiVersion(kind), objectName).get();
    }

    List<GenericKubernetesResource> agents() {
        return client.genericKubernetesResources("agent-install.openshift.io/v1beta1", "Agent")
                .inNamespace(name)
                .list()
                .getItems();
    }

    void deleteNamespace() {
        client.namespaces().withName(name).delete();
    }

    boolean gone() {
        return client.namespaces().withName(name).get() == null;
    }

    private Resource<GenericKubernetesResource> object(String kind, String apiVersion, String objectName) {
        return client.genericKubernetesResources(apiVersion, kind)
                .inNamespace(name)
                .withName(objectName);
    }

    private static String apiVersion(String kind) {
        return switch (kind) {
            case "AgentClusterInstall" -> "extensions.hive.openshift.io/v1beta1";
            case "ClusterDeployment" -> "hive.openshift.io/v1";
            case "BareMetalHost", "PreprovisioningImage" -> "metal3.io/v1alpha1";
            default -> "agent-install.openshift.io/v1beta1";
        };
    }

    /** A merge patch. */
    void patch(String kind, String objectName, String json) {
        object(kind, apiVersion(kind), objectName).patch(PatchContext.of(PatchType.JSON_MERGE), json);
    }

    void delete(String kind, String objectName) {
        object(kind, apiVersion(kind), objectName).delete();
    }

    /** Text at a path; empty where there is nothing. */
    String text(String kind, String objectName, Object... path) {
        GenericKubernetesResource object = get(kind, objectName);
        Object value = object == null ? null : object.get(path);
        return value == null ? "" : value.toString();
    }

    /** Status, reason and message of a condition; empty if it is not there. */
    String condition(String kind, String objectName, String type) {
        GenericKubernetesResource object = get(kind, objectName);
        List<Map<String, Object>> conditions = object.get("status", "conditions");
        return conditions == null
                ? ""
                : conditions.stream()
                        .filter(condition -> type.equals(condition.get("type")))
                        .map(condition -> "%s %s %s"
                                .formatted(
                                        condition.get("status"),
                                        condition.get("reason"),
                                        condition.getOrDefault("message", "")))
                        .findFirst()
                        .orElse("");
    }

    void load(String yaml) {
        for (HasMetadata item : client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            // As kubectl does: what the API does not know is refused.
            client.resource(item)
                    .fieldValidation(FieldValidateable.Validation.STRICT)
                    .create();
        }
    }
}
