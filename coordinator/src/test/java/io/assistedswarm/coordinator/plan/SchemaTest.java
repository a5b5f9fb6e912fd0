package io.assistedswarm.coordinator.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The schemas are for editors: they must take what the program takes and refuse what it refuses, as far as a schema can say it. */
class SchemaTest {
    private static final Path CONF = Path.of("../conf");
    private static final String HEAD =
            "apiVersion: assistedswarm.io/v1alpha1\nkind: SwarmPlan\nmetadata: {name: a}\nspec:\n  ";

    @ParameterizedTest
    @ValueSource(strings = {"quickstart.yaml", "original-example.yaml", "shapes.yaml", "faults.yaml"})
    void takesTheExamplePlans(String name) throws IOException {
        assertThat(plan(Files.readString(CONF.resolve("plans").resolve(name)))).isEmpty();
    }

    @Test
    void takesTheExampleServiceConfig() throws IOException {
        assertThat(validate("serviceconfig.schema.json", Files.readString(CONF.resolve("service-config.example.yaml"))))
                .isEmpty();
        assertThat(validate(
                        "serviceconfig.schema.json",
                        "service_endpoint: http://a\nssh_pub_key: k\npull_secret_file: p\nrelease_image: i"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{native: {binaries: /b}}",
                "{native: {agent: /a, installer: /i, controller: /c, bootstrapInstaller: /s}}",
                "{native: {binaries: /b, machine: {cores: 8}, keep: [/opt/jdk], imageWriting: 5s, environment: {A: 1}}}",
                "{podman: {}}",
                "{podman: {images: {agent: a, installer: i}, bootstrapInstaller: s, imageStore: /s, imageWriting: 5s, environment: {A: 1}}}",
                "{combined: {}}",
                "{combined: {image: i, port: 5577, controller: {native: {binaries: /b}}}}",
                "{combined: {command: [/opt/swarm], controller: {exec: {}}}}",
                "{exec: {agent: {command: [a]}}}"
            })
    void takesTheRuntimesThatTheProgramTakes(String runtime) throws IOException {
        assertThat(validate("serviceconfig.schema.json", serviceConfig(runtime)))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{native: {}}",
                "{native: {binaries: b}}",
                "{native: {binaries: /b, machine: {cores: 0}}}",
                "{podman: {imageStore: s}}",
                "{podman: {bootstrapInstaller: ''}}",
                "{podman: {images: {agents: a}}}",
                "{combined: {image: i, command: [c]}}",
                "{combined: {port: 0}}",
                "{combined: {controller: {}}}",
                "{combined: {controller: {combined: {}}}}",
                "{exec: {}, native: {binaries: /b}}"
            })
    void refusesTheRuntimesThatTheProgramRefuses(String runtime) throws IOException {
        assertThat(validate("serviceconfig.schema.json", serviceConfig(runtime)))
                .isNotEmpty();
    }

