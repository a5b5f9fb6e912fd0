package io.assistedswarm.coordinator.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.assistedswarm.coordinator.preflight.Finding.Outcome;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BareMetalChecksTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | OK      | none: the hub has no openshift-machine-api",
                "403 | WARNING | cannot look for one in openshift-machine-api: 403 (no)",
                "500 | WARNING | cannot look for one in openshift-machine-api: 500 (no)",
            })
    void saysWhatItCouldNotSee(int status, Outcome outcome, String found) {
        Finding finding = BareMetalChecks.operator(answer(status, "{\"message\":\"no\"}"));

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).isEqualTo(found);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "machine-api-operator:1                      | OK      | none runs in openshift-machine-api",
                "cluster-baremetal-operator:0,metal3:0       | OK      | none runs in openshift-machine-api",
                "cluster-baremetal-operator:1                | FAILURE |"
                        + " cluster-baremetal-operator in openshift-machine-api would fight over the BareMetalHosts",
                "metal3:2,other:1,cluster-baremetal-operator:0 | FAILURE |"
                        + " metal3 in openshift-machine-api would fight over the BareMetalHosts",
            })
    void findsARunningOperator(String deployments, Outcome outcome, String found) {
        Finding finding = BareMetalChecks.operator(answer(200, items(deployments)));

        assertThat(finding.outcome()).isEqualTo(outcome);
        assertThat(finding.found()).isEqualTo(found);
    }

    @Test
    void tellsTheCommandsThatScaleItDown() {
        Finding finding = BareMetalChecks.operator(answer(200, items("metal3:1,cluster-baremetal-operator:1")));

        assertThat(finding.remedy()).isEqualTo("""
                scale down: oc patch clusterversion version --type json -p \
                '[{"op":"add","path":"/spec/overrides","value":[{"kind":"Deployment","group":"apps",\
                "name":"cluster-baremetal-operator","namespace":"openshift-machine-api","unmanaged":true}]}]' \
                && oc scale deployment/cluster-baremetal-operator -n openshift-machine-api --replicas=0 \
                && oc scale deployment/metal3 -n openshift-machine-api --replicas=0""");
    }

    @Test
    void findsTheWebhook() {
        assertThat(BareMetalChecks.webhook(answer(404, "{}")).outcome()).isEqualTo(Outcome.OK);
        assertThat(BareMetalChecks.webhook(answer(403, "{}")).outcome()).isEqualTo(Outcome.WARNING);
        Finding there = BareMetalChecks.webhook(answer(200, "{}"));
        assertThat(there.outcome()).isEqualTo(Outcome.FAILURE);
        assertThat(there.remedy())
                .endsWith("oc delete validatingwebhookconfiguration"
                        + " baremetal-operator-validating-webhook-configuration");
    }

    private static String items(String deployments) {
        StringBuilder items = new StringBuilder();
        for (String deployment : deployments.split(",", -1)) {
            String[] parts = deployment.split(":", 2);
            items.append(items.isEmpty() ? "" : ",")
                    .append("{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"replicas\":%s}}"
                            .formatted(parts[0].strip(), parts[1].strip()));
        }
        return "{\"items\":[" + items + "]}";
    }

    private static Answer answer(int status, String body) {
        return Answer.of(status, body, Optional.empty());
    }
}
