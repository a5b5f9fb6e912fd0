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
    /** BMAC's annotation of a BareMetalHost (assisted-service, internal/controller/controllers/bmh_agent_controller.go). */
    public static final String HOSTNAME_ANNOTATION = "bmac.agent-install.openshift.io/hostname";

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
        values.put("infraEnvLabels", pairs(cluster.infraEnvLabels()));
        values.put(
                "hosts",
                cluster.hosts().stream().map(host -> host(cluster, host)).toList());
        ClusterTraits traits = cluster.traits();
        values.put("arbiters", traits.arbiters());
        values.put("withArbiters", traits.arbiters() > 0);
        values.put("day2Workers", traits.day2Workers());
        values.put("lateBinding", traits.lateBinding());
        values.put("held", traits.hold() != ClusterTraits.Hold.NONE);
        values.put("platform", traits.platform().wireName());
        values.put("userManagedNetworking", traits.networking().wireName());
        values.put("apiVips", cluster.apiVips());
        values.put("ingressVips", cluster.ingressVips());
        values.put("withVips", !cluster.apiVips().isEmpty());
        values.put("osImageVersion", traits.osImageVersion());
        values.put("agentLabels", pairs(traits.agentLabels()));
        values.put("annotations", pairs(traits.annotations()));
        values.put("withAnnotations", !traits.annotations().isEmpty());
        values.put("extraManifests", extraManifests(swarm.manifests(), cluster));
        values.put("withExtraManifests", !traits.extraManifests().isEmpty());
        return ofSwarm(swarm).with("cluster", values);
    }

    public static TemplateScope ofHost(SwarmSpec swarm, ClusterSpec cluster, HostId host) {
        Map<String, Object> values = new LinkedHashMap<>(host(cluster, host));
        values.put("annotations", pairs(hostAnnotations(cluster, host)));
        return ofCluster(swarm, cluster).with("host", values);
    }

    /**
     * The annotations that the plan wants of a host's BareMetalHost, their values rendered.
     *
     * @throws IllegalArgumentException naming the annotation and what is wrong with its value
     */
    public static Map<String, String> hostAnnotations(ClusterSpec cluster, HostId host) {
        return new TemplateScope(Map.of(
                        "cluster", Map.of("name", cluster.id().name()),
                        "host", host(cluster, host)))
                .renderEnvironment(cluster.traits().hostAnnotations());
    }

    /**
     * The name by which the service and the cluster know the host: the plan's annotation, which BMAC copies to the Agent's
     * {@code spec.hostname}, else the host's own.
     */
    public static String hostname(ClusterSpec cluster, HostId host) {
        return cluster.traits().hostAnnotations().containsKey(HOSTNAME_ANNOTATION)
                ? hostAnnotations(cluster, host).get(HOSTNAME_ANNOTATION)
                : host.name();
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

    private static List<Map<String, String>> pairs(Map<String, String> map) {
        return map.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Map.of("key", entry.getKey(), "value", entry.getValue()))
                .toList();
    }

    private static List<Map<String, String>> extraManifests(Manifests manifests, ClusterSpec cluster) {
        return manifests.extraOf(cluster).stream()
                .map(file -> Map.of("name", file.fileName(), "text", file.text()))
                .toList();
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
