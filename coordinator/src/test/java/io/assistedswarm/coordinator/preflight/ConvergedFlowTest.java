package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.BareMetalFlow;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConvergedFlowTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // setting | ClusterOperator's answer | its version
                "false      | 200 | 4.18.3  | IMAGE     | OK",
                "-          | 404 | -       | IMAGE     | OK",
                "true       | 404 | -       | IMAGE     | OK",
                "-          | 200 | 4.11.9  | IMAGE     | OK",
                "-          | 200 | -       | IMAGE     | OK",
                "-          | 200 | odd     | IMAGE     | OK",
                "-          | 200 | 4.12.0  | CONVERGED | OK",
                "True       | 200 | 5.0.0   | CONVERGED | OK",
                "-          | 403 | -       | IMAGE     | WARNING",
                "unreadable | 200 | 4.18.3  | CONVERGED | WARNING",
                "unreadable | 404 | -       | IMAGE     | OK",
            })
    void findsTheFlow(String setting, int status, String version, BareMetalFlow flow, Outcome outcome) {
        ConvergedFlow found = found(setting, status, version);

        assertThat(found.played(BareMetalFlow.UNSAID)).isEqualTo(flow);
        assertThat(found.finding(BareMetalFlow.UNSAID).outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                // as asked | setting | ClusterOperator's answer | its version
                "CONVERGED | -          | 200 | 4.18.3 | OK      | on: the hub's ClusterOperator baremetal 4.18.3 turns it on",
                "CONVERGED | unreadable | 200 | 4.18.3 | OK      | on: the service config says so",
                "CONVERGED | -          | 403 | -      | OK      | on: the service config says so",
                "CONVERGED | -          | 404 | -      | FAILURE | the service config has convergedFlow: true, but"
                        + " the hub has no ClusterOperator baremetal, and hosts would wait for ever",
                "IMAGE     | false      | 200 | 4.18.3 | OK      | off: the service has ALLOW_CONVERGED_FLOW=false",
                "IMAGE     | unreadable | 200 | 4.18.3 | OK      | off: the service config says so",
                "IMAGE     | -          | 200 | 4.18.3 | FAILURE | the service config has convergedFlow: false, but"
                        + " the hub's ClusterOperator baremetal 4.18.3 turns it on, and hosts would wait for ever",
            })
    void comparesItWithTheServiceConfig(
            BareMetalFlow asked, String setting, int status, String version, Outcome outcome, String said) {
        ConvergedFlow found = found(setting, status, version);

        assertThat(found.played(asked)).isEqualTo(asked);
        assertThat(found.finding(asked).outcome()).isEqualTo(outcome);
        assertThat(found.finding(asked).found()).isEqualTo(said);
    }

    @Test
    void saysHowToPutAWrongGuessRight() {
        assertThat(found("unreadable", 200, "4.18.3")
                        .finding(BareMetalFlow.UNSAID)
                        .remedy())
                .isEqualTo("write convergedFlow: false into the service config if it is not");
    }

    private static ConvergedFlow found(String setting, int status, String version) {
        ServiceInstallation service = "unreadable".equals(setting)
                ? ServiceInstallation.unread("forbidden")
                : new ServiceInstallation(
                        "a/b", setting == null ? Map.of() : Map.of(Setting.ALLOW_CONVERGED_FLOW, setting), "");
        Answer operator = answer(
                status,
                version == null
                        ? "{}"
                        : "{\"status\":{\"versions\":[{\"name\":\"operator\",\"version\":\"" + version + "\"}]}}");
        Answer fine = answer(200, "{}");
        return ConvergedFlow.of(
                new HubFacts("https://hub", fine, fine, Map.of(), HubFacts.Rights.ALL, fine, fine, operator, service));
    }

    private static Answer answer(int status, String body) {
        return Answer.of(status, body, Optional.empty());
    }
}
