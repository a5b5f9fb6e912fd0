package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.protocol.MachineReport;
import io.assistedswarm.protocol.MachineReport.Limit;
import io.assistedswarm.protocol.MachineReport.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class WorkerChecksTest {
    private static final Duration NONE = Duration.ZERO;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // what is left of it, for ten hosts
                "OPEN_FILES        | 80          | -       | -",
                "OPEN_FILES        | 79          | WARNING | 79 open files left (source), 10 hosts usually take 80 open files",
                "OPEN_FILES        | 9           | FAILURE | 9 open files left (source), 10 hosts usually take 80 open files",
                "TASKS             | 299         | WARNING | 299 processes and threads left (source), 10 hosts usually take",
                "TASKS             | 19          | FAILURE | 19 processes and threads left",
                "LOCAL_PORTS       | 39          | WARNING | 39 local ports left",
                "MEMORY_BYTES      | 400_000_000 | WARNING | 0.4 GiB memory left",
                "MEMORY_BYTES      | 100_000_000 | FAILURE | 0.1 GiB memory left",
                "DISK_BYTES        | 100_000_000 | WARNING | 0.1 GiB disk left",
                "DISK_BYTES        | 1_000_000   | FAILURE | 0.0 GiB disk left",
                "INOTIFY_INSTANCES | 0           | WARNING | 0 inotify instances left",
            })
    void comparesWhatIsLeftWithWhatHostsTake(Resource resource, String left, String outcome, String found) {
        long free = Long.parseLong(left.replace("_", ""));

        Optional<Finding> finding = WorkerChecks.lack(
                "worker w", MachineNeeds.of(resource, true), new Limit(resource, "source", free + 5, 5), 10);

        assertThat(finding.map(Finding::outcome).map(Enum::name).orElse("-")).isEqualTo(outcome);
        assertThat(finding.map(Finding::found).orElse("-")).startsWith(found);
        assertThat(finding.map(Finding::remedy).orElse("-")).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // ms ahead of the coordinator | service's s ahead of it
                "0         | 0     | -       | -",
                "2000      | 0     | -       | -",
                "2001      | 0     | WARNING | its clock is 2.0 s ahead of the coordinator's",
                "-90000    | -     | WARNING | its clock is 90.0 s behind the coordinator's",
                "241000    | 241   | FAILURE | its clock is 241.0 s ahead of the coordinator's",
                "0         | 1201  | FAILURE | its clock is 1201.0 s behind the service's",
                "0         | 1200  | -       | -",
                "0         | -3601 | FAILURE | its clock is 3601.0 s ahead of the service's",
                "1000      | -3601 | FAILURE | its clock is 3602.0 s ahead of the service's",
            })
    void comparesClocks(long millis, Long serviceSeconds, Outcome outcome, String found) {
        Optional<Finding> finding = WorkerChecks.clock(
                "worker w",
                Duration.ofMillis(millis),
                Optional.ofNullable(serviceSeconds).map(Duration::ofSeconds));

        assertThat(finding.map(Finding::outcome).orElse(null)).isEqualTo(outcome);
        if (found != null) {
            assertThat(finding.orElseThrow().found()).startsWith(found);
        }
    }

    @Test
    void aGoodMachineIsOneLineThatNamesTheTightestLimits() {
        MachineReport machine = machine(
                "",
                new Limit(Resource.TASKS, "kernel.pid_max", 32_000, 1000),
                new Limit(Resource.TASKS, "pids.max of /a", 5000, 10),
                new Limit(Resource.MEMORY_BYTES, "memory", 8L << 30, 4L << 30));

        assertThat(WorkerChecks.of(
                        List.of(facts(machine)), SettingChecksTest.request("1+0x3", "agent"), Optional.empty()))
                .containsExactly(Finding.ok(
                        "worker w", "room for 3 more hosts: 4990 processes and threads, 4.0 GiB memory left"));
    }

    @Test
    void everyLackIsALine() {
        MachineReport machine = machine(
                "",
                new Limit(Resource.OPEN_FILES, "ulimit -n", 20, 10),
                new Limit(Resource.TASKS, "ulimit -u", 50, 40));

        assertThat(WorkerChecks.of(facts(machine), SettingChecksTest.request("1+0x3", "agent"), Optional.empty()))
                .extracting(Finding::outcome)
                .containsExactly(Outcome.WARNING, Outcome.WARNING);
    }

    @Test
    void aWorkerThatDoesNotAnswerIsAWarning() {
        WorkerFacts silent =
                new WorkerFacts(SettingChecksTest.worker("w", 1, 1), Optional.empty(), "no answer within 5 s", NONE);

        assertThat(WorkerChecks.of(List.of(silent), SettingChecksTest.request("1+0x3", "agent"), Optional.empty()))
                .extracting(Finding::found)
                .containsExactly("is up and does not say how its machine is: no answer within 5 s");
    }

    @Test
    void noWorkersIsAWarning() {
        assertThat(WorkerChecks.of(List.of(), SettingChecksTest.request("1+0x3", "agent"), Optional.empty()))
                .extracting(Finding::outcome)
                .containsExactly(Outcome.WARNING);
    }

    @ParameterizedTest
    @EnumSource
    void everyResourceHasNeedsAndARemedy(Resource resource) {
        MachineNeeds needs = MachineNeeds.of(resource, true);

        assertThat(needs.resource()).isEqualTo(resource);
        assertThat(needs.usual()).isPositive().isGreaterThanOrEqualTo(needs.least());
        assertThat(needs.remedy()).isNotEmpty();
    }

    private static WorkerFacts facts(MachineReport machine) {
        return new WorkerFacts(SettingChecksTest.worker("w", 4, 8L << 30), Optional.of(machine), "", NONE);
    }

    private static MachineReport machine(String podmanTrouble, Limit... limits) {
        return new MachineReport(Instant.EPOCH, "/data", List.of(limits), "", podmanTrouble);
    }
}
