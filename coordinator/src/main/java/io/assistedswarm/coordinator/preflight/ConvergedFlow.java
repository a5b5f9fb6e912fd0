package io.assistedswarm.coordinator.preflight;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.coordinator.preflight.ServiceInstallation.Setting;
import io.assistedswarm.protocol.BareMetalFlow;

/**
 * Whether bare metal goes by PreprovisioningImages on a hub, which is the service's choice (assisted-service,
 * internal/controller/controllers/bmo_utils.go): it looks once, at its start, at its own setting and at the ClusterOperator.
 *
 * @param why in words
 * @param sure false if something could not be seen, and it is the likelier guess
 */
record ConvergedFlow(BareMetalFlow found, String why, boolean sure) {
    private static final String CHECK = "converged flow";

    /** Of the ClusterOperator {@code baremetal}. */
    private static final int MAJOR = 4;

    private static final int MINOR = 12;

    static ConvergedFlow of(HubFacts hub) {
        Answer operator = hub.clusterOperator();
        ServiceInstallation service = hub.installation();
        if (service.readable() && !service.flag(Setting.ALLOW_CONVERGED_FLOW, true)) {
            return off("the service has ALLOW_CONVERGED_FLOW=false");
        }
        if (operator.absent()) {
            return off("the hub has no ClusterOperator baremetal");
        }
        if (!operator.ok()) {
            return new ConvergedFlow(
                    BareMetalFlow.IMAGE, "cannot look for the ClusterOperator baremetal: " + operator.said(), false);
        }
        String version = version(operator.body());
        if (!converges(version)) {
            return off("the ClusterOperator baremetal is " + (version.isEmpty() ? "of no version" : version)
                    + ", and not 4.12 or later");
        }
        String on = "the hub's ClusterOperator baremetal " + version + " turns it on";
        return service.readable()
                ? new ConvergedFlow(BareMetalFlow.CONVERGED, on, true)
                : new ConvergedFlow(
                        BareMetalFlow.CONVERGED, on + " unless the service has ALLOW_CONVERGED_FLOW=false", false);
    }

    /** @param asked what the service config says */
    BareMetalFlow played(BareMetalFlow asked) {
        return asked == BareMetalFlow.UNSAID ? found : asked;
    }

    Finding finding(BareMetalFlow asked) {
        BareMetalFlow played = played(asked);
        String way = (played.converged() ? "on: " : "off: ");
        if (sure && played == found) {
            return Finding.ok(CHECK, way + why);
        }
        if (sure) {
            return Finding.failure(
                    CHECK,
                    "the service config has convergedFlow: " + played.converged() + ", but " + why
                            + ", and hosts would wait for ever",
                    "leave convergedFlow out of the service config"
                            + (found.converged() ? ", or set ALLOW_CONVERGED_FLOW=false on the service" : ""));
        }
        if (asked != BareMetalFlow.UNSAID) {
            return Finding.ok(CHECK, way + "the service config says so");
        }
        return Finding.warning(
                CHECK,
                why + "; it is taken to be " + (played.converged() ? "on" : "off"),
                "write convergedFlow: " + !played.converged() + " into the service config if it is not");
    }

    private static ConvergedFlow off(String why) {
        return new ConvergedFlow(BareMetalFlow.IMAGE, why, true);
    }

    /** The one that the service looks at; empty for none. */
    private static String version(JsonNode clusterOperator) {
        return clusterOperator.at("/status/versions/0/version").asText();
    }

    /** One that cannot be compared does not. */
    private static boolean converges(String version) {
        String[] numbers = version.split("[.-]", 3);
        try {
            int major = Integer.parseInt(numbers[0]);
            return major > MAJOR || (major == MAJOR && numbers.length > 1 && Integer.parseInt(numbers[1]) >= MINOR);
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
