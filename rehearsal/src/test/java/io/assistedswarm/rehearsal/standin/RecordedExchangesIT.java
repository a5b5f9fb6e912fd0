package io.assistedswarm.rehearsal.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.agent.Recording;
import io.assistedswarm.agent.Strands;
import io.assistedswarm.agent.TestingEnvironment;
import io.assistedswarm.agent.TestingHost;
import io.assistedswarm.agent.TestingService;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Stand-in processes against a scripted service, call by call against the recordings of the real programs. What is known to differ
 * is taken out by name here and explained in {@code docs/stand-ins.md}.
 */
class RecordedExchangesIT {
    private static final double SCALE = 30;

    @TempDir
    Path directory;

    @Test
    void aSingleNodeMakesTheCallsOfTheRealPrograms() throws Exception {
        Map<String, List<String>> expected = Strands.expected("sno");
        Map<String, List<String>> actual = run("sno", List.of(TestingHost.single()));
        assertPlayed(expected, actual);
    }

    @Test
    void threeMastersAndAWorkerMakeTheCallsOfTheRealPrograms() throws Exception {
        Map<String, List<String>> expected = Strands.expected("ha-3-1");
        Map<String, List<String>> actual = run(
                "ha-3-1",
                List.of(
                        new TestingHost("host-0", "master", "bootstrap", 3),
                        new TestingHost("host-1", "master", "master", 3),
                        new TestingHost("host-2", "master", "master", 3),
                        new TestingHost("host-3", "worker", "worker", 3)));
        assertPlayed(expected, actual);
    }

    private static void assertPlayed(Map<String, List<String>> expected, Map<String, List<String>> actual) {
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach((strand, calls) ->
                assertThat(actual.get(strand)).as(strand).isIn(calls, Strands.withoutLastReply(calls)));
    }

    private Map<String, List<String>> run(String recording, List<TestingHost> hosts) throws Exception {
        List<StandInProcess> processes = new ArrayList<>();
        try (TestingService service = new TestingService()) {
            TestingEnvironment.writeHostsFile(directory, hosts);
            for (TestingHost host : hosts) {
                service.add(host.given(Recording.read(recording).steps(host.hostname())));
                processes.add(StandInProcess.start(
                        directory,
                        TestingEnvironment.hostEnvironment(host, hosts.indexOf(host), directory, SCALE),
                        "agent",
                        TestingEnvironment.agentArguments(service.url())));
            }
            processes.add(StandInProcess.start(
                    directory,
                    TestingEnvironment.controllerEnvironment(hosts.get(0), service.url(), directory, SCALE),
                    "controller",
                    List.of()));
            for (StandInProcess process : processes) {
                assertThat(process.exitCode()).as(process.output()).isZero();
            }
            return Strands.played(service.exchanges());
        } finally {
            processes.forEach(StandInProcess::close);
        }
    }
}
