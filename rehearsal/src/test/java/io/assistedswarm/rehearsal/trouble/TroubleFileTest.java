package io.assistedswarm.rehearsal.trouble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TroubleFileTest {
    private static final String PLAN = """
            seed: 7
            troubles:
            - hub: kubernetes
              kind: refused
              start: 30s
              duration: 2m
            - hub: kubernetes
              kind: answer
              duration: 1m30s
              share: 0.25
              status: 429
              retryAfter: 2s
              verbs: [apply, patch]
              resources: [baremetalhosts/status]
              clients: [assisted-swarm-worker]
            - {hub: service, kind: slow, duration: 1h, latency: 250ms, seed: 3, paths: [/v2/infra-envs]}
            - {hub: service, kind: restart}
            """;

    @Test
    void readsAPlan() throws Exception {
        List<Trouble> troubles = TroubleFile.parse("plan.yaml", PLAN);

        assertThat(troubles).hasSize(4);
        assertThat(troubles.get(0))
                .isEqualTo(new Trouble(
                        Trouble.Part.KUBERNETES,
                        Trouble.Kind.REFUSED,
                        Trouble.Scope.ALL,
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(2),
                        1,
                        7,
                        Duration.ZERO,
                        Duration.ZERO,
                        "",
                        0,
                        Optional.empty(),
                        Optional.empty()));
        Trouble answer = troubles.get(1);
        assertThat(answer.seed()).isEqualTo(8);
        assertThat(answer.status()).isEqualTo(429);
        assertThat(answer.retryAfter()).contains(Duration.ofSeconds(2));
        assertThat(answer.scope()
                        .holds(new Asked("assisted-swarm-worker/1", "apply", "baremetalhosts/status", "/apis")))
                .isTrue();
        assertThat(answer.scope().holds(new Asked("assisted-swarm-worker/1", "apply", "baremetalhosts", "/apis")))
                .isFalse();
        assertThat(answer.scope().holds(new Asked("kubectl", "apply", "baremetalhosts/status", "/apis")))
                .isFalse();
        assertThat(troubles.get(2).seed()).isEqualTo(3);
        assertThat(troubles.get(2).latency()).isEqualTo(Duration.ofMillis(250));
    }

    @Test
    void namesAllThatIsWrongWithLineAndKey() {
        assertThatThrownBy(() -> TroubleFile.parse("plan.yaml", """
                        seed: x
                        troubles:
                        - hub: kube
                          kind: refused
                          share: 0.5
                        - hub: service
                          kind: gone
                          duration: 5
                          resources: [agents]
                        - kind: answer
                          hub: kubernetes
                          duration: 1s
                          share: 2
                          verbs: [push]
                          latency: 1s
                          laetncy: 1s
                        - text
                        """))
                .isInstanceOf(TroubleFile.Invalid.class)
                .extracting(e -> e.getMessage().lines().toList())
                .isEqualTo(List.of(
                        "plan.yaml:1: seed: 'x' is no whole number",
                        "plan.yaml:3: troubles[0].hub: 'kube' is not known; one of kubernetes, service",
                        "plan.yaml:7: troubles[1].kind: 'gone' is there for 'hub: kubernetes' only",
                        "plan.yaml:8: troubles[1].duration: '5' is no duration; write for example '90s', '5m' or '250ms'",
                        "plan.yaml:9: troubles[1].resources: the service has none; use 'paths'",
                        "plan.yaml:10: troubles[2].status: is missing",
                        "plan.yaml:13: troubles[2].share: '2' is not between 0.0 and 1.0",
                        "plan.yaml:14: troubles[2].verbs: 'push' is no verb of the kubernetes; known: apply, create, delete,"
                                + " deletecollection, get, list, patch, update, watch",
                        "plan.yaml:15: troubles[2].latency: is of no use with kind 'answer'",
                        "plan.yaml:16: troubles[2].laetncy: is not a known key; known here: hub, kind, start, duration, share,"
                                + " seed, latency, latencyUpTo, stage, status, retryAfter, above, verbs, resources, paths, clients",
                        "plan.yaml:17: troubles[3]: is no mapping; write 'key: value' lines"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "''|plan.yaml:1: is empty; write 'troubles:' and a list under it",
                "a: [|plan.yaml:1: is not YAML",
                "[]|plan.yaml:1: is no mapping",
                "seed: 1|plan.yaml:1: troubles: is missing",
                "troubles: 5|plan.yaml:1: troubles: is no list",
                "'troubles: [{hub: service, kind: silent}]'|plan.yaml:1: troubles[0].duration: is missing",
                "'troubles: [{hub: service, kind: restart, share: 1}]'|plan.yaml:1: troubles[0].share: kind 'restart' spares nobody",
                "'troubles: [{hub: service, kind: slow, duration: 1s, latency: 2s, latencyUpTo: 1s}]'|plan.yaml:1: troubles[0].latencyUpTo: is less than latency",
                "'troubles: [{hub: service, kind: fail, duration: 1s}]'|plan.yaml:1: troubles[0].stage: is missing",
                "'troubles: [{hub: service, kind: fail, stage: Sleeping, duration: 1s}]'|plan.yaml:1: troubles[0].stage: 'Sleeping' is not known; one of ",
                "'troubles: [{hub: kubernetes, kind: fail, stage: Joined, duration: 1s}]'|plan.yaml:1: troubles[0].kind: 'fail' is there for 'hub: service' only",
                "'{[a]: 1, troubles: []}'|plan.yaml:1: a key is a list or a mapping",
            })
    void saysWhatIsWrong(String text, String problem) {
        assertThatThrownBy(() -> TroubleFile.parse("plan.yaml", text))
                .isInstanceOf(TroubleFile.Invalid.class)
                .hasMessageStartingWith(problem);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/no/such/file", "/"})
    void namesTheFileThatCannotBeRead(String file) {
        assertThatThrownBy(() -> TroubleFile.read(Path.of(file)))
                .isInstanceOf(TroubleFile.Invalid.class)
                .hasMessageStartingWith(file + ": ");
    }

    @Test
    void refusesOrReadsWhateverItIsGiven() {
        Random random = new Random(1);
        String pieces = PLAN + "&*!|>%@`'\"\\\t\0{}[]#";
        int read = 0;
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder(PLAN);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                text.replace(
                        at, at + random.nextInt(2), String.valueOf(pieces.charAt(random.nextInt(pieces.length()))));
            }
            try {
                read += TroubleFile.parse("plan.yaml", text.toString()).isEmpty() ? 0 : 1;
            } catch (TroubleFile.Invalid e) {
                assertThat(e.getMessage().lines()).allMatch(line -> line.startsWith("plan.yaml"));
            }
        }
        assertThat(read).isBetween(1, 1_999);
    }
}
