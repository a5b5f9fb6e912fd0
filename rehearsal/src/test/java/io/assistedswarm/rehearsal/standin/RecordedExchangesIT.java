package io.assistedswarm.rehearsal.standin;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.agent.Exchange;
import io.assistedswarm.agent.Recording;
import io.assistedswarm.agent.Strands;
import io.assistedswarm.agent.TestingEnvironment;
import io.assistedswarm.agent.TestingHost;
import io.assistedswarm.agent.TestingService;
import java.io.IOException;
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
        Map<String, List<String>> expected = expected("sno");
        Map<String, List<String>> actual = run("sno", List.of(TestingHost.single()));
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (strand, calls) -> assertThat(actual.get(strand)).as(strand).isEqualTo(calls));
    }

    @Test
    void threeMastersAndAWorkerMakeTheCallsOfTheRealPrograms() throws Exception {
        Map<String, List<String>> expected = expected("ha-3-1");
        Map<String, List<String>> actual = run(
                "ha-3-1",
                List.of(
                        new TestingHost("host-0", "master", "bootstrap", 3),
                        new TestingHost("host-1", "master", "master", 3),
                        new TestingHost("host-2", "master", "master", 3),
                        new TestingHost("host-3", "worker", "worker", 3)));
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach(
                (strand, calls) -> assertThat(actual.get(strand)).as(strand).isEqualTo(calls));
    }

    private static Map<String, List<String>> expected(String recording) throws IOException {
        List<Exchange> exchanges = new ArrayList<>();
        for (Exchange e : Recording.read(recording).exchanges()) {
            // The recorded machine had no DMI tables, about which its inventory complained on stderr.
            String body =
                    e.what().equals("inventory") ? e.body().replace("{error:string,output:", "{output:") : e.body();
            exchanges.add(new Exchange(e.sender(), e.method(), e.path(), e.headers(), e.requestId(), e.what(), body));
        }
        return Strands.of(exchanges);
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
            return Strands.of(service.exchanges().stream()
                    .filter(e -> !wasLostInTheRecording(e))
                    .toList());
        } finally {
            processes.forEach(StandInProcess::close);
        }
    }

    /** The real runner of this host left on its marker before the reply was sent; stand-ins always send it. */
    private static boolean wasLostInTheRecording(Exchange exchange) {
        return exchange.isStepReply()
                && exchange.what().equals("install")
                && exchange.sender().equals("host-2 agent");
    }
}
