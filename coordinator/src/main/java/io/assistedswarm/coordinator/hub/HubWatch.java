package io.assistedswarm.coordinator.hub;

import io.assistedswarm.protocol.BareMetalFlow;
import io.assistedswarm.protocol.HostId;
import io.assistedswarm.protocol.Labels;
import io.assistedswarm.protocol.LogIds;
import io.assistedswarm.protocol.SwarmId;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One LIST and WATCH for each observed kind of a swarm's objects, filtered by its label on the server. */
final class HubWatch implements Hub.Watching {
    private static final Logger LOG = LoggerFactory.getLogger(HubWatch.class);
    private static final long NO_RESYNC = 0;
    private static final long PAGE = 500;
    static final Duration LOOK = Duration.ofSeconds(10);

    /** How often a watch may be seen without a connection, and without an answer, before it is begun anew; doubled while that does not help. */
    private static final int LOOKS = 3;

    private static final int MOST_LOOKS = 24;

    private final KubernetesClient client;
    private final SwarmId swarm;
    private final HubHealth health;
    private final Executor checking;
    private final List<OfKind> kinds = new ArrayList<>();
    private boolean closed;

    /**
     * @param health of the client
     * @param checking runs what it is given after {@link #LOOK}
     */
    HubWatch(
            KubernetesClient client,
            SwarmId swarm,
            BareMetalFlow flow,
            Function<String, Optional<HostId>> hostOfUuid,
            Hub.Observer observer,
            HubHealth health,
            Executor checking) {
        this.client = client;
        this.swarm = swarm;
        this.health = health;
        this.checking = checking;
        health.watched(swarm);
        watch(Kinds.INFRA_ENV, Reading::infraEnv, state -> {
            observer.infraEnv(state);
            PullSecretWords.refused(state).ifPresent(observer::userRefused);
        });
        watch(Kinds.AGENT_CLUSTER_INSTALL, Reading::agentClusterInstall, state -> {
            observer.agentClusterInstall(state);
            PullSecretWords.refused(state).ifPresent(observer::userRefused);
        });
        watch(Kinds.BARE_METAL_HOST, Reading::bareMetalHost, observer::bareMetalHost);
        if (flow.converged()) {
            watch(Kinds.PREPROVISIONING_IMAGE, Reading::preprovisioningImage, observer::preprovisioningImage);
        }
        watch(Kinds.AGENT, object -> Reading.agent(object, hostOfUuid), observer::agent);
        checkLater();
    }

    @Override
    public synchronized void close() {
        closed = true;
        kinds.forEach(OfKind::stop);
        health.unwatched(swarm);
    }

    private <S> void watch(Kinds kind, Function<GenericKubernetesResource, Optional<S>> reading, Consumer<S> observer) {
        kinds.add(new OfKind(kind, new Changes<>(swarm, kind, reading, observer)));
    }

    private void checkLater() {
        checking.execute(() -> LogIds.with(LogIds.of(swarm), this::check));
    }

    private synchronized void check() {
        if (!closed) {
            kinds.forEach(OfKind::tryCheck);
            checkLater();
        }
    }

    /**
     * The client takes up a broken watch by itself, but for one that breaks in the moment in which it is made: that is never told to
     * the client, which waits for it until its own check, 5 to 12 minutes later (kubernetes-client 8.0.0, Vertx5HttpClient).
     */
    private final class OfKind {
        private final Kinds kind;
        private final ResourceEventHandler<GenericKubernetesResource> handler;
        private SharedIndexInformer<GenericKubernetesResource> informer;
        private int deafLooks;
        private int patience = LOOKS;

        private OfKind(Kinds kind, ResourceEventHandler<GenericKubernetesResource> handler) {
            this.kind = kind;
            this.handler = handler;
            begin();
        }

        private void begin() {
            informer = informer(client, kind.type(), swarm, handler);
            informer.start().whenComplete((started, failure) -> {
                if (failure != null) {
                    LogIds.with(
                            LogIds.of(swarm), () -> LOG.error("the watch of [{}] did not start", kind.kind(), failure));
                }
            });
        }

