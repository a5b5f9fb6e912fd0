package io.assistedswarm.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Arguments, variables and files as a launcher of the real programs gives them. */
public final class TestingEnvironment {
    private TestingEnvironment() {}

    public static Map<String, String> hostEnvironment(TestingHost host, int index, Path directory, double scale) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("DRY_ENABLE", "true");
        environment.put("DRY_HOST_ID", host.id());
        environment.put("DRY_FORCED_MAC_ADDRESS", "02:00:00:00:00:0" + index);
        environment.put("DRY_FORCED_HOSTNAME", host.hostname());
        environment.put("DRY_FORCED_HOST_IPV4", "10.123.0." + (index + 1) + "/16");
        environment.put("DRY_FAKE_REBOOT_MARKER_PATH", marker(directory, host).toString());
        environment.put(
                "DRY_CLUSTER_HOSTS_PATH", directory.resolve("hosts.json").toString());
        environment.put("PULL_SECRET_TOKEN", "{\"auths\":{}}");
        environment.put(ScaledClock.VARIABLE, String.valueOf(scale));
        environment.put(Speaker.WORKER_VARIABLE, host.hostname());
        return environment;
    }

    public static Map<String, String> controllerEnvironment(
            TestingHost host, String url, Path directory, double scale) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("CLUSTER_ID", TestingService.CLUSTER);
        environment.put("INVENTORY_URL", url);
        environment.put("OPENSHIFT_VERSION", "4.18");
        environment.put("PULL_SECRET_TOKEN", "{\"auths\":{}}");
        environment.put("DRY_ENABLE", "true");
        environment.put("DRY_FAKE_REBOOT_MARKER_PATH", marker(directory, host).toString());
        environment.put(
                "DRY_CLUSTER_HOSTS_PATH", directory.resolve("hosts.json").toString());
        environment.put("SKIP_CERT_VERIFICATION", "true");
        environment.put("CONTROL_PLANE_COUNT", "3");
        environment.put("CHECK_CLUSTER_VERSION", "true");
        environment.put(ScaledClock.VARIABLE, String.valueOf(scale));
        environment.put(Speaker.WORKER_VARIABLE, "controller");
        return environment;
    }

    public static List<String> agentArguments(String url) {
        return List.of(
                "--url",
                url,
                "--infra-env-id",
                TestingService.INFRA_ENV,
                "--agent-version",
                "agent:1",
                "--insecure=true",
                "--with-journal-logging=false",
                "--with-stdout-logging=true",
                "--with-text-logging=false");
    }

    public static Path marker(Path directory, TestingHost host) {
        return directory.resolve(host.hostname() + "-marker");
    }

    public static void writeHostsFile(Path directory, List<TestingHost> hosts) throws IOException {
        List<Object> entries = new ArrayList<>();
        for (TestingHost host : hosts) {
            entries.add(Json.object(
                    "hostname", host.hostname(),
                    "ip", "10.123.0.1/16",
                    "rebootMarkerPath", marker(directory, host).toString()));
        }
        Files.writeString(directory.resolve("hosts.json"), Json.text(entries));
    }
}
