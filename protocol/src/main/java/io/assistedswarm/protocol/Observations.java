package io.assistedswarm.protocol;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the coordinator's watches see of a swarm's objects, cut down to what actors decide by. Absent texts are empty. */
public final class Observations {
    private Observations() {}

    /** Most hosts are in the same few states for the same few reasons, and each of their states is kept, at the coordinator and at a worker. */
    private static String shared(String text) {
        return text == null ? null : text.intern();
    }

    /** What was seen of one object. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({
        @JsonSubTypes.Type(value = InfraEnvState.class, name = "infraEnv"),
        @JsonSubTypes.Type(value = AgentClusterInstallState.class, name = "install"),
        @JsonSubTypes.Type(value = BareMetalHostState.class, name = "machine"),
        @JsonSubTypes.Type(value = PreprovisioningImageState.class, name = "image"),
        @JsonSubTypes.Type(value = AgentState.class, name = "agent"),
        @JsonSubTypes.Type(value = UserRefused.class, name = "userRefused")
    })
    public sealed interface Observation {}

    /**
     * A condition of {@code status.conditions} that is not as it has to be.
     *
     * @param since {@code lastTransitionTime}
     */
    public record Unmet(String type, String reason, String message, Optional<Instant> since) {
        public Unmet {
            type = shared(type);
            reason = shared(reason);
            message = shared(message);
        }

        public String inWords() {
            return type + ": " + message;
        }
    }

    /**
     * @param isoDownloadUrl {@code status.isoDownloadURL}
     * @param discoveryIgnitionUrl {@code status.bootArtifacts.discoveryIgnitionURL}
     * @param eventsUrl {@code status.debugInfo.eventsURL}
     * @param imageMessage message of condition {@code ImageCreated} while it is not True
     */
    public record InfraEnvState(
            ClusterId cluster,
            String isoDownloadUrl,
            String discoveryIgnitionUrl,
            String eventsUrl,
            String imageMessage)
            implements Observation {}

    /**
     * @param state {@code status.debugInfo.state}
     * @param stateInfo {@code status.debugInfo.stateInfo}
     * @param infraId {@code spec.clusterMetadata.infraID}: the service's cluster id, set when the installation begins
     * @param percent {@code status.progress.totalPercentage}
     * @param completed condition {@code Completed} is True
     * @param failed condition {@code Failed} is True
     * @param message of the condition that explains the state best: the failed one, else the first that is not met
     * @param held {@code spec.holdInstallation}
     * @param unmet the failed one and those of SpecSynced, Validated and RequirementsMet that are not met
     * @param since the service's {@code status_updated_at}, which it sets when the state changes and not otherwise (assisted-service,
     *     internal/cluster/common.go); a custom resource does not tell it
     */
    public record AgentClusterInstallState(
            ClusterId cluster,
            String state,
            String stateInfo,
            String infraId,
            int percent,
            boolean completed,
            boolean failed,
            String message,
            boolean held,
            List<Unmet> unmet,
            Optional<Instant> since)
            implements Observation {
        public AgentClusterInstallState {
            state = shared(state);
            stateInfo = shared(stateInfo);
            message = shared(message);
            unmet = List.copyOf(unmet);
        }

        public AgentClusterInstallState(
                ClusterId cluster,
                String state,
                String stateInfo,
                String infraId,
                int percent,
                boolean completed,
                boolean failed,
                String message,
                boolean held,
                List<Unmet> unmet) {
            this(
                    cluster,
                    state,
                    stateInfo,
                    infraId,
                    percent,
                    completed,
                    failed,
                    message,
                    held,
                    unmet,
                    Optional.empty());
        }

        public AgentClusterInstallState(
                ClusterId cluster,
                String state,
                String stateInfo,
                String infraId,
                int percent,
                boolean completed,
                boolean failed,
                String message,
                boolean held) {
            this(cluster, state, stateInfo, infraId, percent, completed, failed, message, held, List.of());
        }

        public AgentClusterInstallState(
                ClusterId cluster,
                String state,
                String stateInfo,
                String infraId,
                int percent,
                boolean completed,
                boolean failed,
                String message) {
            this(cluster, state, stateInfo, infraId, percent, completed, failed, message, false);
        }
    }

    /**
     * @param provisioningState {@code status.provisioning.state}, empty without a status
     * @param imageUrl {@code spec.image.url}
     * @param detached annotation {@code baremetalhost.metal3.io/detached} is there
     * @param deployMethod {@code spec.customDeploy.method}
     * @param rebootAsked annotation {@code reboot.metal3.io} is there
     */
    public record BareMetalHostState(
            HostId host,
            String provisioningState,
            String imageUrl,
            boolean detached,
            String deployMethod,
            boolean rebootAsked)
            implements Observation {
        public BareMetalHostState {
            provisioningState = shared(provisioningState);
            deployMethod = shared(deployMethod);
        }

        public BareMetalHostState(HostId host, String provisioningState, String imageUrl, boolean detached) {
            this(host, provisioningState, imageUrl, detached, "", false);
        }
    }

    /**
     * @param imageUrl {@code status.imageUrl}, as long as it may be booted: condition {@code Ready} is True
     * @param message of condition {@code Ready} while it is not
     */
    public record PreprovisioningImageState(HostId host, String imageUrl, String message) implements Observation {}

    /**
     * @param state {@code status.debugInfo.state}
     * @param stateInfo {@code status.debugInfo.stateInfo}
     * @param stage {@code status.progress.currentStage}
     * @param unmet conditions that are not met
     * @param bootstrap {@code status.bootstrap}: the service has chosen it for its cluster's bootstrap
     */
    public record AgentState(
            HostId host, String state, String stateInfo, String stage, List<Unmet> unmet, boolean bootstrap)
            implements Observation {
        public AgentState {
            state = shared(state);
            stateInfo = shared(stateInfo);
            stage = shared(stage);
            unmet = List.copyOf(unmet);
        }

        public AgentState(HostId host, String state, String stateInfo, String stage, List<Unmet> unmet) {
            this(host, state, stateInfo, stage, unmet, false);
        }
    }

    /**
     * The service does not let a cluster's user in, for good: nothing of the cluster will be seen any more, or none of it will ever come to
     * be.
     *
     * @param failure of the cluster, and of each host that has not come to its end
     */
    public record UserRefused(ClusterId cluster, Failure failure) implements Observation {
        private static final String UNSEEN = "it cannot be asked for any more: ";

        /** @param words what the service or the sign-on said, without the token */
        public static UserRefused unauthorized(ClusterId cluster, String words) {
            return new UserRefused(cluster, new Failure(Failure.Side.PLAN, Failure.UNAUTHORIZED, UNSEEN + words));
        }

        /** @param words what the service said */
        public static UserRefused forbidden(ClusterId cluster, String words) {
            return new UserRefused(cluster, new Failure(Failure.Side.PLAN, Failure.FORBIDDEN, UNSEEN + words));
        }
    }
}
