package io.assistedswarm.rehearsal.service.machine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Inventory;
import io.assistedswarm.rehearsal.service.model.Replies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.BiPredicate;

/**
 * Which hosts of a cluster reach each other, by their reports: a pair counts when both directions were reported, and a group
 * counts from three members on (reference, dry-run-agent.md 7.3).
 *
 * @param byNetwork machine network, or {@code IPv4} / {@code IPv6}, to the members of its largest group
 * @param reached host to those of its addresses that another host reached on layer 3
 */
record Connectivity(Map<String, Set<UUID>> byNetwork, Map<UUID, Set<String>> reached) {
    private static final int LEAST_GROUP = 3;

    static Connectivity of(Cluster cluster) {
        List<Host> hosts = cluster.hostList();
        Map<UUID, Set<UUID>> layer3 = new HashMap<>();
        Map<UUID, Set<String>> reached = new TreeMap<>();
        Map<UUID, Set<String>> addresses = new HashMap<>();
        hosts.forEach(host -> addresses.put(host.id, addresses(host)));
        for (Host host : hosts) {
            for (Replies.RemoteHost remote : remotes(host)) {
                UUID to = UUID.fromString(remote.hostId());
                for (Replies.L3 link : remote.l3Connectivity()) {
                    if (link.successful()
                            && addresses.getOrDefault(to, Set.of()).contains(link.remoteIpAddress())) {
                        layer3.computeIfAbsent(host.id, id -> new HashSet<>()).add(to);
                        reached.computeIfAbsent(to, id -> new TreeSet<>()).add(link.remoteIpAddress());
                    }
                }
            }
        }
        Map<String, Set<UUID>> groups = new LinkedHashMap<>();
        for (String network : cluster.machineNetworks) {
            Cidr.parse(network).ifPresent(cidr -> groups.put(network, largestGroup(hosts, onLayer2(hosts, cidr))));
        }
        BiPredicate<UUID, UUID> linked =
                (from, to) -> layer3.getOrDefault(from, Set.of()).contains(to);
        groups.put("IPv4", largestGroup(hosts, linked));
        groups.put("IPv6", Set.of());
        return new Connectivity(groups, reached);
    }

    /** Whether the host belongs to the majority, by layer 2 in its networks or, with user-managed networking, by layer 3. */
    boolean inMajority(Cluster cluster, Host host) {
        if (cluster.userManagedNetworking()) {
            return byNetwork.getOrDefault("IPv4", Set.of()).contains(host.id);
        }
        return !cluster.machineNetworks.isEmpty()
                && cluster.machineNetworks.stream()
                        .allMatch(network ->
                                byNetwork.getOrDefault(network, Set.of()).contains(host.id));
    }

    ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ObjectNode groups = json.putObject("majority_groups");
        byNetwork.forEach((network, members) -> {
            var list = groups.putArray(network);
            members.stream().map(UUID::toString).sorted().forEach(list::add);
        });
        ObjectNode connected = json.putObject("l3_connected_addresses");
        reached.forEach((host, ips) -> {
            var list = connected.putArray(host.toString());
            ips.forEach(list::add);
        });
        return json;
    }

    private static BiPredicate<UUID, UUID> onLayer2(List<Host> hosts, Cidr network) {
        Map<UUID, Set<UUID>> links = new HashMap<>();
        for (Host host : hosts) {
            for (Replies.RemoteHost remote : remotes(host)) {
                boolean reached = remote.l2Connectivity().stream()
                        .anyMatch(link -> link.successful()
                                && link.remoteIpAddress() != null
                                && network.contains(link.remoteIpAddress()));
                if (reached) {
                    links.computeIfAbsent(host.id, id -> new HashSet<>()).add(UUID.fromString(remote.hostId()));
                }
            }
        }
        return (from, to) -> links.getOrDefault(from, Set.of()).contains(to);
    }

    /** The largest set in which everybody reaches everybody, grown greedily from each host in turn. */
    private static Set<UUID> largestGroup(List<Host> hosts, BiPredicate<UUID, UUID> links) {
        Set<UUID> largest = Set.of();
        for (Host seed : hosts) {
            if (largest.contains(seed.id)) {
                continue;
            }
            List<UUID> group = new ArrayList<>(List.of(seed.id));
            for (Host candidate : hosts) {
                if (candidate != seed
                        && group.stream()
                                .allMatch(member ->
                                        links.test(member, candidate.id) && links.test(candidate.id, member))) {
                    group.add(candidate.id);
                }
            }
            if (group.size() >= LEAST_GROUP && group.size() > largest.size()) {
                largest = new TreeSet<>(group);
            }
        }
        return largest;
    }

    private static List<Replies.RemoteHost> remotes(Host host) {
        return host.connectivity.map(Replies.Connectivity::remoteHosts).orElse(List.of()).stream()
                .filter(remote -> isUuid(remote.hostId()))
                .toList();
    }

    private static Set<String> addresses(Host host) {
        Set<String> plain = new HashSet<>();
        host.inventory.map(Inventory::addresses).orElse(List.of()).forEach(a -> plain.add(Cidr.withoutPrefix(a)));
        return plain;
    }

    private static boolean isUuid(String text) {
        try {
            return text != null && UUID.fromString(text).toString().equalsIgnoreCase(text);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
