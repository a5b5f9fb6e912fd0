package io.assistedswarm.worker.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.protocol.RuntimeSpec.Machine;
import java.util.Map;

/**
 * What the agent's own {@code inventory} says of this machine. It says the same for each host and each minute, but for the three things
 * that dry mode forces; so it is asked once, and hosts are answered by a script: a run costs 200 ms of CPU, the script one.
 *
 * <p>Two things of dry mode are corrected (assisted-installer-agent, src/inventory/dry_inventory.go): it keeps the first interface with
 * an IPv4 address, which is {@code lo} of a type that the service drops; and it leaves that one's IPv6 address, the same for all hosts.
 */
final class MachineInventory {
    private static final long GIB = 1L << 30;
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What the inventory is forced to say, and the variable in whose place it stands. The texts are in their field's form. */
    static final Map<String, String> FORCED = Map.of(
            "DRY_FORCED_HOSTNAME", "the-forced-hostname",
            "DRY_FORCED_MAC_ADDRESS", "02:f0:0c:ed:f0:0c",
            "DRY_FORCED_HOST_IPV4", "203.0.113.113/32");

    private MachineInventory() {}

    /**
     * A shell script that prints it as a host's own.
     *
     * @param output of {@code inventory} in dry mode with {@link #FORCED}
     * @param size what it is to say of the machine's size
     * @throws IllegalArgumentException when it is not an inventory that a host could be made of
     */
    static String script(String output, Machine size) {
        String json = corrected(output, size).replace("'", "'\\''");
        for (Map.Entry<String, String> forced : FORCED.entrySet()) {
            if (!json.contains(forced.getValue())) {
                throw new IllegalArgumentException("the agent's inventory does not say what " + forced.getKey()
                        + " forces it to say: is it one with a dry mode?");
            }
            json = json.replace(forced.getValue(), "'\"$" + forced.getKey() + "\"'");
        }
        return "#!/bin/sh\n# This machine, as the agent's inventory saw it once.\nprintf %s '" + json + "'\n";
    }

    private static String corrected(String output, Machine size) {
        try {
            JsonNode inventory = JSON.readTree(output);
            JsonNode interfaces = inventory.path("interfaces");
            if (interfaces.size() != 1 || !(interfaces.get(0) instanceof ObjectNode nic)) {
                throw new IllegalArgumentException(
                        "the agent's inventory says of this machine that it has " + interfaces.size()
                                + " network interfaces, where dry mode leaves 1: is there one with an IPv4 address?");
            }
            nic.put("name", "eth0");
            nic.put("type", "physical");
            nic.putArray("ipv6_addresses");
            resize(inventory, size);
            return JSON.writeValueAsString(inventory);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the agent's inventory is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static void resize(JsonNode inventory, Machine size) {
        if (size.cores() > 0 && inventory.path("cpu") instanceof ObjectNode cpu) {
            cpu.put("count", size.cores());
        }
        if (size.memoryGib() > 0 && inventory.path("memory") instanceof ObjectNode memory) {
            memory.put("physical_bytes", size.memoryGib() * GIB);
            memory.put("usable_bytes", size.memoryGib() * GIB);
        }
        if (size.diskGib() > 0 && inventory.path("disks").path(0) instanceof ObjectNode disk) {
            disk.put("size_bytes", size.diskGib() * GIB);
            disk.putObject("installation_eligibility").put("eligible", true);
        }
    }
}
