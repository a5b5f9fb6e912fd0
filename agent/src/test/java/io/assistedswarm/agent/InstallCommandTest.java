package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class InstallCommandTest {
    private final TestingHost host = TestingHost.single();

    private static InstallCommand command(boolean insecure, String caFile) throws UsageException {
        return new InstallCommand(ServiceAddress.of("http://service:8090", insecure, caFile), "agent:1");
    }

    @Test
    void isTheCommandLineOfTheRealAgent() throws UsageException {
        assertThat(command(true, "").arguments(host.arguments("install")))
                .containsExactly(
                        "--role",
                        "bootstrap",
                        "--infra-env-id",
                        TestingService.INFRA_ENV,
                        "--cluster-id",
                        TestingService.CLUSTER,
                        "--host-id",
                        host.id(),
                        "--boot-device",
                        "/dev/vda",
                        "--url",
                        "http://service:8090",
                        "--controller-image",
                        "controller:1",
                        "--agent-image",
                        "agent:1",
                        "--control-plane-count",
                        "1",
                        "--mco-image",
                        "mco:1",
                        "--must-gather-image",
                        "must-gather:1",
                        "--openshift-version",
                        "4.18.52",
                        "--insecure",
                        "--check-cluster-version",
                        "--installer-args",
                        "[\"--append-karg\",\"ip=00-00-07-00-00-00:dhcp\"]");
    }

    @Test
    void passesOnTheAuthorityAndWhatTheServiceAsksFor() throws UsageException {
        String request = host.arguments("install")
                .get(0)
                .replace(
                        "\"disks_to_format\":[]", "\"disks_to_format\":[\"/dev/sdb\"],\"enable_skip_mco_reboot\":true");
        assertThat(command(false, "/ca.crt").arguments(List.of(request)))
                .containsSequence("--format-disk", "/dev/sdb")
                .containsSequence("--cacert", "/ca.crt")
                .contains("--enable-skip-mco-reboot")
                .doesNotContain("--insecure");
    }

    @Test
    void refusesARequestThatLacksSomethingOrNamesAStrangeDevice() throws UsageException {
        InstallCommand command = command(true, "");
        String request = host.arguments("install").get(0);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.arguments(List.of(request.replace("controller_image", "x"))))
                .withMessageContaining("controller_image");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.arguments(List.of(request.replace("/dev/vda", "/etc/passwd"))))
                .withMessageContaining("/etc/passwd");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> command.arguments(List.of(request.replace("\"bootstrap\"", "\"boss\""))))
                .withMessageContaining("boss");
    }
}
