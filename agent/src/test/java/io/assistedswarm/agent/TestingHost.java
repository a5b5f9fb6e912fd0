package io.assistedswarm.agent;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/** A host as {@link TestingService} knows it, with the steps that it is to be given. */
public final class TestingHost {
    private final String id;
    private final String hostname;
    private final String nodeName;
    private final String role;
    private final String installRole;
    private final int controlPlanes;
    private final Deque<List<Object>> polls = new ArrayDeque<>();
    private String stage = "";
    private String status = "installing";
    private String action = "continue";

    public TestingHost(String hostname, String role, String installRole, int controlPlanes) {
        this(
                UUID.nameUUIDFromBytes(hostname.getBytes(StandardCharsets.UTF_8))
                        .toString(),
                hostname,
                hostname,
                role,
                installRole,
                controlPlanes);
    }

    /**
     * @param hostname as the recordings call it
     * @param nodeName as it calls itself
     */
    public TestingHost(
            String id, String hostname, String nodeName, String role, String installRole, int controlPlanes) {
        this.id = id;
        this.hostname = hostname;
        this.nodeName = nodeName;
        this.role = role;
        this.installRole = installRole;
        this.controlPlanes = controlPlanes;
    }

    public static TestingHost single() {
        return new TestingHost("host-0", "master", "bootstrap", 1);
    }

    /** The steps of the next polls; the last of them is not repeated. */
    public TestingHost given(List<List<String>> typesOfPolls) {
        for (List<String> types : typesOfPolls) {
            List<Object> steps = new ArrayList<>();
            for (String type : types) {
                steps.add(step(type, arguments(type)));
            }
            polls.add(steps);
        }
        return this;
    }

    public TestingHost givenStep(String type, List<String> args) {
        polls.add(List.of(step(type, args)));
        return this;
    }

    private static Object step(String type, List<String> args) {
        return Json.object("args", args, "step_type", type, "step_id", type + "-15eb6569");
    }

    public String id() {
        return id;
    }

    public String hostname() {
        return hostname;
    }

    public String role() {
        return role;
    }

    public boolean isWorker() {
        return role.equals("worker");
    }

    public boolean isDone() {
        return stage.equals("Done");
    }

    public TestingHost stage(String reached) {
        stage = reached;
        status = isDone() ? "installed" : "installing-in-progress";
        return this;
    }

    public TestingHost status(String other) {
        status = other;
        return this;
    }

    public List<Object> nextSteps() {
        return polls.isEmpty() ? List.of() : polls.poll();
    }

    /** With the steps of its next poll it is told to leave, once. */
    public TestingHost toldToLeave() {
        action = "exit";
        return this;
    }

    public String nextAction() {
        String next = action;
        action = "continue";
        return next;
    }

    public boolean hasMoreSteps() {
        return !polls.isEmpty();
    }

    public Object json() {
        return Json.object(
                "id",
                id(),
                "infra_env_id",
                TestingService.INFRA_ENV,
                "requested_hostname",
                nodeName,
                "role",
                role,
                "status",
                status,
                "progress",
                Json.object("current_stage", stage));
    }

    public List<String> arguments(String stepType) {
        return switch (stepType) {
            case "inventory" -> List.of(id());
            case "connectivity-check" ->
                List.of(
                        "[{\"host_id\":\"de147aae-d02a-4939-ad5a-cbfd5112b673\",\"nics\":[{\"ip_addresses\":[\"10.123.0.9\"],"
                                + "\"mac\":\"02:00:00:00:00:09\",\"name\":\"eth0\"}]}]");
            case "ntp-synchronizer" -> List.of("{\"ntp_source\":\"\"}");
            case "domain-resolution" ->
                List.of("{\"domains\":[{\"domain_name\":\"api.c.example.com\"},"
                        + "{\"domain_name\":\"validateNoWildcardDNS.c.example.com.\"}]}");
            case "verify-vips" ->
                List.of(
                        "[{\"vip\":\"10.123.255.253\",\"vip_type\":\"api\"},{\"vip\":\"10.123.255.254\",\"vip_type\":\"ingress\"}]");
            case "installation-disk-speed-check" -> List.of("{\"path\":\"/dev/vda\"}", "480.00");
            case "container-image-availability" -> List.of("{\"images\":[\"release:1\",\"mco:1\"],\"timeout\":960}");
            case "install" -> List.of(Json.text(installRequest()));
            default -> List.of();
        };
    }

    private Object installRequest() {
        return Json.object(
                "boot_device",
                "/dev/vda",
                "check_cvo",
                true,
                "cluster_id",
                TestingService.CLUSTER,
                "control_plane_count",
                controlPlanes,
                "controller_image",
                "controller:1",
                "disks_to_format",
                List.of(),
                "host_id",
                id(),
                "infra_env_id",
                TestingService.INFRA_ENV,
                "installer_args",
                "[\"--append-karg\",\"ip=00-00-07-00-00-00:dhcp\"]",
                "installer_image",
                "installer:1",
                "mco_image",
                "mco:1",
                "must_gather_image",
                "must-gather:1",
                "openshift_version",
                "4.18.52",
                "role",
                installRole,
                "service_ips",
                null);
    }
}