        /** What cannot be begun now is not to keep the others, and itself, from being looked at later. */
        private void tryCheck() {
            try {
                check();
            } catch (RuntimeException e) {
                LOG.error("the watch of [{}] could not be begun anew", kind.kind(), e);
            }
        }

        /** A first LIST takes its time, and is tried again by itself; so is a watch that is refused, at once or after a pause. */
        private void check() {
            if (informer.isWatching()) {
                deafLooks = 0;
                patience = LOOKS;
            } else if (informer.hasSynced()) {
                deafLooks++;
            }
            Duration silence = health.silence(swarm, kind.plural());
            if (deafLooks > patience && silence.compareTo(LOOK.multipliedBy(patience)) >= 0) {
                LOG.warn(
                        "the watch of [{}] has no connection and has heard nothing for [{}]: it is begun anew",
                        kind.kind(),
                        silence);
                deafLooks = 0;
                patience = Math.min(2 * patience, MOST_LOOKS);
                informer.stop();
                begin();
            }
        }

        private void stop() {
            informer.stop();
        }
    }

    /** Not started yet. It tries again for as long as it is not stopped, whatever goes wrong. */
    static SharedIndexInformer<GenericKubernetesResource> informer(
            KubernetesClient client,
            ObjectKind kind,
            SwarmId swarm,
            ResourceEventHandler<GenericKubernetesResource> handler) {
        var ofKind = client.genericKubernetesResources(kind.context());
        var labelled = kind.namespaced()
                ? ofKind.inAnyNamespace().withLabel(Labels.SWARM, swarm.value())
                : ofKind.withLabel(Labels.SWARM, swarm.value());
        return labelled.withLimit(PAGE)
                .runnableInformer(NO_RESYNC)
                // Nothing is ever looked up by namespace.
                .removeNamespaceIndex()
                .itemStore(new NamesOnly())
                .exceptionHandler((started, failure) -> {
                    LogIds.with(
                            LogIds.of(swarm),
                            () -> LOG.warn("the watch of [{}] is interrupted: [{}]", kind.kind(), failure.toString()));
                    return true;
                })
                .addEventHandler(handler);
    }

    /** Passes on what differs from the last time, as most updates of an object touch nothing that an actor decides by. */
    private record Changes<S>(
            SwarmId swarm,
            Kinds kind,
            Function<GenericKubernetesResource, Optional<S>> reading,
            Consumer<S> observer,
            Map<String, S> last)
            implements ResourceEventHandler<GenericKubernetesResource> {
        private Changes(
                SwarmId swarm,
                Kinds kind,
                Function<GenericKubernetesResource, Optional<S>> reading,
                Consumer<S> observer) {
            this(swarm, kind, reading, observer, new ConcurrentHashMap<>());
        }

        @Override
        public void onAdd(GenericKubernetesResource object) {
            LogIds.with(LogIds.of(swarm), () -> tryPass(object));
        }

        /** The client would say it without the swarm's id, and go on. */
        private void tryPass(GenericKubernetesResource object) {
            try {
                pass(object);
            } catch (RuntimeException e) {
                LOG.error(
                        "[{}] [{}/{}] could not be read",
                        kind.kind(),
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName(),
                        e);
            }
        }

        private void pass(GenericKubernetesResource object) {
            Optional<S> state = reading.apply(object);
            if (state.isEmpty()) {
                LOG.warn(
                        "[{}] [{}/{}] carries the swarm's label but is none of its objects",
                        kind.kind(),
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName());
            } else if (!state.get().equals(last.get(object.getMetadata().getUid()))) {
                // Only then: who has been told keeps the same one, and an equal one beside it would be kept for each
                // object.
                last.put(object.getMetadata().getUid(), state.get());
                observer.accept(state.get());
            }
        }

        @Override
        public void onUpdate(GenericKubernetesResource before, GenericKubernetesResource object) {
            onAdd(object);
        }

        @Override
        public void onDelete(GenericKubernetesResource object, boolean finalStateUnknown) {
            last.remove(object.getMetadata().getUid());
        }
    }
}
