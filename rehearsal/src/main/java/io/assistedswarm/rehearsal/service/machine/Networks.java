package io.assistedswarm.rehearsal.service.machine;

import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.Inventory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What follows for a cluster's networks from the addresses of its hosts. */
public final class Networks {
    private Networks() {}

    /** The network that holds the API VIP, once a host with an address in it has reported; empty if none has. */
    public static Optional<String> holding(Cluster cluster) {
        if (cluster.userManagedNetworking() || cluster.apiVips.isEmpty()) {
            return Optional.empty();
        }
        return holding(cluster, cluster.apiVips.getFirst());
    }

    /** The network of one of the hosts in which the address lies. */
    public static Optional<String> holding(Cluster cluster, String address) {
        return cluster.hostList().stream()
                .flatMap(host -> host.inventory.map(Inventory::addresses).orElse(List.of()).stream())
                .flatMap(own -> Cidr.parse(own).stream())
                .filter(network -> network.contains(address))
                .map(Cidr::toString)
                .findFirst();
    }

    public static boolean contains(String network, String address) {
        return Cidr.parse(network).filter(cidr -> cidr.contains(address)).isPresent();
    }

    /** A single node's own address serves as its VIPs. */
    public static Optional<String> addressInMachineNetwork(Cluster cluster, Host host) {
        return host.inventory.stream()
                .flatMap(inventory -> inventory.addresses().stream())
                .filter(address -> cluster.machineNetworks.stream()
                        .flatMap(network -> Cidr.parse(network).stream())
                        .anyMatch(network -> network.contains(address)))
                .map(Cidr::withoutPrefix)
                .findFirst();
    }

    /** Networks of the hosts' interfaces, each with the hosts in it, for {@code host_networks}. */
    public static Map<String, List<String>> ofHosts(Cluster cluster) {
        Map<String, List<String>> networks = new LinkedHashMap<>();
        for (Host host : cluster.hostList()) {
            Set<String> own = new TreeSet<>();
            host.inventory.map(Inventory::addresses).orElse(List.of()).stream()
                    .flatMap(address -> Cidr.parse(address).stream())
                    .forEach(network -> own.add(network.toString()));
            own.forEach(network -> networks.computeIfAbsent(network, n -> new java.util.ArrayList<>())
                    .add(host.id.toString()));
        }
        return networks;
    }

    /** Addresses that more than one MAC of the cluster has, with those MACs. */
    static Map<String, Set<String>> collisions(Cluster cluster) {
        Map<String, Set<String>> owners = new TreeMap<>();
        for (Host host : cluster.hostList()) {
            host.inventory.map(Inventory::interfaces).orElse(List.of()).forEach(nic -> {
                nic.ipv4Addresses().forEach(ip -> add(owners, ip, nic.macAddress()));
                nic.ipv6Addresses().forEach(ip -> add(owners, ip, nic.macAddress()));
            });
        }
        owners.values().removeIf(macs -> macs.size() < 2);
        return owners;
    }

    private static void add(Map<String, Set<String>> owners, String address, String mac) {
        owners.computeIfAbsent(Cidr.withoutPrefix(address), a -> new TreeSet<>())
                .add(mac);
    }
}
