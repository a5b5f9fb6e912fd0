package io.assistedswarm.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import io.assistedswarm.protocol.WorkerName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerSettingsTest {
    private static final String JOIN = "127.0.0.1:25520";

    @Test
    void takesItsFlagsAndOtherwiseTheDefaults() {
        WorkerSettings settings = WorkerSettings.read(
                Map.of("join", JOIN, "name", "w1", "capacity", 7, "port", 25530, "data", "/var/swarm/../w1"));
        assertThat(settings.join()).containsExactly(JOIN);
        assertThat(settings.name()).isEqualTo(new WorkerName("w1"));
        assertThat(settings.capacity()).isEqualTo(7);
        assertThat(settings.remoting().port()).isEqualTo(25530);
        assertThat(settings.remoting().host()).isEqualTo("127.0.0.1");
        assertThat(settings.data()).isEqualTo(Path.of("/var/w1"));
        assertThat(settings.kubeconfig()).isEmpty();
        assertThat(settings.grace()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.times().restart().delay(1, 0)).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.logLimitBytes()).isEqualTo(8L << 20);
    }

    @Test
    void namesItselfAndItsFolderByDefault() {
        WorkerSettings settings = WorkerSettings.read(Map.of("join", JOIN));
        String name = settings.name().value();
        assertThat(name).endsWith("-" + ProcessHandle.current().pid());
        assertThat(settings.data())
                .isEqualTo(Path.of(System.getProperty("user.home"), ".local/state/assisted-swarm", "worker-" + name));
        assertThat(settings.capacity())
                .isEqualTo(WorkerSettings.defaultCapacity(WorkerSettings.cores(), WorkerSettings.memoryBytes()));
    }

    @Test
    void namesAllProblemsAtOnce() {
        assertThatThrownBy(() -> WorkerSettings.read(Map.of(
                        "join",
                        "nowhere",
                        "port",
                        70_000,
                        "name",
                        "a b",
                        "capacity",
                        0,
                        "log-limit",
                        "1 KiB",
                        "host",
                        " ")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--join 'nowhere': HOST:PORT expected")
                .hasMessageContaining("port 70000 is not in 0..65535")
                .hasMessageContaining("name 'a b'")
                .hasMessageContaining("capacity 0: at least 1")
                .hasMessageContaining("log-limit 1024 B: at least 64 KiB")
                .hasMessageContaining("host is empty");
    }

    @Test
    void saysWhereTheAddressToJoinComesFrom() {
        assertThatThrownBy(() -> WorkerSettings.read(Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--join is missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1]:25520", "coordinator.example:1", "10.0.0.1:65535"})
    void takesAnAddress(String join) {
        assertThat(WorkerSettings.read(Map.of("join", join)).join()).containsExactly(join);
    }

    @Test
    void takesTheAddressesOfCoordinatorsThatStandBy() {
        assertThat(WorkerSettings.read(Map.of("join", "a:1, b:2")).join()).containsExactly("a:1", "b:2");
        assertThatThrownBy(() -> WorkerSettings.read(Map.of("join", "a:1,b")))
                .hasMessageContaining("--join 'b': HOST:PORT expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:",
                ":25520",
                "host:port",
                "ho st:1",
                "::1:25520",
                "host:0",
                "host:65536",
                "host:99999"
            })
    void refusesWhatIsNoAddress(String join) {
        assertThatThrownBy(() -> WorkerSettings.read(Map.of("join", join)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("HOST:PORT expected");
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void refusesACapacityOfNothing(int capacity) {
        assertThatThrownBy(() -> WorkerSettings.read(Map.of("join", JOIN, "capacity", capacity)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("capacity " + capacity);
    }

    @Test
    void saysWhichSettingIsUnreadable() {
        assertThatThrownBy(() -> WorkerSettings.read(Map.of("join", JOIN, "grace", "soon")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("grace");
    }

    @ParameterizedTest
    @CsvSource({"2, 64, 100", "64, 8, 61", "1, 0, 1"})
    void carriesFiftyHostsACoreAsFarAsTheMemoryGoes(int cores, long gigabytes, int capacity) {
        assertThat(WorkerSettings.defaultCapacity(cores, gigabytes << 30)).isEqualTo(capacity);
    }

    @Test
    void listensWhereItIsToldInTheRoleOfAWorker() {
        Config config = WorkerSettings.read(
                        Map.of("join", JOIN, "host", "10.0.0.7", "port", 25540, "insecure-remoting", true))
                .actorSystem();
        assertThat(config.getString("pekko.remote.artery.canonical.hostname")).isEqualTo("10.0.0.7");
        assertThat(config.getInt("pekko.remote.artery.canonical.port")).isEqualTo(25540);
        assertThat(config.getStringList("pekko.cluster.roles")).containsExactly("worker");
        assertThat(config.getString("pekko.actor.provider")).isEqualTo("cluster");
        assertThat(config.getString("pekko.cluster.sharding.passivation.strategy"))
                .isEqualTo("none");
    }
}
