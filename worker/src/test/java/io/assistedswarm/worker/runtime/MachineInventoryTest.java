package io.assistedswarm.worker.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.assistedswarm.protocol.RuntimeSpec.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineInventoryTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** As the agent's inventory says it in dry mode, shortened. */
    private static final String SEEN = """
            {"bmc_address": "0.0.0.0", "boot": {"command_line": "it's quiet $HOME `id` \\"x\\" \\\\\\n"},
             "cpu": {"count": 2, "flags": ["fpu"]},
             "disks": [{"path": "/dev/vda", "size_bytes": 42949672960,
                        "installation_eligibility": {"eligible": false, "not_eligible_reasons": ["too small"]}},
                       {"path": "/dev/vdb", "size_bytes": 1}],
             "hostname": "the-forced-hostname",
             "interfaces": [{"name": "lo", "type": "device", "mac_address": "02:f0:0c:ed:f0:0c",
                             "ipv4_addresses": ["203.0.113.113/32"], "ipv6_addresses": ["::1/128"]}],
             "memory": {"physical_bytes": 1, "usable_bytes": 1}}
            """;

    @TempDir
    private Path folder;

    @Test
    void answersEachHostWithItsOwnNameAndAddresses() throws IOException {
        JsonNode inventory = answer(MachineInventory.script(SEEN, Machine.AS_IT_IS));
        assertThat(inventory.path("hostname").asText()).isEqualTo("c-0");
        assertThat(inventory.at("/interfaces/0/mac_address").asText()).isEqualTo("02:00:00:00:00:01");
        assertThat(inventory.at("/interfaces/0/ipv4_addresses").toString()).isEqualTo("[\"10.123.0.1/16\"]");
    }

    @Test
    void makesTheInterfaceOneThatTheServiceKeeps() throws IOException {
        JsonNode nic = answer(MachineInventory.script(SEEN, Machine.AS_IT_IS)).at("/interfaces/0");
        assertThat(nic.path("name").asText()).isEqualTo("eth0");
        assertThat(nic.path("type").asText()).isEqualTo("physical");
        assertThat(nic.path("ipv6_addresses")).isEmpty();
    }

    @Test
    void leavesTheRestAsItWasSeen() throws IOException {
        JsonNode inventory = answer(MachineInventory.script(SEEN, Machine.AS_IT_IS));
        assertThat(inventory.at("/boot/command_line").asText()).isEqualTo("it's quiet $HOME `id` \"x\" \\\n");
        for (String part : new String[] {"cpu", "disks", "memory"}) {
            assertThat(inventory.path(part)).isEqualTo(JSON.readTree(SEEN).path(part));
        }
    }

    @Test
    void saysThatTheMachineIsAsLargeAsItIsToldTo() throws IOException {
        JsonNode inventory = answer(MachineInventory.script(SEEN, new Machine(16, 32, 120)));
        assertThat(inventory.at("/cpu/count").asInt()).isEqualTo(16);
        assertThat(inventory.at("/memory/usable_bytes").asLong()).isEqualTo(32L << 30);
        assertThat(inventory.at("/disks/0/size_bytes").asLong()).isEqualTo(120L << 30);
        assertThat(inventory.at("/disks/0/installation_eligibility/eligible").asBoolean())
                .isTrue();
        assertThat(inventory.at("/disks/1/size_bytes").asLong()).isEqualTo(1);
    }

    @Test
    void refusesWhatIsNoInventoryOfADryAgent() {
        assertThatThrownBy(() -> MachineInventory.script("agent: no such flag", Machine.AS_IT_IS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not JSON");
        assertThatThrownBy(() -> MachineInventory.script("{\"interfaces\": []}", Machine.AS_IT_IS))
                .hasMessageContaining("0 network interfaces");
        assertThatThrownBy(() ->
                        MachineInventory.script(SEEN.replace("the-forced-hostname", "real-name"), Machine.AS_IT_IS))
                .hasMessageContaining("DRY_FORCED_HOSTNAME");
    }

    private JsonNode answer(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("inventory"), script);
        ProcessBuilder builder = new ProcessBuilder("/bin/sh", file.toString());
        builder.environment().put("DRY_FORCED_HOSTNAME", "c-0");
        builder.environment().put("DRY_FORCED_MAC_ADDRESS", "02:00:00:00:00:01");
        builder.environment().put("DRY_FORCED_HOST_IPV4", "10.123.0.1/16");
        return JSON.readTree(new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8));
    }
}
