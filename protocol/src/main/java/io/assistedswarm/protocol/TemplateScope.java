package io.assistedswarm.protocol;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables of Mustache templates (manifests, command lines, environments), and their rendering. The guide lists the
 * variables; a name that is not there is an error and not an empty text.
 */
public final class TemplateScope {
    private static final Mustache.Escaper INSIDE_DOUBLE_QUOTES = TemplateScope::escapeForYaml;
    private final Map<String, Object> values;

    private TemplateScope(Map<String, Object> values) {
        this.values = values;
    }

    public static TemplateScope ofSwarm(SwarmSpec swarm) {
        ServiceSpec service = swarm.service();
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("swarm", Map.of("id", swarm.id().value()));
        values.put(
                "service",
                Map.of(
                        "url", service.url(),
                        "insecure", String.valueOf(service.insecure()),
                        "caFile", service.caFile(),
                        "sshPublicKey", service.sshPublicKey(),
                        "releaseImage", service.releaseImage(),
                        "openshiftVersion", service.openshiftVersion(),
                        "baseDomain", service.baseDomain(),
                        "agentImage", service.agentImage()));
        values.put(
                "pullSecretBase64",
                Base64.getEncoder().encodeToString(service.pullSecret().reveal().getBytes(StandardCharsets.UTF_8)));
        values.put(
                "network",
                Map.of(
                        "machineCidr", Identity.MACHINE_NETWORK,
                        "prefixLength", Identity.MACHINE_NETWORK.substring(Identity.MACHINE_NETWORK.indexOf('/') + 1),
                        "apiVip", Identity.API_VIP,
                        "ingressVip", Identity.INGRESS_VIP));
        return new TemplateScope(values);
    }

    public static TemplateScope ofCluster(SwarmSpec swarm, ClusterSpec cluster) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("name", cluster.id().name());
        values.put("controlPlanes", cluster.controlPlanes());
        values.put("workers", cluster.workers());
        values.put("singleNode", cluster.singleNode());
        values.put("infraEnvOnly", cluster.infraEnvOnly());
        values.put("withNmstate", cluster.withNmstate());
        values.put(
                "infraEnvLabels",
                cluster.infraEnvLabels().entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(label -> Map.of("key", label.getKey(), "value", label.getValue()))
                        .toList());
        values.put(
                "hosts",
                cluster.hosts().stream().map(host -> host(cluster, host)).toList());
        return ofSwarm(swarm).with("cluster", values);
    }

    public static TemplateScope ofHost(SwarmSpec swarm, ClusterSpec cluster, HostId host) {
        return ofCluster(swarm, cluster).with("host", host(cluster, host));
    }

    /** This scope with one name more. */
    public TemplateScope with(String name, Object value) {
        Map<String, Object> more = new LinkedHashMap<>(values);
        more.put(name, value);
        return new TemplateScope(more);
    }

    /**
     * Renders YAML whose variables stand inside double quotes.
     *
     * @throws IllegalArgumentException naming the template and what is wrong with it
     */
    public String renderYaml(Manifests.Template template) {
        return render(template.name(), template.text(), INSIDE_DOUBLE_QUOTES);
    }

    /**
     * Renders each of the texts, and drops those that come out empty.
     *
     * @throws IllegalArgumentException naming the text and what is wrong with it
     */
    public List<String> renderArguments(List<String> texts) {
        return texts.stream()
                .map(text -> render(text, text, raw -> raw))
                .filter(argument -> !argument.isEmpty())
                .toList();
    }

    /**
     * Renders each of the values.
     *
     * @throws IllegalArgumentException naming the variable and what is wrong with its text
     */
    public Map<String, String> renderEnvironment(Map<String, String> environment) {
        Map<String, String> rendered = new LinkedHashMap<>();
        environment.forEach((name, text) -> rendered.put(name, render(name, text, raw -> raw)));
        return rendered;
    }

    private String render(String name, String text, Mustache.Escaper escaper) {
        try {
            return Mustache.compiler()
                    .withEscaper(escaper)
                    .emptyStringIsFalse(true)
                    .strictSections(true)
                    .compile(text)
                    .execute(values);
        } catch (MustacheException e) {
            throw new IllegalArgumentException("template '" + name + "': " + e.getMessage(), e);
        }
    }

    private static Map<String, Object> host(ClusterSpec cluster, HostId host) {
        return Map.of(
                "name", host.name(),
                "index", host.index(),
                "uuid", Identity.hostUuid(host).toString(),
                "mac", Identity.mac(host),
                "ip", Identity.ipv4(host),
                "role", cluster.role(host).wireName());
    }

    private static String escapeForYaml(String raw) {
        StringBuilder escaped = new StringBuilder(raw.length());
        raw.chars().forEach(c -> {
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                default -> {
                    if (c < 0x20) {
                        escaped.append(String.format("\\u%04x", c));
                    } else {
                        escaped.append((char) c);
                    }
                }
            }
        });
        return escaped.toString();
    }
}
