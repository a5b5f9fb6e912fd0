package io.assistedswarm.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CoordinatorSettingsTest {
    private static final String REMOTING =
            "--host 192.0.2.7 is not loopback, and the nodes' connections would be open to"
                    + " everybody: give --tls DIR ('./swarm certificates' makes one), or --insecure-remoting in a network that you trust";
    private static final String API = "the HTTP API would be plain at 192.0.2.7, which is not loopback: give --tls DIR"
            + " ('./swarm certificates' makes one), or --http-host 127.0.0.1";

    @Test
    void isForThisMachineByDefaultAndWantsNoToken() {
        CoordinatorSettings settings = CoordinatorSettings.read(Map.of());
        assertThat(settings.remoting().host()).isEqualTo("127.0.0.1");
        assertThat(settings.httpHost()).isEqualTo("127.0.0.1");
        assertThat(settings.tokenFile()).isEmpty();
        assertThat(settings.remoting().tls()).isEmpty();
    }

    @Test
    void isNotForOthersWithoutTls() {
        assertThatThrownBy(() -> CoordinatorSettings.read(Map.of("host", "192.0.2.7")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(REMOTING + "; " + API);
    }

    @Test
    void plainRemotingIsAllowedByNameAndAPlainApiIsNot() {
        assertThatThrownBy(() -> CoordinatorSettings.read(Map.of("host", "192.0.2.7", "insecure-remoting", true)))
                .hasMessage(API);
        assertThat(CoordinatorSettings.read(
                                Map.of("host", "192.0.2.7", "insecure-remoting", true, "http-host", "localhost"))
                        .tokenFile())
                .isEmpty();
    }

    @Test
    void takesATokenOnLoopbackWhenOneIsNamed() {
        assertThat(CoordinatorSettings.read(Map.of("token-file", "/var/../token"))
                        .tokenFile())
                .contains(Path.of("/token"));
    }

    @Test
    void saysWhichSettingIsUnreadable() {
        assertThatThrownBy(() -> CoordinatorSettings.read(Map.of("port", "many")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("port");
    }
}
