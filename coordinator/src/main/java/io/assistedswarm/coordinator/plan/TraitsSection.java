package io.assistedswarm.coordinator.plan;

import io.assistedswarm.protocol.ClusterTraits;
import io.assistedswarm.protocol.ClusterTraits.Hold;
import io.assistedswarm.protocol.ClusterTraits.Networking;
import io.assistedswarm.protocol.ClusterTraits.Platform;
import io.assistedswarm.protocol.Download;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads what a group of our own format wants beyond control planes and workers. */
final class TraitsSection {
    private static final String ALL_READY = "allReady";
    private static final String BY_USER = "byUser";

    private TraitsSection() {}

    static ClusterTraits read(Section group) {
        return new ClusterTraits(
                group.integer("arbiterAgents").orElse(0),
                group.integer("day2Workers").orElse(0),
                group.bool("lateBinding").orElse(false),
                hold(group),
                platform(group),
                group.bool("userManagedNetworking")
                        .map(own -> own ? Networking.USER_MANAGED : Networking.CLUSTER_MANAGED)
                        .orElse(Networking.UNSAID),
                group.texts("apiVIPs").orElse(List.of()),
                group.texts("ingressVIPs").orElse(List.of()),
                group.anyText("osImageVersion").orElse(""),
                group.textMap("agentLabels", false).orElse(Map.of()),
                group.textMap("annotations", false).orElse(Map.of()),
                group.textMap("hostAnnotations", false).orElse(Map.of()),
                group.texts("extraManifests").orElse(List.of()),
                downloads(group));
    }

    private static List<Download> downloads(Section group) {
        List<String> wanted = group.texts("downloads").orElse(List.of());
        List<Download> downloads = new ArrayList<>();
        for (int i = 0; i < wanted.size(); i++) {
            Optional<Download> known = Download.parse(wanted.get(i));
            if (known.isEmpty()) {
                group.error("downloads[" + i + "]", "is '" + wanted.get(i) + "'", "it is kubeconfig or logs");
            }
            known.filter(what -> !downloads.contains(what)).ifPresent(downloads::add);
        }
        return downloads;
    }

    private static Hold hold(Section group) {
        boolean held = group.bool("holdInstallation").orElse(false);
        Optional<String> release = group.text("release");
        release.filter(value -> !value.equals(ALL_READY) && !value.equals(BY_USER))
                .ifPresent(
                        value -> group.error("release", "is '" + value + "'", "it is " + ALL_READY + " or " + BY_USER));
        if (!held) {
            if (release.isPresent()) {
                group.error("release", "means nothing without a hold", "add 'holdInstallation: true', or leave it out");
            }
            return Hold.NONE;
        }
        return release.filter(ALL_READY::equals).isPresent() ? Hold.UNTIL_ALL_READY : Hold.UNTIL_RELEASED;
    }

    private static Platform platform(Section group) {
        return group.text("platform")
                .map(value -> switch (value) {
                    case "baremetal" -> Platform.BAREMETAL;
                    case "none" -> Platform.NONE;
                    default -> {
                        group.error("platform", "is '" + value + "'", "it is baremetal or none");
                        yield Platform.UNSAID;
                    }
                })
                .orElse(Platform.UNSAID);
    }
}
