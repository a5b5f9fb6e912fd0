package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.HubTroubleView;
import io.assistedswarm.coordinator.api.Views.ObstacleView;
import io.assistedswarm.coordinator.api.Views.PollsView;
import io.assistedswarm.coordinator.api.Views.Refusal;
import io.assistedswarm.coordinator.api.Views.ServiceEventView;
import io.assistedswarm.coordinator.api.Views.ServiceEventsView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.protocol.Description;
import io.assistedswarm.protocol.WorkerCommand.LogChunk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is said of a single object, its log among it. */
class DescribeCommandTest extends TestingCli {
    @Test
    void describesWhatTheHubDoesNotAnswerWhatPollsCostAndWhichClustersWereReplaced() {
        SwarmView view = Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE);
        coordinator.on(
                "GET /swarms/night",
                200,
                new SwarmView(
                        view.id(),
                        view.state(),
                        view.verdict(),
                        view.submittedAt(),
                        view.endedAt(),
                        view.runtime(),
                        4,
                        8,
                        1,
                        Map.of("lost", 1, "installed", 3),
                        view.hosts(),
                        "",
                        List.of(new HubTroubleView(
                                "WATCH agents",
                                "Connection refused",
                                Samples.START,
                                Samples.START,
                                7,
                                Optional.of(Samples.START))),
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(new PollsView(45, 2))));
        assertThat(run("describe", "swarm", "night")).isZero();
        assertThat(out.toString())
                .contains("Clusters:   4: 3 installed, 1 lost (1 of the lost replaced)")
                .containsPattern(
                        "Polls: +45 requests to the REST API since the coordinator's start, 22.5 for each of 2 clusters")
                .containsPattern("Hub: +WATCH agents fails since 2026-11-23T10:00:00Z .*, 7 times in a row: "
                        + "Connection refused; next try now");
    }

    @Test
    void describesWhatAHostWaitsFor() {
        coordinator
                .on("GET /hosts/night-0-0", 200, Samples.host("night-0-0", "night", "night-0"))
                .on(
                        "GET /hosts/night-0-0/description",
                        200,
                        new Description(
                                "night-0-0",
                                "booted",
                                Samples.START,
                                1,
                                "its Agent",
                                Optional.of(Samples.START.plusSeconds(960)),
                                Optional.of(new Description.LastError(Samples.START, 3, "HTTP 500")),
                                Optional.of(new Description.ProcessState(4711, Samples.START, 1, "/tmp/agent.log")),
                                List.of(new Description.HistoryEntry(Samples.START, "booted"))));

        assertThat(run("describe", "host", "night-0-0")).isZero();
        assertThat(out.toString())
                .contains("Awaiting:   its Agent\n")
                .contains("Deadline:   fails 2026-11-23T10:16:00Z (in 15m)\n")
                .contains("Last error: HTTP 500 (2026-11-23T10:00:00Z (60s ago), attempt 3)\n")
                .contains("Process:    pid 4711")
                .contains("Installer:  a stand-in")
                .contains("Failure:    generator/ProcessCrashed: the agent crashed\n")
                .contains("History:\n  2026-11-23T10:00:00Z  booted\n");
    }

    @Test
    void describeSaysWhatHoldsAHostUpAndWhatTheServiceSaysOfIt() {
        coordinator
                .on("GET /hosts/night-0-0", 200, Samples.host("night-0-0", "night", "night-0"))
                .on(
                        "GET /hosts/night-0-0/obstacles",
                        200,
                        List.of(new ObstacleView(
                                "host",
                                "Agent",
                                "Validated",
                                "ValidationsFailing",
                                "no NTP server",
                                Optional.of(Samples.START),
                                1,
                                List.of("night-0-0"),
                                6)))
                .on(
                        "GET /hosts/night-0-0/service-events",
                        200,
                        new ServiceEventsView(
                                Optional.of(-12.4),
                                List.of(
                                        new ServiceEventView(Samples.START.plusSeconds(2), "warning", "b", "the later"),
                                        new ServiceEventView(Samples.START, "info", "a", "the earlier"))));

        assertThat(run("describe", "host", "night-0-0")).isZero();
        assertThat(out.toString())
                .contains(
                        "Held up by:\n  Agent condition Validated (ValidationsFailing) since 2026-11-23T10:00:00Z (60s ago):"
                                + " no NTP server\n    host night-0-0; 5 more in the swarm\n")
                .contains("""
                        Events of the service, by its clock (the service's clock is 12 s behind the coordinator's):
                          AT                     SEVERITY   MESSAGE
                          2026-11-23T10:00:00Z   info       the earlier
                          2026-11-23T10:00:02Z   warning    the later
                        """);
    }

    @Test
    void describeFallsBackToTheRecordWhenNoActorAnswers() {
        coordinator
                .on("GET /clusters/night-0", 200, Samples.cluster("night-0", "night", "failed"))
                .on("GET /clusters/night-0/description", 503, new Refusal(List.of("its worker is lost")));

        assertThat(run("describe", "cl", "night-0")).isZero();
        assertThat(out.toString()).contains("Actor:      its worker is lost\n");
    }

    @Test
    void printsAWholeLog() {
        coordinator
                .on("GET /hosts/night-0-0/log?controller=true&offset=0&max=524288", 200, new LogChunk("one\n", 4))
                .on("GET /hosts/night-0-0/log?controller=true&offset=4&max=524288", 200, new LogChunk("two\n", 8))
                .on("GET /hosts/night-0-0/log?controller=true&offset=8&max=524288", 200, new LogChunk("", 8));

        assertThat(run("logs", "night-0-0", "--controller")).isZero();
        assertThat(out.toString()).isEqualTo("one\ntwo\n");
    }

    @Test
    void printsTheTailOfALog() {
        coordinator
                .on(
                        "GET /hosts/night-0-0/log?controller=false&offset=-524288&max=524288",
                        200,
                        new LogChunk("1\n2\n3\n", 6))
                .on("GET /hosts/night-0-0/log?controller=false&offset=6&max=524288", 200, new LogChunk("", 6));

        assertThat(run("logs", "night-0-0", "--tail", "2")).isZero();
        assertThat(out.toString()).isEqualTo("2\n3\n");
    }
}