    private static String serviceConfig(String runtime) {
        return "apiVersion: assistedswarm.io/v1alpha1\nkind: ServiceConfig\nspec:\n  serviceEndpoint: http://a\n"
                + "  pullSecretFile: p\n  releaseImage: i\n  runtime: " + runtime;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{singleNode: true}",
                "{singleNode: true, controlPlanes: 1, numWorkers: 0}",
                "{controlPlanes: 1}",
                "{controlPlanes: 2, numWorkers: 4, justInfraenv: true}",
                "{singleNode: false, numWorkers: 3, infraenvLabels: {a.b/c: \"\"}}",
                "{faults: [{kind: neverRegister, hosts: 1}, {kind: failInstaller, share: 0.5, roles: [master]}]}",
                "{faults: [{kind: vanish, hosts: 1, phase: known, for: 2m}, {kind: restart, share: 0.5, phase: installing}]}",
                "{controlPlanes: 2, arbiterAgents: 1, day2Workers: 2, platform: baremetal}",
                "{controlPlanes: 5, lateBinding: true, osImageVersion: 4.18}",
                "{justInfraenv: true, osImageVersion: \"4.18\", agentLabels: {rack: r1}, hostAnnotations: {a.b/c: d}}",
                "{singleNode: true, platform: none, day2Workers: 1}",
                "{holdInstallation: true, release: allReady, annotations: {a.b/c: \"[1]\"}, extraManifests: [x/a.yaml]}",
                "{platform: none, userManagedNetworking: true}",
                "{apiVIPs: [10.123.200.1], ingressVIPs: [10.123.200.2]}",
                "{api: rest, downloads: [kubeconfig, logs], extraManifests: [x/a.yaml]}"
            })
    void takesWhatTheProgramTakes(String group) throws IOException {
        assertThat(plan(HEAD + "clusters: [" + group + "]")).isEmpty();
        assertThat(problems(HEAD + "clusters: [" + group + "]")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{rate: 500/h}",
                "{rate: 0.5/s, maxInstalling: 3, maxPerWorker: 6}",
                "{ramp: {from: 100/h, to: 10/m, over: 30m}}",
                "{steps: [{rate: 100/h, for: 10m}, {rate: 200/h}]}",
                "{batch: 2, interval: 30s, maxFailures: 10%}",
                "{maxFailures: 2.5%, failureSample: 50}"
            })
    void takesThePacesThatTheProgramTakes(String pace) throws IOException {
        String text = HEAD + "clusters: [{amount: 60}]\n  pace: " + pace;
        assertThat(plan(text)).isEmpty();
        assertThat(problems(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{success: 99%}",
                "{phases: [{phase: installed, quantile: p95, atMost: 90m}]}",
                "{phases: [{of: hosts, from: booted, phase: registered, quantile: max, atMost: 5m}]}",
                "{failures: [{side: service, atMost: 1.5%}, {of: hosts, reason: RegistrationTimeout, atMost: 3}]}",
                "{failures: [{of: downloads, side: service, atMost: 1%}]}",
                "{generator: {late: 1%, cpuWait: 50%, stall: 500ms, lost: 0%}}",
                "{promql: [{expr: up == 0}, {expr: up, description: '{{$labels.a}} is {{ $value }}', severity: critical}]}",
                "{alertProfiles: [alerts.yaml]}"
            })
    void takesTheLimitsThatTheProgramTakes(String limits) throws IOException {
        String text = HEAD + "clusters: [{}]\n  limits: " + limits;
        assertThat(plan(text)).isEmpty();
        assertThat(problems(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{prometheus: {url: https://p:9091, tokenFile: /t, caFile: /c}}",
                "{prometheus: {url: http://p, insecure: false}, profiles: [etcd, a/b.yaml], step: 30s, deadline: 5m}",
                "{prometheus: {url: http://p}, queries: [{query: up, metricName: up, instant: true, captureStart: true}]}",
                "{scrape: {enabled: true, url: http://s/metrics, interval: 5s, families: [go_*]}}"
            })
    void takesTheMetricsThatTheProgramTakes(String metrics) throws IOException {
        String text = HEAD + "clusters: [{}]\n  metrics: " + metrics;
        assertThat(plan(text)).isEmpty();
        assertThat(problems(text)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                HEAD + "clusters: [{}]\n  limits: {promql: [{description: a}]}",
                HEAD + "clusters: [{}]\n  limits: {promql: [{expr: up, severity: fatal}]}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {}}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {url: p}}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {url: http://p, token: t}}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {url: http://p, tokenFile: t}}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {url: http://p}, queries: [{query: up}]}",
                HEAD + "clusters: [{}]\n  metrics: {prometheus: {url: http://p}, step: 30}",
                HEAD + "clusters: [{}]\n  metrics: {scrape: {families: []}}",
                HEAD + "clusters: [{}]\n  limits: {success: 99}",
                HEAD + "clusters: [{}]\n  limits: {phases: [{phase: instaled, quantile: p95, atMost: 90m}]}",
                HEAD + "clusters: [{}]\n  limits: {phases: [{phase: registered, quantile: p95, atMost: 90m}]}",
                HEAD + "clusters: [{}]\n  limits: {phases: [{phase: installed, quantile: 95, atMost: 90m}]}",
                HEAD + "clusters: [{}]\n  limits: {phases: [{phase: installed, quantile: p95}]}",
                HEAD + "clusters: [{}]\n  limits: {failures: [{atMost: 3}]}",
                HEAD + "clusters: [{}]\n  limits: {failures: [{side: service, atMost: -1}]}",
                HEAD + "clusters: [{}]\n  limits: {failures: [{side: them, atMost: 1}]}",
                HEAD + "clusters: [{}]\n  limits: {generator: {late: 5}}",
                HEAD
                        + "clusters: [{}]\n  limits: {phases: [{of: downloads, phase: installed, quantile: p95, atMost: 1m}]}",
                HEAD + "clusters: [{downloads: [logs]}]",
                HEAD + "clusters: [{api: rest, downloads: [password]}]",
                HEAD + "clusters: [{api: rest, justInfraenv: true, downloads: [logs]}]",
                HEAD + "shufle: true\n  clusters: [{}]",
                HEAD + "seed: x\n  clusters: [{}]",
                HEAD + "clusters: []",
                HEAD + "seed: 1",
                HEAD + "clusters: [{amount: 0}]",
                HEAD + "clusters: [{amount: 70000}]",
                HEAD + "clusters: [{numWorkers: 70000}]",
                HEAD + "clusters: [{singleNode: true, numWorkers: 1}]",
                HEAD + "clusters: [{controlPlanes: 1, numWorkers: 1}]",
                HEAD + "clusters: [{singleNode: true, controlPlanes: 3}]",
                HEAD + "clusters: [{singleNode: false, controlPlanes: 1}]",
                HEAD + "clusters: [{controlPlanes: 2}]",
                HEAD + "clusters: [{controlPlanes: 1, arbiterAgents: 1}]",
                HEAD + "clusters: [{justInfraenv: true, lateBinding: true}]",
                HEAD + "clusters: [{justInfraenv: true, arbiterAgents: 1}]",
                HEAD + "clusters: [{justInfraenv: true, platform: none}]",
                HEAD + "clusters: [{osImageVersion: \"4.18\"}]",
                HEAD + "clusters: [{release: allReady}]",
                HEAD + "clusters: [{holdInstallation: true, release: later}]",
                HEAD + "clusters: [{singleNode: true, platform: baremetal}]",
                HEAD + "clusters: [{platform: none, userManagedNetworking: false}]",
                HEAD + "clusters: [{platform: baremetal, userManagedNetworking: true}]",
                HEAD + "clusters: [{platform: none, apiVIPs: [10.123.9.9]}]",
                HEAD + "clusters: [{apiVIPs: [10.124.9.9]}]",
                HEAD + "clusters: [{annotations: {-a: b}}]",
                HEAD + "clusters: [{hostAnnotations: {bmac.agent-install.openshift.io/role: worker}}]",
                HEAD + "clusters: [{extraManifests: [a.txt]}]",
                HEAD + "clusters: [{infraenvLabels: {a: not good}}]",
                HEAD + "clusters: [{infraenvLabels: {-a: b}}]",
                HEAD + "clusters: [{infraenvLabels: {assistedswarm.io/swarm: b}}]",
                HEAD + "pace: {batch: 1}\n  clusters: [{}]",
                HEAD + "pace: {rate: 500}\n  clusters: [{}]",
                HEAD + "pace: {rate: 1/h, ramp: {from: 1/h, to: 2/h, over: 1m}}\n  clusters: [{}]",
                HEAD + "pace: {rate: 1/h, batch: 1, interval: 1m}\n  clusters: [{}]",
                HEAD + "pace: {ramp: {from: 1/h, to: 2/h}}\n  clusters: [{}]",
                HEAD + "pace: {steps: []}\n  clusters: [{}]",
                HEAD + "pace: {maxFailures: 100%}\n  clusters: [{}]",
                HEAD + "pace: {failureSample: 5}\n  clusters: [{}]",
                HEAD + "pace: {maxPerWorker: 0}\n  clusters: [{}]",
                HEAD + "pace: {batch: 1, interval: 30}\n  clusters: [{}]",
                HEAD + "deadlines: {image: soon}\n  clusters: [{}]",
                HEAD + "deadlines: {image: \"\"}\n  clusters: [{}]",
                HEAD + "faults: [{kind: vanish, hosts: 1}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: explode, hosts: 1}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: vanish, phase: known}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: vanish, hosts: 1, share: 0.5, phase: known}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: neverRegister, share: 1.5}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: neverRegister, hosts: 1, for: 2m}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: restart, hosts: 1, phase: rebooting}]\n  clusters: [{}]",
                HEAD + "faults: [{kind: restart, hosts: 1, phase: known, roles: [boss]}]\n  clusters: [{}]",
                "kind: SwarmPlan\nspec: {clusters: [{}]}",
                "clusters: [{single_node: true, num_workers: 1, amount: 1}]",
                "clusters: [{single_node: true, amount: 1}]",
                "clusters: [{single_node: false, num_workers: 1, amount: 1, infraenv_label: {}}]",
                "clusters: [{single_node: false, num_workers: 1, amount: 1, infraenv_labels: {}, infranev_labels: {}}]"
            })
    void refusesWhatTheProgramRefuses(String text) throws IOException {
        assertThat(plan(text)).isNotEmpty();
        assertThat(problems(text)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "spec: {serviceEndpoint: ftp://a, pullSecretFile: p, releaseImage: i}",
                "spec: {serviceEndpoint: http://a, pullSecretFile: p}",
                "spec: {serviceEndpoint: http://a, pullSecretFile: p, releaseImage: i, caFile: relative}",
                "spec: {serviceEndpoint: http://a, pullSecretFile: p, releaseImage: i, runtime: {exec: {agent: {command: []}}}}"
            })
    void refusesBadServiceConfigs(String spec) throws IOException {
        assertThat(validate(
                        "serviceconfig.schema.json",
                        "apiVersion: assistedswarm.io/v1alpha1\nkind: ServiceConfig\n" + spec))
                .isNotEmpty();
    }

    @Test
    void takesOneUserOrAList() throws IOException {
        String head = "apiVersion: assistedswarm.io/v1alpha1\nkind: ServiceConfig\n"
                + "spec: {serviceEndpoint: http://a, releaseImage: i, ";
        String users = "users: [{name: a, weight: 1, pullSecretFile: p, offlineTokenFile: t}]";
        assertThat(validate("serviceconfig.schema.json", head + users + "}")).isEmpty();
        for (String bad : List.of(
                users + ", pullSecretFile: p",
                "users: []",
                "users: [{name: a, pullSecretFile: p}]",
                "users: [{name: a, weight: 0, pullSecretFile: p}]")) {
            assertThat(validate("serviceconfig.schema.json", head + bad + "}"))
                    .as(bad)
                    .isNotEmpty();
        }
    }

    private static Set<ValidationMessage> plan(String yaml) throws IOException {
        return validate("swarmplan.schema.json", yaml);
    }

    private static Iterable<Problem> problems(String yaml) throws IOException {
        Path file = Files.createTempFile("plan", ".yaml");
        try {
            Problems problems = new Problems();
            PlanFile.read(Files.writeString(file, yaml), List.of(), problems);
            return problems.errors();
        } finally {
            Files.delete(file);
        }
    }

    private static Set<ValidationMessage> validate(String schema, String yaml) throws IOException {
        ObjectMapper json = new ObjectMapper();
        JsonNode definition =
                json.readTree(CONF.resolve("schema").resolve(schema).toFile());
        JsonSchema compiled =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(definition);
        Object document = new Load(LoadSettings.builder().build()).loadFromString(yaml);
        return compiled.validate(json.valueToTree(document));
    }
}
