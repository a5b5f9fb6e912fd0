package io.assistedswarm.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepAnswersTest {
    private static final String HOST = "827dab0f-0122-4f94-b307-848e5c48edd9";
    private final StepAnswers answers =
            new StepAnswers(new Inventory("sno-5-0", "02:00:05:00:00:00", "10.123.0.1/16", Hardware.STANDARD), "");

    private String output(String stepType, String... args) {
        StepReply reply = answers.answer(stepType, List.of(args));
        assertThat(reply.exitCode()).as(reply.error()).isZero();
        assertThat(reply.error()).isEmpty();
        return reply.output();
    }

    @Test
    void inventoryHasOnePhysicalNicWithTheForcedAddresses() throws IOException {
        Object inventory = Json.parse(output("inventory", HOST));
        assertThat(Json.textAt(inventory, "hostname")).isEqualTo("sno-5-0");
        assertThat(Json.textAt(inventory, "bmc_address")).isEqualTo("0.0.0.0");
        assertThat(Json.listAt(inventory, "interfaces")).singleElement().satisfies(nic -> {
            assertThat(Json.textAt(nic, "type")).isEqualTo("physical");
            assertThat(Json.textAt(nic, "mac_address")).isEqualTo("02:00:05:00:00:00");
            assertThat(Json.listAt(nic, "ipv4_addresses")).isEqualTo(List.of("10.123.0.1/16"));
            assertThat(Json.listAt(nic, "ipv6_addresses")).isEmpty();
        });
        assertThat(Json.listAt(inventory, "routes"))
                .filteredOn(route -> Json.textAt(route, "destination").equals("0.0.0.0"))
                .singleElement()
                .satisfies(route -> assertThat(Json.textAt(route, "gateway")).isNotEmpty());
    }

    @Test
    void inventoryIsTheSameEachTimeSoThatItIsPostedOnce() {
        assertThat(output("inventory", HOST)).isEqualTo(output("inventory", HOST));
    }

    @Test
    void connectivityCheckFindsEveryAddressOfEveryHost() {
        assertThat(
                        output(
                                "connectivity-check",
                                "[{\"host_id\":\"a\",\"nics\":[{\"ip_addresses\":[\"10.123.0.3\"],\"mac\":\"02:00\",\"name\":\"eth0\"}]}]"))
                .isEqualTo("{\"remote_hosts\":[{\"host_id\":\"a\",\"l2_connectivity\":[{\"outgoing_nic\":\"eth0\","
                        + "\"remote_ip_address\":\"10.123.0.3\",\"remote_mac\":\"02:00\",\"successful\":true}],"
                        + "\"l3_connectivity\":[{\"remote_ip_address\":\"10.123.0.3\",\"successful\":true}],"
                        + "\"mtu_report\":null}]}");
    }

    @Test
    void noNameResolvesAndThatIsSaidOfEachOne() {
        assertThat(
                        output(
                                "domain-resolution",
                                "{\"domains\":[{\"domain_name\":\"api.c.x\"},{\"domain_name\":\"validateNoWildcardDNS.c.x.\"}]}"))
                .isEqualTo("{\"resolutions\":[{\"cnames\":null,\"domain_name\":\"api.c.x\",\"ipv4_addresses\":[],"
                        + "\"ipv6_addresses\":[]},{\"cnames\":null,\"domain_name\":\"validateNoWildcardDNS.c.x.\","
                        + "\"ipv4_addresses\":[],\"ipv6_addresses\":[]}]}");
    }

    @Test
    void onlyTheClustersNamesResolveWhereTheyDo() {
        StepAnswers withDns = new StepAnswers(
                new Inventory("sno-5-0", "02:00:05:00:00:00", "10.123.0.1/16", Hardware.STANDARD), "10.123.0.1");
        String request =
                "{\"domains\":[{\"domain_name\":\"api-int.c.x\"},{\"domain_name\":\"validateNoWildcardDNS.c.x\"}]}";
        assertThat(withDns.answer("domain-resolution", List.of(request)).output())
                .contains("\"domain_name\":\"api-int.c.x\",\"ipv4_addresses\":[\"10.123.0.1\"]")
                .contains("\"domain_name\":\"validateNoWildcardDNS.c.x\",\"ipv4_addresses\":[]");
    }

    @Test
    void timeIsSynced() {
        assertThat(output("ntp-synchronizer", "{\"ntp_source\":\"\"}"))
                .isEqualTo("{\"ntp_sources\":[{\"source_name\":\"127.127.1.1\",\"source_state\":\"synced\"}]}");
        assertThat(output("ntp-synchronizer", "{\"ntp_source\":\"a, b\"}")).contains("\"a\"", "\"b\"");
    }

    @Test
    void vipsAreVerified() {
        assertThat(output("verify-vips", "[{\"vip\":\"10.123.255.253\",\"vip_type\":\"api\"}]"))
                .isEqualTo("[{\"verification\":\"succeeded\",\"vip\":\"10.123.255.253\",\"vip_type\":\"api\"}]");
    }

    @Test
    void theDiskIsFast() {
        assertThat(output("installation-disk-speed-check", "{\"path\":\"/dev/vda\"}", "480.00"))
                .isEqualTo("{\"io_sync_duration\":1,\"path\":\"/dev/vda\"}");
    }

    @Test
    void imagesAreAvailable() {
        assertThat(output("container-image-availability", "{\"images\":[\"a\"],\"timeout\":960}"))
                .isEqualTo("{\"images\":[{\"download_rate\":100,\"name\":\"a\",\"result\":\"success\","
                        + "\"size_bytes\":400000000,\"time\":10}]}");
    }

    @Test
    void freeAddressesAreAllButItsOwn() {
        assertThat(output("free-network-addresses", "[\"10.123.0.0/30\"]"))
                .isEqualTo("[{\"free_addresses\":[\"10.123.0.2\"],\"network\":\"10.123.0.0/30\"}]");
    }

    @Test
    void anUpgradeSucceeds() {
        assertThat(output("upgrade-agent", "{\"agent_image\":\"agent:2\"}"))
                .isEqualTo("{\"agent_image\":\"agent:2\",\"result\":\"success\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"execute", "next-step-runner", "no-such-step"})
    void anUnknownStepIsRefusedWithMinusOne(String stepType) {
        StepReply reply = answers.answer(stepType, List.of());
        assertThat(reply.exitCode()).isEqualTo(-1);
        assertThat(reply.error()).contains(stepType);
        assertThat(reply.body(stepType, "x-1")).containsOnlyKeys("error", "exit_code", "step_id", "step_type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"connectivity-check", "ntp-synchronizer", "verify-vips", "container-image-availability"})
    void argumentsThatAreNoJsonAreRefusedWithMinusOne(String stepType) {
        assertThat(answers.answer(stepType, List.of("{")).exitCode()).isEqualTo(-1);
        assertThat(answers.answer(stepType, List.of()).exitCode()).isEqualTo(-1);
    }

    @Test
    void moreThanOneArgumentFailsTheInventory() {
        assertThat(answers.answer("inventory", List.of(HOST, "100")).exitCode()).isEqualTo(-1);
    }

    @Test
    void aReplyLeavesOutWhatIsEmptyOrZero() {
        assertThat(StepReply.ok("x").body("inventory", "inventory-1"))
                .containsOnlyKeys("output", "step_id", "step_type");
    }
}
