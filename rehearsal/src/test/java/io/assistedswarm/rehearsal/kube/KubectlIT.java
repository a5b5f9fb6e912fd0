package io.assistedswarm.rehearsal.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user types who looks into the rehearsal hub. */
class KubectlIT {
    private static final String OBJECTS = """
            apiVersion: v1
            kind: Namespace
            metadata: {name: c-0}
            ---
            apiVersion: extensions.hive.openshift.io/v1beta1
            kind: AgentClusterInstall
            metadata: {name: c-0, namespace: c-0}
            spec:
              clusterDeploymentRef: {name: c-0}
              networking: {serviceNetwork: [172.30.0.0/16]}
              provisionRequirements: {controlPlaneAgents: 1}
            """;
    private static final String HOST = """
            apiVersion: metal3.io/v1alpha1
            kind: BareMetalHost
            metadata: {name: c-0-0, namespace: c-0}
            spec: {online: true}
            """;

    private KubeApiServer server;

    @TempDir
    private Path directory;

    /** @param text both streams */
    private record Output(int code, String text) {
        Output ok() {
            assertThat(code).as(text).isZero();
            return this;
        }
    }

    @BeforeAll
    static void requireKubectl() {
        boolean found = List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, "kubectl")));
        if (!found) {
            System.out.println("KubectlIT is skipped: kubectl is not on the PATH");
        }
        Assumptions.assumeTrue(found, "kubectl is not on the PATH");
    }

    @BeforeEach
    void start() throws Exception {
        server = KubeApiServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), KubeApiSettings.defaults());
        server.writeKubeconfig(directory.resolve("kubeconfig"));
        assertThat(apply(OBJECTS).ok().text())
                .contains("namespace/c-0 serverside-applied", "agentclusterinstall.extensions.hive.openshift.io/c-0");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void listsInstallsOfAllNamespacesInColumns() throws Exception {
        var table =
                kubectl("get", "agentclusterinstall", "-A").ok().text().lines().toList();
        assertThat(table.get(0)).matches("NAMESPACE +NAME +CLUSTER +STATE *");
        assertThat(table.get(1)).matches("c-0 +c-0 +c-0 *");
        assertThat(kubectl("get", "aci", "-n", "c-0", "-o", "name").ok().text())
                .isEqualTo("agentclusterinstall.extensions.hive.openshift.io/c-0\n");
    }

    @Test
    void watchesHostsAsTheyAreAdded() throws Exception {
        var seen = directory.resolve("watch.txt");
        var watch = process(List.of("get", "bmh", "-A", "-w"))
                .redirectOutput(seen.toFile())
                .start();
        try {
            apply(HOST).ok();
            await().atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(Files.readString(seen)).containsPattern("c-0 +c-0-0 .*true"));
        } finally {
            watch.destroy();
            watch.waitFor(10, TimeUnit.SECONDS);
        }
    }

    @Test
    void describesAnObject() throws Exception {
        apply(HOST).ok();
        assertThat(kubectl("describe", "bmh", "c-0-0", "-n", "c-0").ok().text())
                .containsPattern("Name: +c-0-0")
                .containsPattern("Kind: +BareMetalHost")
                .containsPattern("Online: +true");
    }

    @Test
    void refusesAFieldInTheWrongPlace() throws Exception {
        var wrong = HOST.replace("online: true", "online: true, bmc: {address: a, credentialsName: b, sshKey: c}");
        var refused = apply(wrong);
        assertThat(refused.code()).isNotZero();
        assertThat(refused.text()).contains("spec.bmc.sshKey");
    }

    @Test
    void deletesANamespaceWithAllThatIsInIt() throws Exception {
        apply(HOST).ok();
        assertThat(kubectl("delete", "namespace", "c-0").ok().text()).contains("namespace \"c-0\" deleted");
        assertThat(kubectl("get", "bmh", "-A").ok().text()).contains("No resources found");
    }

    private Output apply(String yaml) throws IOException, InterruptedException {
        var file = Files.writeString(directory.resolve("objects.yaml"), yaml);
        return kubectl("apply", "--server-side", "-f", file.toString());
    }

    private Output kubectl(String... arguments) throws IOException, InterruptedException {
        var output = Files.createTempFile(directory, "output", ".txt");
        var process =
                process(List.of(arguments)).redirectOutput(output.toFile()).start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).as("kubectl ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return new Output(process.exitValue(), Files.readString(output));
    }

    private ProcessBuilder process(List<String> arguments) {
        var command = new ArrayList<>(List.of("kubectl"));
        command.addAll(arguments);
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("KUBECONFIG", directory.resolve("kubeconfig").toString());
        // The cache of discovery belongs to the user.
        builder.environment().put("KUBECACHEDIR", directory.resolve("cache").toString());
        return builder;
    }
}
