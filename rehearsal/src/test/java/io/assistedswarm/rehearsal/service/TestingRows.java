package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.model.Cluster;
import io.assistedswarm.rehearsal.service.model.Host;
import io.assistedswarm.rehearsal.service.model.HostRole;
import io.assistedswarm.rehearsal.service.model.HostState;
import io.assistedswarm.rehearsal.service.model.InfraEnv;
import io.assistedswarm.rehearsal.service.model.Inventory;
import io.assistedswarm.rehearsal.service.model.ObjectKey;
import io.assistedswarm.rehearsal.service.model.Replies;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Rows of the service's database for tests: clusters of which every host passes every check. */
public final class TestingRows {
    public static final Instant NOW = Instant.parse("2026-11-23T00:00:00Z");
    public static final ServiceSettings SETTINGS = ServiceSettings.at("http://127.0.0.1:8090", TimeScale.REAL, 1_000);

    private TestingRows() {}

    public static Cluster cluster(int controlPlanes, int workers) {
        boolean singleNode = controlPlanes == 1 && workers == 0;
        return new Cluster(
                new UUID(1, 1),
                new ObjectKey("c", "c"),
                new Cluster.Definition(
                        "c",
                        "example.com",
                        "quay.io/openshift-release-dev/ocp-release:4.18.52-x86_64",
                        "4.18.52",
                        controlPlanes,
                        workers,
                        0,
                        singleNode,
                        List.of("10.123.0.0/16"),
                        List.of(new Cluster.ClusterNetwork("10.128.0.0/14", 23)),
                        List.of("172.30.0.0/16"),
                        "OVNKubernetes",
                        singleNode ? List.of() : List.of("10.123.255.253"),
                        singleNode ? List.of() : List.of("10.123.255.254"),
                        ""),
                NOW);
    }

    public static InfraEnv infraEnv(Cluster cluster) {
        return new InfraEnv(new UUID(2, 1), new ObjectKey("c", "c"), Optional.of(cluster), NOW);
    }

    /** Masters first, then workers, all in the given state and with all their replies in. */
    public static List<Host> hosts(Cluster cluster, HostState state) {
        InfraEnv infraEnv = infraEnv(cluster);
        List<Host> hosts = new ArrayList<>();
        for (int i = 0; i < cluster.definition.size(); i++) {
            Host host = host(infraEnv, i, state);
            host.role = i < cluster.definition.controlPlanes() ? HostRole.MASTER : HostRole.WORKER;
            host.suggestedRole = host.role;
            cluster.hosts.put(host.id, host);
            hosts.add(host);
        }
        hosts.forEach(host -> host.connectivity = Optional.of(reaching(hosts, host)));
        cluster.apiVips.forEach(vip -> cluster.vipVerification.put(vip, "succeeded"));
        cluster.ingressVips.forEach(vip -> cluster.vipVerification.put(vip, "succeeded"));
        return hosts;
    }

    public static Host host(InfraEnv infraEnv, int index, HostState state) {
        Host host = new Host(new UUID(3, index), infraEnv, NOW.plusMillis(index));
        host.state = state;
        host.checkedInAt = NOW;
        host.timestamp = NOW.getEpochSecond();
        host.agentVersion = SETTINGS.images().agent();
        give(host, inventory("c-" + index, index));
        host.ntp = Optional.of(new Replies.Ntp(List.of(new Replies.NtpSource("127.127.1.1", "synced"))));
        host.domains = Optional.of(new Replies.Domains(List.of(
                new Replies.Resolution("validateNoWildcardDNS.c.example.com.", List.of(), List.of()),
                new Replies.Resolution("validateNoWildcardDNS.c.example.com", List.of(), List.of()))));
        return host;
    }

    public static void give(Host host, String inventory) {
        try {
            ObjectNode json = (ObjectNode) Json.LENIENT.readTree(inventory);
            host.inventoryJson = Optional.of(json);
            host.inventory = Optional.of(Json.LENIENT.treeToValue(json, Inventory.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(inventory, e);
        }
    }

    public static String inventory(String hostname, int index) {
        return """
                {"hostname": "%s",
                 "cpu": {"count": 8, "architecture": "x86_64"},
                 "memory": {"physical_bytes": 68719476736},
                 "disks": [{"id": "/dev/vda", "name": "vda", "path": "/dev/vda", "drive_type": "HDD", "size_bytes": 274877906944,
                            "installation_eligibility": {"eligible": true}}],
                 "interfaces": [{"name": "eth0", "type": "physical", "mac_address": "02:00:00:00:00:%02x",
                                 "ipv4_addresses": ["10.123.0.%d/16"], "ipv6_addresses": []}],
                 "routes": [{"destination": "0.0.0.0", "family": 2, "gateway": "10.123.0.254", "interface": "eth0"}],
                 "system_vendor": {"manufacturer": "m", "product_name": "p", "virtual": true}}
                """.formatted(hostname, index, index + 1);
    }

    public static Replies.Connectivity reaching(List<Host> hosts, Host from) {
        return new Replies.Connectivity(hosts.stream()
                .filter(host -> host != from)
                .map(host -> {
                    String address = host.inventory
                            .orElseThrow()
                            .interfaces()
                            .getFirst()
                            .ipv4Addresses()
                            .getFirst();
                    String ip = address.substring(0, address.indexOf('/'));
                    return new Replies.RemoteHost(
                            host.id.toString(),
                            List.of(new Replies.L2(ip, "", true)),
                            List.of(new Replies.L3(ip, true, 1, 0)));
                })
                .toList());
    }
}
