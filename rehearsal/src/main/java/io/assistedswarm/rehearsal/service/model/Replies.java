package io.assistedswarm.rehearsal.service.model;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;

/** What agents answer to their steps (reference, dry-run-agent.md 7.3); fields that decide nothing are left out. */
public final class Replies {
    private Replies() {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Connectivity(List<RemoteHost> remoteHosts) {
        public Connectivity {
            remoteHosts = remoteHosts == null ? List.of() : List.copyOf(remoteHosts);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record RemoteHost(String hostId, List<L2> l2Connectivity, List<L3> l3Connectivity) {
        public RemoteHost {
            l2Connectivity = l2Connectivity == null ? List.of() : List.copyOf(l2Connectivity);
            l3Connectivity = l3Connectivity == null ? List.of() : List.copyOf(l3Connectivity);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record L2(String remoteIpAddress, String remoteMac, boolean successful) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record L3(String remoteIpAddress, boolean successful, double averageRttMs, double packetLossPercentage) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Ntp(List<NtpSource> ntpSources) {
        public Ntp {
            ntpSources = ntpSources == null ? List.of() : List.copyOf(ntpSources);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record NtpSource(String sourceName, String sourceState) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Domains(List<Resolution> resolutions) {
        public Domains {
            resolutions = resolutions == null ? List.of() : List.copyOf(resolutions);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record Resolution(String domainName, List<String> ipv4Addresses, List<String> ipv6Addresses) {
        public boolean empty() {
            return (ipv4Addresses == null || ipv4Addresses.isEmpty())
                    && (ipv6Addresses == null || ipv6Addresses.isEmpty());
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record DiskSpeed(long ioSyncDuration, String path) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record ApiVip(@JsonProperty("is_success") boolean success, String ignition) {
        public boolean gotIgnition() {
            return success && ignition != null && !ignition.isEmpty();
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record ImageList(List<Image> images) {
        public ImageList {
            images = images == null ? List.of() : List.copyOf(images);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    public record Image(String name, String result) {}

    @JsonIgnoreProperties(ignoreUnknown = true)
    @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
    public record VerifiedVip(String vip, String vipType, String verification) {}
}
