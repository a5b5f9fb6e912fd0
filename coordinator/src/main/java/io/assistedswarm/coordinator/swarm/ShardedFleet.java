package io.assistedswarm.coordinator.swarm;

import io.assistedswarm.protocol.BerthExtractor;
import io.assistedswarm.protocol.BerthId;
import io.assistedswarm.protocol.ClusterCommand;
import io.assistedswarm.protocol.HostCommand;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Address;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.RecipientRef;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocation;
import org.apache.pekko.cluster.sharding.external.ExternalShardAllocationStrategy;
import org.apache.pekko.cluster.sharding.external.javadsl.ExternalShardAllocationClient;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/** The fleet by way of cluster sharding; on the coordinator's side there is only a proxy, as entities live on workers. */
public final class ShardedFleet implements Fleet {
    private static final String WORKER_ROLE = "worker";
    private static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(5);

    private final ClusterSharding sharding;
    private final Moorings moorings;

    public ShardedFleet(ActorSystem<?> system) {
        sharding = ClusterSharding.get(system);
        startProxy(system, ClusterCommand.TYPE_KEY);
        startProxy(system, HostCommand.TYPE_KEY);
        ExternalShardAllocation allocation = ExternalShardAllocation.get(system);
        ExternalShardAllocationClient clusterShards = allocation.getClient(ClusterCommand.TYPE_KEY.name());
        ExternalShardAllocationClient hostShards = allocation.getClient(HostCommand.TYPE_KEY.name());
        moorings = new Moorings(locations -> clusterShards
                .setShardLocations(locations)
                .thenCombine(hostShards.setShardLocations(locations), (clusters, hosts) -> Done.getInstance()));
    }

    @Override
    public RecipientRef<ClusterCommand> cluster(String entity) {
        return sharding.entityRefFor(ClusterCommand.TYPE_KEY, entity);
    }

    @Override
    public RecipientRef<HostCommand> host(String entity) {
        return sharding.entityRefFor(HostCommand.TYPE_KEY, entity);
    }

    @Override
    public CompletionStage<Done> moor(Map<BerthId, Address> berths) {
        return moorings.moor(berths.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().shard(), Map.Entry::getValue, (one, same) -> one)));
    }

    private <M> void startProxy(ActorSystem<?> system, EntityTypeKey<M> key) {
        sharding.init(Entity.of(key, unused -> Behaviors.<M>empty())
                .withRole(WORKER_ROLE)
                .withMessageExtractor(new BerthExtractor<>())
                .withAllocationStrategy(ExternalShardAllocationStrategy.create(system, key.name(), CLIENT_TIMEOUT)));
    }
}
