package io.assistedswarm.rehearsal.service;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/** Who writes a cluster's objects and plays its bare metal, in place of a swarm. */
final class TestingUser {
    private final KubernetesClient client;
    private final String name;

    TestingUser(KubernetesClient client, String name) {
        this.client = client;
        this.name = name;
    }

    void createCluster(int controlPlanes, int workers) {
        boolean singleNode = controlPlanes == 1;
        String auths = "{\"auths\":{\"quay.io\":{\"auth\":\""
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
                ---
                apiVersion: hive.openshift.io/v1
                kind: ClusterImageSet
                metadata: {name: %1$s}
                spec: {releaseImage: "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64"}
                ---
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
                ---
                apiVersion: extensions.hive.openshift.io/v1beta1
                kind: AgentClusterInstall
                metadata: {name: %1$s, namespace: %1$s}
                spec:
                  clusterDeploymentRef: {name: %1$s}
                  imageSetRef: {name: %1$s}
                  networking:
                    clusterNetwork: [{cidr: 10.128.0.0/14, hostPrefix: 23}]
                    serviceNetwork: [172.30.0.0/16]
                    %3$s
                  %4$s
                  provisionRequirements: {controlPlaneAgents: %5$d, workerAgents: %6$d}
                  sshPublicKey: ssh
                """.formatted(
                        name,
                        auths,
                        singleNode ? "machineNetwork: [{cidr: 10.123.0.0/16}]" : "",
                        singleNode ? "" : "apiVIPs: [10.123.255.253]\n  ingressVIPs: [10.123.255.254]",
                        controlPlanes,
                        workers));
        load("""
                apiVersion: agent-install.openshift.io/v1beta1
                kind: InfraEnv
                metadata: {name: %1$s, namespace: %1$s}
                spec:
                  pullSecretRef: {name: %1$s-pull}
                  clusterRef: {name: %1$s, namespace: %1$s}
                  sshAuthorizedKey: ssh
                """.formatted(name));
        for (int i = 0; i < controlPlanes + workers; i++) {
            createHost(i, i < controlPlanes ? "master" : "worker");
        }
    }

    void createHost(int index, String role) {
        load("""
                apiVersion: metal3.io/v1alpha1
                kind: BareMetalHost
                metadata:
                  name: %1$s-%2$d
                  namespace: %1$s
                  labels: {infraenvs.agent-install.openshift.io: %1$s}
                  annotations: {bmac.agent-install.openshift.io/role: %3$s}
                spec:
                  online: true
                  bootMACAddress: "02:00:00:00:00:%2$02x"
                  bmc: {address: swarm, credentialsName: none}
                """.formatted(name, index, role));
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
            case "BareMetalHost" -> "metal3.io/v1alpha1";
            default -> "agent-install.openshift.io/v1beta1";
        };
    }

    private void load(String yaml) {
        for (HasMetadata item : client.load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                .items()) {
            client.resource(item).create();
        }
    }
}
