package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** A host as the recordings show one: polls when told to, and answers each step as a dry-run agent does. */
final class TestingAgent {
    final String id;
    private final int index;
    private final String path;
    private final TestingCaller caller;
    private final List<List<String>> polls = new ArrayList<>();
    private String inventory;
    private boolean inventorySent;
    private boolean inTime = true;
    private JsonNode installation = Json.LENIENT.missingNode();
    private String lastAction = "";

    TestingAgent(TestingCaller caller, String infraEnv, String id, String name, int index) {
        this.caller = caller;
        this.id = id;
        this.index = index;
        this.path = "/v2/infra-envs/" + infraEnv + "/hosts";
        this.inventory = TestingRows.inventory(name, index);
    }

    /** Another inventory than that of a good host. */
    TestingAgent reporting(String other) {
        inventory = other;
        return this;
    }

    /** No NTP server answers. */
    TestingAgent outOfTime() {
        inTime = false;
        return this;
    }

    /** The argument of the install step; missing before it was given. */
    JsonNode installation() {
        return installation;
    }

    /** {@code post_step_action} of the last poll. */
    String lastAction() {
        return lastAction;
    }

    int index() {
        return index;
    }

    JsonNode register() {
        inventorySent = false;
        return caller.call(
                "POST",
                path,
                "{\"discovery_agent_version\":\"%s\",\"host_id\":\"%s\"}"
                        .formatted(TestingRows.SETTINGS.images().agent(), id));
    }

    /** The types of the steps of all polls so far. */
    List<List<String>> polls() {
        return polls;
    }

    JsonNode poll() {
        JsonNode instructions = caller.call(
                "GET", path + "/" + id + "/instructions?timestamp=" + System.currentTimeMillis() / 1000, "");
        polls.add(types(instructions));
        lastAction = instructions.path("post_step_action").asText();
        instructions.path("instructions").forEach(this::answer);
        return instructions;
    }

    void stage(String stage, String info) {
        ObjectNode body = Json.LENIENT.createObjectNode().put("current_stage", stage);
        if (!info.isEmpty()) {
            body.put("progress_info", info);
        }
        caller.call("PUT", path + "/" + id + "/progress", body.toString());
    }

    /** What a failed installer makes the agent answer to its step. */
    void failInstallation(int exitCode) {
        caller.call(
                "POST",
                path + "/" + id + "/instructions",
                "{\"step_type\":\"install\",\"step_id\":\"install-1\",\"exit_code\":%d,\"error\":\"panic\"}"
                        .formatted(exitCode));
    }

    void sendLogs(String cluster) {
        for (String state : List.of("requested", "requested", "collecting")) {
            caller.call("PUT", path + "/" + id + "/logs-progress", "{\"logs_state\":\"" + state + "\"}");
        }
        String infraEnv = path.substring("/v2/infra-envs/".length(), path.length() - "/hosts".length());
        caller.call(
                "POST",
                "/v2/clusters/" + cluster + "/logs?logs_type=host&infra_env_id=" + infraEnv + "&host_id=" + id,
                "not looked at");
        caller.call("PUT", path + "/" + id + "/logs-progress", "{\"logs_state\":\"completed\"}");
    }

    void downloadIgnition() {
        caller.call("GET", path.replace("infra-envs", "infra-env") + "/" + id + "/downloads/ignition", "");
    }

    static List<String> types(JsonNode instructions) {
        List<String> types = new ArrayList<>();
        instructions
                .path("instructions")
                .forEach(step -> types.add(step.path("step_type").asText()));
        return types;
    }

    private void answer(JsonNode step) {
        String type = step.path("step_type").asText();
        JsonNode argument = json(step.path("args").path(0).asText("null"));
        JsonNode output = switch (type) {
            case "inventory" -> json(inventory);
            case "ntp-synchronizer" ->
                json("{\"ntp_sources\":[%s]}"
                        .formatted(inTime ? "{\"source_name\":\"127.127.1.1\",\"source_state\":\"synced\"}" : ""));
            case "domain-resolution" -> domains(argument);
            case "connectivity-check" -> reached(argument);
            case "verify-vips" -> verified(argument);
            case "installation-disk-speed-check" -> ((ObjectNode) argument.deepCopy()).put("io_sync_duration", 1);
            case "container-image-availability" -> pulled(argument);
            case "api-vip-connectivity-check" ->
                ((ObjectNode) argument.deepCopy()).put("is_success", true).put("ignition", "{}");
            case "logs-gather", "stop-installation" -> null;
            case "install" -> {
                installation = argument;
                yield null;
            }
            default -> throw new IllegalStateException("no answer to step " + type);
        };
        if (output == null || (type.equals("inventory") && inventorySent)) {
            // An unchanged inventory is not posted again; the install step's reply comes last, if at all.
            return;
        }
        inventorySent |= type.equals("inventory");
        ObjectNode reply = Json.LENIENT.createObjectNode();
        reply.put("output", output.toString());
        reply.put("step_id", step.path("step_id").asText());
        reply.put("step_type", type);
        caller.call("POST", path + "/" + id + "/instructions", reply.toString());
    }

    private static JsonNode domains(JsonNode argument) {
        ObjectNode output = Json.LENIENT.createObjectNode();
        ArrayNode resolutions = output.putArray("resolutions");
        argument.path("domains").forEach(domain -> {
            ObjectNode resolution = resolutions.addObject();
            resolution.putNull("cnames");
            resolution.put("domain_name", domain.path("domain_name").asText());
            resolution.putArray("ipv4_addresses");
            resolution.putArray("ipv6_addresses");
        });
        return output;
    }

    private static JsonNode reached(JsonNode argument) {
        ObjectNode output = Json.LENIENT.createObjectNode();
        ArrayNode remotes = output.putArray("remote_hosts");
        argument.forEach(host -> {
            ObjectNode remote = remotes.addObject();
            remote.put("host_id", host.path("host_id").asText());
            JsonNode nic = host.path("nics").path(0);
            String ip = nic.path("ip_addresses").path(0).asText();
            remote.putArray("l2_connectivity")
                    .addObject()
                    .put("outgoing_nic", "eth0")
                    .put("remote_ip_address", ip)
                    .put("remote_mac", nic.path("mac").asText())
                    .put("successful", true);
            remote.putArray("l3_connectivity")
                    .addObject()
                    .put("remote_ip_address", ip)
                    .put("successful", true);
            remote.putNull("mtu_report");
        });
        return output;
    }

    private static JsonNode verified(JsonNode argument) {
        argument.forEach(vip -> ((ObjectNode) vip).put("verification", "succeeded"));
        return argument;
    }

    private static JsonNode pulled(JsonNode argument) {
        ObjectNode output = Json.LENIENT.createObjectNode();
        ArrayNode images = output.putArray("images");
        argument.path("images")
                .forEach(image -> images.addObject()
                        .put("download_rate", 100)
                        .put("name", image.asText())
                        .put("result", "success")
                        .put("size_bytes", 400_000_000)
                        .put("time", 10));
        return output;
    }

    private static JsonNode json(String text) {
        try {
            return text.startsWith("{") || text.startsWith("[") ? Json.LENIENT.readTree(text) : Json.LENIENT.nullNode();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(text, e);
        }
    }
}
