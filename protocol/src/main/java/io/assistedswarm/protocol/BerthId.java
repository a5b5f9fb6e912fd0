package io.assistedswarm.protocol;

/**
 * Places of one worker that hold hosts of one cluster. Its name leads the ids of the entities there, and tells their shard: all berths of one
 * start of a worker are one shard, {@code SHARD-NUMBER}.
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

    /** Counts the berths of its worker. */
    public int number() {
        return Integer.parseInt(value.substring(dash() + 1));
    }

    /** Where one start of a worker has all its entities. */
    public String shard() {
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
