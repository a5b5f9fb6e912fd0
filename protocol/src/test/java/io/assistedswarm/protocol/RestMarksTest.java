package io.assistedswarm.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RestMarksTest {
    private static final SwarmId SWARM = new SwarmId("a--night-7f3a");

    @Test
    void tagsASwarmAsTheServiceTakesItAndFindsItAgain() {
        String tag = RestMarks.tag(SWARM);
        // assisted-service, pkg/validations, IsValidTag
        assertThat(tag).matches("\\w+( \\w+)*");
        assertThat(RestMarks.swarmOfTags("theirs," + tag)).contains(SWARM);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "theirs", "assisted_swarm_", "assisted_swarm_7", "assistedswarm_night_7f3a"})
    void takesNobodyElsesTags(String tags) {
        assertThat(RestMarks.swarmOfTags(tags)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "night-7f3a-0, assisted_swarm_night_7f3a, true",
        "night-7f3a-0, assisted_swarm_night_9999, false",
        "night-7f3a-0, '', false",
        "theirs, assisted_swarm_night_7f3a, false"
    })
    void takesAClusterWhoseNameAndTagAgree(String name, String tags, boolean ours) {
        assertThat(RestMarks.cluster(name, tags).isPresent()).isEqualTo(ours);
    }

    @Test
    void findsTheClusterOfAnInfraEnv() {
        ClusterId cluster = new ClusterId(SWARM, 12);
        assertThat(RestMarks.clusterOfInfraEnv(RestMarks.infraEnvName(cluster))).contains(cluster);
        assertThat(RestMarks.clusterOfInfraEnv(cluster.name())).isEmpty();
        assertThat(RestMarks.clusterOfInfraEnv("theirs_assisted-swarm")).isEmpty();
    }
}
