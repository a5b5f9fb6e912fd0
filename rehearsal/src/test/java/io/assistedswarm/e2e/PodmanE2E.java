package io.assistedswarm.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.e2e.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The podman runtime as a user without a registry has it, with real podman and stand-ins in the images. */
@EnabledIfEnvironmentVariable(
        named = "SWARM_CONTAINERS",
        matches = "true",
        disabledReason = "takes a minute, root and unshare: set SWARM_CONTAINERS=true")
@Execution(ExecutionMode.CONCURRENT)
class PodmanE2E {
    @TempDir
    static Path folder;

    private static OwnMachineSwarm swarm;
    private static TestingImageStore images;

    @BeforeAll
    static void startAll() throws IOException {
        OwnMachine machine = OwnMachine.in(folder);
        images = TestingImageStore.make(folder, machine);
        List<String> worker = new ArrayList<>(machine.command());
        worker.addAll(List.of("env", "CONTAINERS_CONF=" + images.configuration()));
        swarm = OwnMachineSwarm.start(folder, worker);
    }

    @AfterAll
    static void stopAll() {
        if (swarm != null) {
            swarm.close();
        }
    }

    @Test
    void aSingleNodeAndThreeControlPlanesAreInstalledInContainersOfWhichNothingIsLeft() throws IOException {
        swarm.install("contained", writeServiceConfig(TestingImageStore.AGENT));
        assertThat(swarm.launcher().run("logs", "contained-0-0").out()).contains("agent of contained-0-0");
        assertThat(swarm.hosts("contained")
                        .filter(host -> host.path("standInInstaller").asBoolean())
                        .map(host -> host.path("cluster").asText()))
                .containsExactly("contained-1");
        assertThat(swarm.launcher().run("report", "contained").out())
                .contains("podman, stand-in installer on multi-node bootstraps", "1 of these hosts had a stand-in");

        assertThat(swarm.deleteWithoutAnythingLeft("contained"))
                .containsPattern("container store +created 6, deleted 6, left 0")
                .containsPattern("process +created 6, deleted 6, left 0")
                .containsPattern("mount +created \\d+, deleted \\d+, left 0");
        assertThat(swarm.launcher().processesWith("conmon")).isEmpty();
        assertThat(folder.resolve("w1/.containers/contained")).doesNotExist();
        assertThat(images.path().resolve("graphroot")).isDirectory();
    }

    @Test
    void anImageThatCannotBeUsedIsSaidInOneLineAtOnceAndNothingIsCreated() throws IOException {
        Outcome submit =
                swarm.submit("wrong", writeServiceConfig("localhost/AGENT:1"), "  clusters: [{singleNode: true}]\n");
        assertThat(submit.exitCode()).as(submit.out() + submit.err()).isEqualTo(3);
        assertThat(swarm.launcher().run("report", "wrong").out())
                .contains("worker w1 did not open the swarm: image 'localhost/AGENT:1' cannot be pulled: ");
        assertThat(swarm.launcher().run("describe", "swarm", "wrong").out())
                .containsPattern("ClusterImageSet +created 1, deleted 1, left 0");
        assertThat(swarm.launcher().run("delete", "wrong").out())
                .containsPattern("InfraEnv +created 0, deleted 0, left 0")
                .containsPattern("Namespace +created 0, deleted 0, left 0");
    }

    private static Path writeServiceConfig(String agent) throws IOException {
        ObjectNode config = swarm.serviceConfig();
        ObjectNode runtime = config.objectNode();
        runtime.put("imageStore", images.path().toString());
        runtime.put("bootstrapInstaller", TestingImageStore.INSTALLER);
        runtime.putObject("environment").put("REHEARSAL_TIME_SCALE", "20");
        runtime.putObject("images")
                .put("agent", agent)
                .put("installer", TestingImageStore.INSTALLER)
                .put("controller", TestingImageStore.CONTROLLER);
        return swarm.write(agent.replaceAll("\\W", "-") + ".json", config, "podman", runtime);
    }
}
