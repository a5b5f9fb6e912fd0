package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all verbs have in common: mistakes, and which coordinator is meant. */
class CliTest extends TestingCli {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gte swarms | 2 | swarm: 'gte' is not a verb; did you mean 'get'?; see 'swarm --help'",
                "get hosst | 2 | there is nothing of the kind 'hosst'; did you mean 'host'?",
                "get | 2 | swarm get: Missing required parameter: 'KIND'; see 'swarm get --help'",
                "get hosts --swam x | 2 | swarm get: '--swam' is not an option; did you mean '--swarm'?; see 'swarm get --help'",
                "get swarms --swarm x | 2 | --swarm goes with clusters and hosts only; leave it out",
                "get swarms -o xml | 2 | swarm get: Invalid value for option '--output': expected one of [WIDE, JSON, YAML, NAME] (case-insensitive) but was 'xml'; see 'swarm get --help'",
                "scale night sno --clusters 4 | 2 | swarm scale: Invalid value for positional parameter at index 1 (GROUP): 'sno' is not a whole number, or too large; see 'swarm scale --help'",
                "wait night --timeout 5x | 2 | swarm wait: Invalid value for option '--timeout': '5x' is not a duration; write for example 90s or 1h30m; see 'swarm wait --help'",
                "get swarms --coordinator http:// | 2 | 'http://' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "get swarms --coordinator http://[x | 2 | 'http://[x' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "get swarms --coordinator ftp://x | 2 | 'ftp://x' is no address of a coordinator; write for example http://127.0.0.1:7480",
                "submit plan.yaml | 2 | swarm submit: Missing required option: '--service-config=FILE'; see 'swarm submit --help'",
                "submit plan.yaml --service-config x --results y | 2 | --results and --timeout go with --wait; add it",
                "demo --keep | 2 | 'demo' is started by the launcher: ./swarm demo --keep",
                "get swarms --coordinator http://127.0.0.1:1 | 1 | no coordinator answers at http://127.0.0.1:1; start one with 'swarm coordinator', or name it with --coordinator"
            })
    void aMistakeIsOneLineThatSaysWhatToDo(String arguments, int exitCode, String line) {
        assertThat(run(arguments.split(" "))).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo(line + "\n");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void whatCanBeNoPathIsAMistakeToo() {
        assertThat(run("preflight", "a\0b")).isEqualTo(2);
        assertThat(err.toString()).contains("this cannot be the name of a file").doesNotContain("Exception");
    }

    @ParameterizedTest
    @CsvSource({"404, 1", "409, 1", "503, 1", "422, 2", "400, 2"})
    void whatTheCoordinatorRefusesIsPassedOn(int status, int exitCode) {
        coordinator.on("POST /swarms/night/pause", status, new Refusal(List.of("no, because")));

        assertThat(run("pause", "night")).isEqualTo(exitCode);
        assertThat(err.toString()).isEqualTo("no, because\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get swarms",
                "get host night-0-0",
                "describe swarm night",
                "describe worker w1",
                "logs night-0-0",
                "pause night",
                "resume night",
                "cancel night",
                "drain w1",
                "uncordon w1",
                "delete night",
                "report night"
            })
    void everyVerbCouldNotRunWithoutACoordinator(String arguments) {
        environment.put("SWARM_COORDINATOR", "http://127.0.0.1:1");
        assertThat(run(arguments.split(" "))).isEqualTo(1);
        assertThat(err.toString()).startsWith("no coordinator answers at").hasLineCount(1);
    }

    @Test
    void anErrorOfItsOwnIsOneLine() {
        coordinator.on("GET /swarms/night", 200, Map.of());

        assertThat(run("describe", "swarm", "night")).isEqualTo(1);
        assertThat(err.toString()).startsWith("swarm itself broke: ").hasLineCount(1);
        environment.put("SWARM_STACK_TRACE", "1");
        assertThat(run("describe", "swarm", "night")).isEqualTo(1);
        assertThat(err.toString()).contains("\tat io.assistedswarm");
    }

    @Test
    void anotherServerIsSaidToBeOne() {
        coordinator.on("GET /swarms", 500, "<html>").on("GET /workers", 200, "<html>");

        assertThat(run("get", "swarms")).isEqualTo(1);
        assertThat(run("get", "workers")).isEqualTo(1);
        assertThat(err.toString().lines())
                .containsExactly(
                        "the coordinator at " + coordinator.url() + " answers HTTP 500; is it the right address?",
                        "the coordinator at " + coordinator.url() + " sends an answer that cannot be read");
    }

    @Test
    void theOptionBeatsTheEnvironmentWhichBeatsTheFile() throws IOException {
        coordinator.on("GET /swarms", 200, List.of());
        environment.put("SWARM_COORDINATOR", "http://127.0.0.1:1");
        assertThat(run("get", "swarms", "--coordinator", coordinator.url())).isZero();
        assertThat(run("--coordinator", coordinator.url() + "/", "get", "swarms"))
                .isZero();

        environment.clear();
        Path file = folder.resolve(".local/state/assisted-swarm/coordinator/coordinator.json");
        Files.createDirectories(file.getParent());
        Files.writeString(file, "{\"http\":\"" + coordinator.url() + "\",\"pekko\":\"127.0.0.1:25520\"}");
        assertThat(run("get", "swarms")).isZero();
    }

    @Test
    void versionNamesTheCoordinatorsToo() {
        coordinator.on("GET /version", 200, Map.of("version", "1.2"));

        assertThat(run("version")).isZero();
        assertThat(run("version", "--coordinator", "http://127.0.0.1:1")).isZero();
        assertThat(out.toString())
                .contains("coordinator  1.2 at " + coordinator.url())
                .contains("coordinator  none answers at http://127.0.0.1:1");
    }

    @Test
    void completionIsABashScript() {
        assertThat(run("completion")).isZero();
        assertThat(out.toString()).startsWith("#!/usr/bin/env bash").contains("complete -F _complete_swarm");
    }

    @Test
    void helpIsTheTableOfTheVerbs() {
        assertThat(run("--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "demo ",
                        "coordinator ",
                        "worker ",
                        "hub ",
                        "preflight ",
                        "submit ",
                        "get ",
                        "describe ",
                        "logs ",
                        "wait ")
                .contains("pause ", "resume ", "release ", "cancel ", "delete ", "report ", "completion ", "version ")
                .contains("drain ", "uncordon ");
        assertThat(run("help", "submit")).isZero();
        assertThat(out.toString()).contains("--dry-run");
    }
}
