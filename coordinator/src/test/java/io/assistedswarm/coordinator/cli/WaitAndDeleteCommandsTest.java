package io.assistedswarm.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Samples;
import io.assistedswarm.coordinator.api.Views.DeletionView;
import io.assistedswarm.coordinator.api.Views.OrphanView;
import io.assistedswarm.coordinator.api.Views.SwarmState;
import io.assistedswarm.coordinator.api.Views.SwarmView;
import io.assistedswarm.coordinator.api.Views.Verdict;
import io.assistedswarm.coordinator.report.Lives;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The end of a swarm. */
class WaitAndDeleteCommandsTest extends TestingCli {
    @ParameterizedTest
    @CsvSource({
        "done, DONE, PASSED, 0",
        "done, DONE, FAILED, 3",
        "done, CANCELLED, CANCELLED, 3",
        "installing, RUNNING, NONE, 0",
        "deleted, DELETED, PASSED, 0",
        "deleted, DELETION_FAILED, PASSED, 1"
    })
    void waitsForWhatItIsTold(String condition, SwarmState state, Verdict verdict, int exitCode) {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", state, verdict));

        assertThat(run("wait", "night", "--for=" + condition)).isEqualTo(exitCode);
    }

    @Test
    void waitTimesOut() {
        coordinator.on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.RUNNING, Verdict.NONE));

        assertThat(run("wait", "night", "--timeout", "0s")).isEqualTo(4);
        assertThat(err.toString())
                .isEqualTo("after 0s swarm night is not done; 'swarm describe swarm night' says what it waits for\n");
    }

    @Test
    void deletingShowsThatNothingIsLeft() {
        coordinator
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, deleted(SwarmState.DELETED, 0, List.of()));

        assertThat(run("delete", "night")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarm night is deleted
                          InfraEnv   created 3, deleted 3, left 0
                          Namespace  created 3, deleted 3, left 0
                        """);
    }

    @Test
    void theReportIsKeptBeforeAnythingIsDeleted() throws IOException {
        coordinator
                .on("GET /swarms/night/report", 200, report(Verdict.PASSED))
                .on("GET /swarms/night/lives", 200, new Lives(List.of(), List.of(), List.of()))
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, deleted(SwarmState.DELETED, 0, List.of()));

        assertThat(run("delete", "night", "--results", folder.toString())).isZero();
        assertThat(coordinator.requests())
                .containsSubsequence("GET /swarms/night/report", "GET /swarms/night/lives", "DELETE /swarms/night");
        try (Stream<Path> written = Files.list(folder)) {
            assertThat(written)
                    .singleElement()
                    .satisfies(kept -> assertThat(kept.resolve("summary.json")).exists());
        }
    }

    @Test
    void nothingIsDeletedWhoseReportIsNotWhollyThere() {
        coordinator
                .on("GET /swarms/night/report", 200, report(Verdict.PASSED))
                .on("GET /swarms/night/lives", 500, Map.of());

        assertThat(run("delete", "night", "--results", folder.toString())).isEqualTo(1);
        assertThat(err.toString()).contains("swarm night is not deleted, as its report is not wholly there");
        assertThat(coordinator.requests()).noneMatch(request -> request.startsWith("DELETE"));
        assertThat(run("delete", "--all-orphans", "--results", "r")).isEqualTo(2);
    }

    @Test
    void whatIsStuckIsNamed() {
        coordinator
                .on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on(
                        "GET /swarms/night",
                        200,
                        deleted(SwarmState.DELETION_FAILED, 1, List.of("night-0: kubectl patch …")));

        assertThat(run("delete", "night", "--wait")).isEqualTo(1);
        assertThat(out.toString()).contains("created 3, deleted 2, left 1").contains("stuck: night-0: kubectl patch …");
        assertThat(err.toString()).startsWith("1 objects of swarm night are left");
    }

    @Test
    void forceIsHandedOnAndWhatNobodyCountedIsNamed() {
        DeletionView deletion = new DeletionView(
                Map.of("process", 4L), Map.of("process", 4L), Map.of("process", 0L), List.of(), List.of("worker b"));
        coordinator
                .on("DELETE /swarms/night?force=true", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED))
                .on("GET /swarms/night", 200, withDeletion(SwarmState.DELETED, deletion));

        assertThat(run("delete", "night", "--force")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarm night is deleted
                          process  created 4, deleted 4, left 0
                          not counted: worker b
                        """);
    }

    @Test
    void orphansAreListedAndDeletedOnlyWhenThatIsConfirmed() {
        DeletionView deletion =
                new DeletionView(Map.of("Secret", 2L), Map.of("Secret", 2L), Map.of("Secret", 0L), List.of());
        List<OrphanView> found = List.of(new OrphanView("old", Map.of("Secret", 2L), false, Optional.empty()));
        coordinator
                .on("GET /orphans", 200, found)
                .on("GET /orphans", 200, found)
                .on("GET /orphans", 200, found)
                .on("DELETE /orphans/old", 202, new OrphanView("old", Map.of(), true, Optional.empty()))
                .on(
                        "GET /orphans",
                        200,
                        List.of(new OrphanView("old", Map.of("Secret", 1L), true, Optional.of(deletion))))
                .on("GET /orphans", 200, List.of(new OrphanView("old", Map.of(), false, Optional.of(deletion))));

        assertThat(run("delete", "--all-orphans", "--dry-run")).isZero();
        assertThat(out.toString()).isEqualTo("""
                        swarms on the hub that the record does not know:
                          old  2 Secret
                        """);
        typed = "no\n";
        assertThat(run("delete", "--all-orphans")).isEqualTo(2);
        assertThat(err.toString()).startsWith("nothing is deleted; say --yes");
        assertThat(coordinator.requests()).noneMatch(request -> request.startsWith("DELETE"));
        typed = "yes\n";
        assertThat(run("delete", "--all-orphans")).isZero();
        assertThat(out.toString()).contains("swarm old is deleted").contains("Secret  created 2, deleted 2, left 0");
    }

    @Test
    void orphansAreNotSwarmsToName() {
        assertThat(run("delete", "night", "--all-orphans")).isEqualTo(2);
        assertThat(run("delete")).isEqualTo(2);
        assertThat(run("delete", "night", "--yes")).isEqualTo(2);
    }

    @Test
    void deletingNeedNotBeWaitedFor() {
        coordinator.on("DELETE /swarms/night", 202, Samples.swarm("night", SwarmState.DELETING, Verdict.PASSED));

        assertThat(run("delete", "night", "--wait=false")).isZero();
        assertThat(coordinator.requests()).containsExactly("DELETE /swarms/night");
    }

    private static SwarmView deleted(SwarmState state, long left, List<String> stuck) {
        Map<String, Long> created = Map.of("Namespace", 3L, "InfraEnv", 3L);
        return withDeletion(
                state,
                new DeletionView(
                        created, Map.of("Namespace", 3 - left, "InfraEnv", 3L), Map.of("Namespace", left), stuck));
    }

    private static SwarmView withDeletion(SwarmState state, DeletionView deletion) {
        SwarmView view = Samples.swarm("night", state, Verdict.PASSED);
        return new SwarmView(
                view.id(),
                state,
                view.verdict(),
                view.submittedAt(),
                view.endedAt(),
                view.runtime(),
                3,
                6,
                0,
                view.clusters(),
                view.hosts(),
                "",
                List.of(),
                0,
                Optional.empty(),
                view.punctuality(),
                Optional.of(deletion),
                Optional.empty());
    }
}
