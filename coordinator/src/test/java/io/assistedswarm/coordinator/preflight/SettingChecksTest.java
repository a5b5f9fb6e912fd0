package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.api.Views.WorkerView;
import io.assistedswarm.coordinator.plan.Pace;
import io.assistedswarm.coordinator.plan.SwarmPlan;
import io.assistedswarm.coordinator.plan.SwarmPlan.ClusterGroup;
import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.Deadlines;
import io.assistedswarm.protocol.RuntimeSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingChecksTest {
    private static final String GOOD = "ENABLE_SKIP_MCO_REBOOT=false DUMMY_IGNITION=true";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // settings | control planes + workers x amount | agent | outcome | what is said
                "ENABLE_SKIP_MCO_REBOOT=false DUMMY_IGNITION=true | 1+0x1 | other | OK | those of ns/assisted-service",
                "DUMMY_IGNITION=true | 1+0x1 | other | WARNING | ENABLE_SKIP_MCO_REBOOT is not set (true): dry",
                "DUMMY_IGNITION=1 ENABLE_SKIP_MCO_REBOOT=True | 1+0x1 | other | WARNING | ENABLE_SKIP_MCO_REBOOT=True:",
                "ENABLE_SKIP_MCO_REBOOT=false | 1+0x1 | other | WARNING | DUMMY_IGNITION is not set (false): for each",
                "ENABLE_SKIP_MCO_REBOOT=f DUMMY_IGNITION=false | 1+0x1 | other | WARNING | DUMMY_IGNITION=false: for",
                "AUTH_TYPE=none | 0+3x1 | other | OK | those of ns/assisted-service suit a dry run: AUTH_TYPE=none",
                "+ ENABLE_KUBE_API=false | 1+0x1 | other | FAILURE | ENABLE_KUBE_API=false: it does not look at the hub",
                "+ ENABLE_METAL3=false | 1+0x1 | other | FAILURE | ENABLE_METAL3=false: it does not look at BareMetal",
                "+ | 1+0x101 | other | WARNING | BMAC_MAX_CONCURRENT_RECONCILES is not set (1): it takes one",
                "+ BMAC_MAX_CONCURRENT_RECONCILES=1 | 3+0x40 | other | WARNING | BMAC_MAX_CONCURRENT_RECONCILES=1: it",
                "+ BMAC_MAX_CONCURRENT_RECONCILES=10 | 1+0x101 | other | OK | those of",
                "+ | 1+0x1 | agent | WARNING | ENABLE_VIRTUAL_INTERFACES is not set (false): real agents show lo only",
                "+ ENABLE_VIRTUAL_INTERFACES=true | 1+0x1 | agent | OK | those of",
                "+ ENABLE_VIRTUAL_INTERFACES=true | 3+0x1 | agent | WARNING | hosts on one machine share ::1",
            })
    void judgesASetting(String settings, String shape, String agent, Outcome outcome, String said) {
        List<Finding> findings =
                SettingChecks.of(installation(settings), request(shape, agent), List.of(worker("big", 16, 64L << 30)));

        assertThat(findings).singleElement().satisfies(finding -> {
            assertThat(finding.outcome()).isEqualTo(outcome);
            assertThat(finding.found()).contains(said);
            assertThat(finding.remedy().isEmpty()).isEqualTo(outcome == Outcome.OK);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // requirements | shape | cores and GiB of the worker | what is too small
                "- | 1+0x1 | 8  | 16 | -",
                "- | 1+0x1 | 4  | 16 | sno needs 8 cores and 16384 MiB, worker w has 4 and 16384",
                "- | 3+0x1 | 4  | 16 | -",
                "- | 3+1x1 | 2  | 16 | master needs 4 cores and 16384 MiB, worker w has 2 and 16384",
                "- | 0+3x1 | 1  | 1  | -",
                "[{'sno':{'cpu_cores':1,'ram_mib':1024}}] | 1+0x1 | 2 | 2 | -",
                "[{'sno':{'cpu_cores':1,'ram_mib':4096}}] | 1+0x1 | 2 | 2 | sno needs 1 cores and 4096 MiB, worker w",
                "{nonsense | 1+0x1 | 2 | 2 | HW_VALIDATOR_REQUIREMENTS is not JSON",
            })
    void comparesRequirementsWithMachines(String requirements, String shape, int cores, int gib, String said) {
        Map<Setting, String> settings = new EnumMap<>(
                installation(GOOD + " ENABLE_VIRTUAL_INTERFACES=true").settings());
        if (!requirements.equals("-")) {
            settings.put(Setting.HW_VALIDATOR_REQUIREMENTS, requirements.replace('\'', '"'));
        }

        List<Finding> findings = SettingChecks.of(
                new ServiceInstallation("ns/assisted-service", settings, ""),
                request(shape, "agent"),
                List.of(worker("big", 64, 256L << 30), worker("w", cores, (long) gib << 30)));

        if (said.equals("-")) {
            assertThat(findings)
                    .filteredOn(finding -> finding.outcome() != Outcome.OK)
                    .extracting(Finding::found)
                    .noneMatch(found -> found.contains("REQUIREMENTS"));
        } else {
            assertThat(findings).anySatisfy(finding -> {
                assertThat(finding.found())
                        .contains("HW_VALIDATOR_REQUIREMENTS")
                        .contains(said);
                assertThat(finding.remedy()).isNotEmpty();
            });
        }
    }

    @Test
    void notToBeReadIsAWarning() {
        assertThat(SettingChecks.of(
                        ServiceInstallation.unread("its Deployment cannot be looked for: 403"),
                        request("1+0x1", "agent"),
                        List.of()))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.outcome()).isEqualTo(Outcome.WARNING);
                    assertThat(finding.found()).isEqualTo("cannot be read: its Deployment cannot be looked for: 403");
                });
    }

    @ParameterizedTest
    @CsvSource({"1+0x1, agent, false", "3+0x1, agent, true", "3+0x1, other, false", "0+3x1, agent, false"})
    void warnsOfTodaysInstallerAsABootstrap(String shape, String agent, boolean warned) {
        assertThat(DryRunChecks.bootstrap(request(shape, agent), Optional.empty())
                        .isPresent())
                .isEqualTo(warned);
    }

    @Test
    void namesTheInstaller() {
        Answer versions =
                Answer.of(200, "{\"versions\":{\"assisted-installer\":\"quay.io/installer:9\"}}", Optional.empty());
        ServiceFacts facts = new ServiceFacts("", versions, versions, versions, versions, Optional.empty());

        assertThat(DryRunChecks.bootstrap(request("3+0x1", "agent"), Optional.of(facts)))
                .hasValueSatisfying(finding -> assertThat(finding.found())
                        .startsWith("today's installer (quay.io/installer:9) panics in dry mode"));
    }

    /** A leading {@code +} stands for the settings that make all else well. */
    private static ServiceInstallation installation(String settings) {
        Map<Setting, String> read = new EnumMap<>(Setting.class);
        Arrays.stream(settings.replace("+", GOOD).split(" +", -1))
                .filter(word -> word.contains("="))
                .map(word -> word.split("=", 2))
                .forEach(pair -> read.put(Setting.valueOf(pair[0]), pair[1]));
        return new ServiceInstallation("ns/assisted-service", read, "");
    }

    /** {@code 3+2x4}: four clusters of three control planes and two workers; without control planes InfraEnvs only. */
    static PreflightRequest request(String shape, String agent) {
        String[] numbers = shape.split("[+x]", 3);
        int controlPlanes = Integer.parseInt(numbers[0]);
        ClusterGroup group = new ClusterGroup(
                controlPlanes,
                Integer.parseInt(numbers[1]),
                Integer.parseInt(numbers[2]),
                false,
                controlPlanes == 0,
                Map.of());
        return new PreflightRequest(
                Optional.of(new SwarmPlan("p", 1, false, Pace.UNLIMITED, Deadlines.DEFAULT, List.of(group))),
                Optional.empty(),
                Optional.of(new RuntimeSpec.Exec(
                        List.of("/opt/bin/" + agent, "--url"), Map.of(), List.of("controller"), Map.of())),
                true);
    }

    static WorkerView worker(String name, int cores, long memoryBytes) {
        return new WorkerView(name, "pekko://a", "up", "1", 10, 0, 0, cores, memoryBytes, 0, 0, 0, Instant.EPOCH);
    }
}
