package io.assistedswarm.coordinator.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.assistedswarm.coordinator.api.ApiJson;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;

/** What {@code -o} takes. */
enum Output {
    WIDE,
    JSON,
    YAML,
    NAME;

    static String json(Object value) {
        try {
            return ApiJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    /** The same as {@link #json}, in YAML's words. */
    static String yaml(Object value) {
        DumpSettings settings =
                DumpSettings.builder().setDefaultFlowStyle(FlowStyle.BLOCK).build();
        return new Dump(settings)
                .dumpToString(ApiJson.mapper().convertValue(value, Object.class))
                .stripTrailing();
    }
}
