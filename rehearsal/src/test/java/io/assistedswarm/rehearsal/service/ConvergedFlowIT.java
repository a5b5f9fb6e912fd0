package io.assistedswarm.rehearsal.service;

import static io.assistedswarm.rehearsal.service.TestingCluster.until;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Bare metal by PreprovisioningImages, with the test in place of the operator (reference, cr-lifecycle.md 7.4). */
class ConvergedFlowIT {
    private static TestingHub hub;

    @BeforeAll
    static void startHub() throws IOException {
        hub = TestingHub.start(Map.of("ALLOW_CONVERGED_FLOW", "true"));
    }

    @AfterAll
    static void stopHub() {
        hub.close();
    }

    @Test
    void bootsFromItsPreprovisioningImageAndIsDetachedOnceProvisioned() {
        TestingCluster cluster = new TestingCluster(hub, "conv");
        cluster.user.createCluster(1, 0);
        cluster.user.reportMetal(0, "inspecting");
        createImage(cluster, "x86_64", "iso");
        until(() -> cluster.user
                .condition("PreprovisioningImage", "conv-0", "Ready")
                .startsWith("True InfraEnvAvailable"));
        assertThat(cluster.user.text("PreprovisioningImage", "conv-0", "status", "imageUrl"))
                .isEqualTo(cluster.user.text("InfraEnv", "conv", "status", "isoDownloadURL"));
        until(() -> method(cluster).equals("start_assisted_install"));
        assertThat(cluster.imageUrl(0)).isEmpty();
        cluster.user.reportMetal(0, "available");
        await().during(Duration.ofMillis(300)).until(() -> cluster.imageUrl(0).isEmpty());
        assertThat(detached(cluster)).isFalse();

        cluster.user.reportMetal(0, "provisioned");

        until(() -> detached(cluster));
        TestingAgent agent =
                cluster.bootFrom(0, cluster.user.text("PreprovisioningImage", "conv-0", "status", "imageUrl"));
        cluster.install();
        assertThat(cluster.user.text("Agent", agent.id, "spec", "approved")).isEqualTo("true");

        cluster.user.delete("PreprovisioningImage", "conv-0");
        until(() -> cluster.user.get("PreprovisioningImage", "conv-0") == null);
    }

    @Test
    void refusesAnImageOfAnotherArchitecture() {
        TestingCluster cluster = new TestingCluster(hub, "arch");
        cluster.user.createCluster(1, 0);
        createImage(cluster, "aarch64", "iso");

        until(() -> cluster.user
                .condition("PreprovisioningImage", "arch-0", "Ready")
                .startsWith("False InfraEnvArchMismatch"));
        assertThat(method(cluster)).isEmpty();
    }

    @Test
    void givesNoImageToWhatNoMachineOwns() {
        TestingCluster cluster = new TestingCluster(hub, "stray");
        cluster.user.createCluster(1, 0);
        createImage(cluster, "x86_64", "iso");
        until(() -> method(cluster).equals("start_assisted_install"));

        createImage(cluster, "stray-other", "x86_64", "iso", "");

        await().during(Duration.ofMillis(300))
                .until(() -> cluster.user
                        .text("PreprovisioningImage", "stray-other", "status", "imageUrl")
                        .isEmpty());
    }

    @Test
    void asksForARebootWhenTheImageChangesBeforeTheMachineIsProvisioned() {
        TestingCluster cluster = new TestingCluster(hub, "renewed");
        cluster.user.createCluster(1, 0);
        createImage(cluster, "x86_64", "iso");
        until(() -> method(cluster).equals("start_assisted_install"));
        cluster.user.reportMetal(0, "available");

        cluster.user.patch("InfraEnv", "renewed", "{\"spec\":{\"imageType\":\"minimal-iso\"}}");

        until(() -> "{\"force\": true}"
                .equals(cluster.user
                        .get("BareMetalHost", "renewed-0")
                        .getMetadata()
                        .getAnnotations()
                        .get("reboot.metal3.io")));
    }

    @Test
    void givesKernelAndInitrdToWhoTakesNoIso() {
        TestingCluster cluster = new TestingCluster(hub, "initrd");
        cluster.user.createCluster(1, 0);
        createImage(cluster, "x86_64", "initrd");

        until(() -> cluster.user
                .text("PreprovisioningImage", "initrd-0", "status", "imageUrl")
                .contains("pxe-initrd"));
        assertThat(cluster.user.text("PreprovisioningImage", "initrd-0", "status", "kernelUrl"))
                .contains("boot-artifacts/kernel");
    }

    @Test
    void deploysAgainAfterItWasUnbound() {
        TestingCluster pool = new TestingCluster(hub, "again");
        pool.user.createNamespace();
        pool.user.createInfraEnv("osImageVersion: \"4.18\"");
        pool.user.createHost(0, "master");
        createImage(pool, "x86_64", "iso");
        until(() -> method(pool).equals("start_assisted_install"));
        pool.user.reportMetal(0, "provisioned");
        TestingAgent agent = pool.bootFrom(0, pool.user.text("PreprovisioningImage", "again-0", "status", "imageUrl"));
        pool.pollUntil("known-unbound");
        pool.user.createImageSet();
        pool.user.createDeployment();
        pool.user.createInstall(1, 0, 0, "");
        until(() -> pool.installCondition("SpecSynced").startsWith("True"));
        pool.user.patch(
                "Agent",
                agent.id,
                "{\"spec\":{\"clusterDeploymentName\":{\"name\":\"again\",\"namespace\":\"again\"}}}");
        pool.pollUntil("binding");
        agent.register();
        pool.install();
        until(() -> !pool.id().isEmpty());
        pool.finish();

        pool.user.patch("Agent", agent.id, "{\"spec\":{\"clusterDeploymentName\":null}}");

        until(() -> method(pool).isEmpty() && !detached(pool));
        pool.user.reportMetal(0, "deprovisioning");
        await().during(Duration.ofMillis(200)).until(() -> method(pool).isEmpty());
        pool.user.reportMetal(0, "available");
        until(() -> method(pool).equals("start_assisted_install"));
    }

    private static void createImage(TestingCluster cluster, String architecture, String format) {
        String uid = cluster.user
                .get("BareMetalHost", cluster.name() + "-0")
                .getMetadata()
                .getUid();
        createImage(
                cluster,
                cluster.name() + "-0",
                architecture,
                format,
                "{apiVersion: metal3.io/v1alpha1, kind: BareMetalHost, name: %s-0, uid: %s, controller: true}"
                        .formatted(cluster.name(), uid));
    }

    private static void createImage(
            TestingCluster cluster, String name, String architecture, String format, String owner) {
        cluster.user.load("""
                apiVersion: metal3.io/v1alpha1
                kind: PreprovisioningImage
                metadata:
                  name: %5$s
                  namespace: %1$s
                  labels: {infraenvs.agent-install.openshift.io: %1$s}
                  ownerReferences: [%4$s]
                spec: {architecture: %2$s, acceptFormats: [%3$s]}
                """.formatted(cluster.name(), architecture, format, owner, name));
    }

    private static String method(TestingCluster cluster) {
        return cluster.user.text("BareMetalHost", cluster.name() + "-0", "spec", "customDeploy", "method");
    }

    private static boolean detached(TestingCluster cluster) {
        return cluster.user
                .get("BareMetalHost", cluster.name() + "-0")
                .getMetadata()
                .getAnnotations()
                .containsKey("baremetalhost.metal3.io/detached");
    }
}
