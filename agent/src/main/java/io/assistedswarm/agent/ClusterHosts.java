package io.assistedswarm.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The hosts file of a cluster ({@code DRY_CLUSTER_HOSTS_PATH}): which marker tells that which host has rebooted. */
public final class ClusterHosts {
    private final Map<String, Marker> markers;

    private ClusterHosts(Map<String, Marker> markers) {
        this.markers = markers;
    }

    /**
     * @param path empty for a cluster without hosts
     * @throws UsageException if the file cannot be read or is not what it should be
     */
    public static ClusterHosts read(String path) throws UsageException {
        if (path.isEmpty()) {
            return new ClusterHosts(Map.of());
        }
        try {
            if (Json.parse(Files.readAllBytes(Path.of(path))) instanceof List<?> hosts) {
                return of(hosts);
            }
            throw new UsageException(1, "Failed to parse dry cluster hosts: " + path + " holds no JSON list");
        } catch (IOException | InvalidPathException e) {
            throw new UsageException(1, "Failed to parse dry cluster hosts " + path + ": " + e.getMessage());
        }
    }

    /** @param markers by host name */
    public static ClusterHosts of(Map<String, Marker> markers) {
        Map<String, Marker> byName = new HashMap<>();
        markers.forEach((name, marker) -> byName.put(name.toLowerCase(Locale.ROOT), marker));
        return new ClusterHosts(byName);
    }

    private static ClusterHosts of(List<?> hosts) {
        Map<String, Marker> markers = new HashMap<>();
        for (Object host : hosts) {
            String name = Json.textAt(host, "hostname");
            markers.put(name, Marker.ofFile(Json.textAt(host, "rebootMarkerPath")));
        }
        return of(markers);
    }

    public int size() {
        return markers.size();
    }

    /** Whether the host of that name, as the service knows it, counts as a node of the cluster. */
    public boolean isNode(String hostname) {
        Marker marker = markers.get(hostname.toLowerCase(Locale.ROOT));
        return marker != null && marker.isMade();
    }

    /** Those of the service's hosts that have rebooted. */
    public List<Object> nodesAmong(List<?> hosts) {
        List<Object> nodes = new ArrayList<>();
        for (Object host : hosts) {
            if (isNode(Json.textAt(host, "requested_hostname"))) {
                nodes.add(host);
            }
        }
        return nodes;
    }
}
