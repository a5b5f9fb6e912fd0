package io.assistedswarm.protocol;

/**
 * A shard: the places of one worker that hold, at one time, hosts of one cluster. Berths are reused when their cluster has ended,
 * so that the number of shards follows the clusters at one time and not the clusters of a run.
 */
public record BerthId(String value) {
    public BerthId {
        if (value.isEmpty() || value.indexOf('/') >= 0) {
            throw new IllegalArgumentException("'" + value + "' is not a berth id");
        }
    }

    /** Entity id of a cluster in this berth. */
    public String entity(ClusterId cluster) {
        return value + "/" + cluster.name();
    }

    /** Entity id of a host in this berth. */
    public String entity(HostId host) {
        return value + "/" + host.name();
    }

    /** Counts the berths of its worker, which leads the berth's name. */
    public int number() {
        return Integer.parseInt(value.substring(dash() + 1));
    }

    /** The berth's name without its number. */
    public String prefix() {
        return value.substring(0, dash());
    }

    private int dash() {
        return value.lastIndexOf('-');
    }

    /** The berth in an entity id written by {@code entity}. */
    public static BerthId ofEntity(String entityId) {
        int slash = entityId.indexOf('/');
        if (slash < 1) {
            throw new IllegalArgumentException("entity id '" + entityId + "' names no berth");
        }
        return new BerthId(entityId.substring(0, slash));
    }

    @Override
    public String toString() {
        return value;
    }
}
