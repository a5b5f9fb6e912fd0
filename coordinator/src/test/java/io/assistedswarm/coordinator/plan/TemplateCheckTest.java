package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.Manifests;
import io.assistedswarm.protocol.RuntimeSpec.Exec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TemplateCheckTest {
    private static final Path SHIPPED = Path.of("../conf/manifests");

    @TempDir
    Path folder;

    @Test
    void theShippedManifestsAndTheStandardRuntimeRenderForEveryShape() {
        assertThat(check(SHIPPED, new ServiceConfig(Samples.submission().service(), RuntimeFile.standard())))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '^',
            value = {
                "{{nothing.there}} | 10-bad.yaml:1: there is no variable 'nothing'",
                "{{#cluster.singleNode}} | Section missing close tag",
                "a: [{{cluster.name}} | does not render to YAML",
                "a: 1 | renders to a document without apiVersion, kind and metadata.name",
                "words | renders to a document without apiVersion, kind and metadata.name"
            })
    void aTemplateThatCannotBeUsedIsNamed(String template, String problem) throws IOException {
        write("cluster/10-bad.yaml", template);
        write("infraenv/10-ok.yaml", object());
        write("host/10-ok.yaml", object());

        assertThat(check(folder, config(List.of("agent"))))
                .singleElement()
                .asString()
                .startsWith(folder.resolve("cluster/10-bad.yaml") + ":")
                .contains(problem);
    }

    @Test
    void aFolderWithoutWhatThePlanNeedsIsAProblem() throws IOException {
        write("cluster/10-ok.yaml", object());

        assertThat(check(folder, config(List.of("agent"))))
                .extracting(Problem::toString)
                .anySatisfy(line -> assertThat(line).startsWith(folder.resolve("infraenv") + ": holds no *.yaml"))
                .anySatisfy(line -> assertThat(line).startsWith(folder.resolve("host") + ": holds no *.yaml"))
                .hasSize(2);
    }

    @Test
    void aFolderThatIsNotThereIsAProblem() {
        Problems problems = new Problems();

        assertThat(ManifestFolder.read(folder.resolve("nowhere"), problems)).isEmpty();
        assertThat(problems.errors()).singleElement().asString().contains("there is no such folder of manifests");
    }

    @Test
    void filesAreReadInTheOrderOfTheirNames() throws IOException {
        write("host/20-b.yaml", "b");
        write("host/10-a.yml", "a");
        write("host/README.md", "not a template");

        assertThat(ManifestFolder.read(folder, new Problems()).orElseThrow().host())
                .extracting(Manifests.Template::name)
                .containsExactly("host/10-a.yml", "host/20-b.yaml");
    }

    @Test
    void aCommandWithAnUnknownVariableIsAProblemOfTheServiceConfig() {
        assertThat(check(SHIPPED, config(List.of("agent", "{{host.nmae}}"))))
                .singleElement()
                .asString()
                .startsWith("service.yaml: the agent's command: template '{{host.nmae}}'");
        assertThat(check(SHIPPED, config(List.of("{{service.caFile}}"))))
                .singleElement()
                .asString()
                .contains("the agent's command renders to nothing");
    }

    private static ServiceConfig config(List<String> agentCommand) {
        return new ServiceConfig(
                Samples.submission().service(),
                new Exec(agentCommand, Map.of("A", "{{token}}"), List.of("c"), Map.of()));
    }

    private static List<Problem> check(Path manifests, ServiceConfig config) {
        Problems problems = new Problems();
        SwarmPlan plan = new SwarmPlan(
                "night",
                1,
                false,
                Pace.UNLIMITED,
                Deadlines.DEFAULT,
                List.of(
                        new ClusterGroup(1, 0, 1, false, false, Map.of("location", "Sun")),
                        new ClusterGroup(3, 5, 1, true, false, Map.of()),
                        new ClusterGroup(3, 0, 1, true, true, Map.of("a.b/c", ""))));
        TemplateCheck.check(
                plan,
                config,
                ManifestFolder.read(manifests, problems).orElseThrow(),
                manifests,
                Path.of("service.yaml"),
                problems);
        return problems.errors();
    }

    private static String object() {
        return "apiVersion: v1\nkind: Namespace\nmetadata: {name: \"{{cluster.name}}\"}\n";
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
