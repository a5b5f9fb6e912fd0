package io.assistedswarm.coordinator.api;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.MapperConfig;
import com.fasterxml.jackson.databind.introspect.AnnotatedClass;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.assistedswarm.coordinator.plan.PaceChange;
import io.assistedswarm.coordinator.preflight.PreflightRequest;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The JSON of the HTTP API, the same for server and client: ISO instants and durations, enum constants as the labels that users
 * see ({@code deletion-failed}).
 */
public final class ApiJson {
    /** Of a request's body; plans with their manifests stay far below. */
    public static final int MAX_BODY_BYTES = 16 << 20;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .addModules(new Jdk8Module(), new JavaTimeModule())
            .annotationIntrospector(new LabelledEnums())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private static final ObjectReader STRICT = MAPPER.reader()
            .with(
                    DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                    DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
                    DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);

    private ApiJson() {}

    public static JsonMapper mapper() {
        return MAPPER;
    }

    public static byte[] write(Object value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write " + value.getClass() + " as JSON", e);
        }
    }

    /**
     * Reads what somebody else's client may have sent: nothing unknown, nothing missing but the id.
     *
     * @throws IllegalArgumentException with one line that says what is wrong and repeats no value, as it may be a secret
     */
    public static Submission readSubmission(byte[] body) {
        return read(body, "a submission", "swarm submit", List.of("id"), Submission.class);
    }

    /**
     * As {@link #readSubmission}; plan, service and runtime may be missing.
     *
     * @throws IllegalArgumentException likewise
     */
    public static PreflightRequest readPreflight(byte[] body) {
        return read(
                body,
                "a request for a preflight",
                "swarm preflight",
                List.of("plan", "service", "runtime"),
                PreflightRequest.class);
    }

    /**
     * As {@link #readSubmission}; what does not change may be missing.
     *
     * @throws IllegalArgumentException likewise
     */
    public static PaceChange readPaceChange(byte[] body) {
        return read(
                body,
                "a change of pace",
                "swarm pace",
                List.of("startTimes", "maxInstalling", "maxPerWorker", "failures"),
                PaceChange.class);
    }

    private static <T> T read(byte[] body, String what, String sender, List<String> optional, Class<T> type) {
        try {
            JsonNode tree = MAPPER.readTree(body);
            if (!(tree instanceof ObjectNode object)) {
                throw new IllegalArgumentException(
                        "the body is not a JSON object; send " + what + " as '" + sender + "' does");
            }
            optional.stream().filter(name -> !object.has(name)).forEach(object::putNull);
            return STRICT.forType(type).readValue(object, type);
        } catch (JacksonException e) {
            throw new IllegalArgumentException(explain(e, what), e);
        } catch (IOException e) {
            throw new IllegalArgumentException("the body cannot be read", e);
        }
    }

    private static String explain(JacksonException e, String what) {
        if (e instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            String path = mapping.getPath().stream()
                    .map(step -> step.getFieldName() != null ? step.getFieldName() : String.valueOf(step.getIndex()))
                    .collect(Collectors.joining("."));
            return "the body does not have the shape of " + what + " at '" + path + "'";
        }
        return e.getLocation() != null && e.getLocation().getLineNr() > 0
                ? "the body is not JSON at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr()
                : "the body does not have the shape of " + what;
    }

    private static final class LabelledEnums extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1L;

        @Override
        public String[] findEnumValues(
                MapperConfig<?> config, AnnotatedClass type, Enum<?>[] constants, String[] names) {
            for (int i = 0; i < constants.length; i++) {
                names[i] = constants[i].name().toLowerCase(Locale.ROOT).replace('_', '-');
            }
            return names;
        }
    }
}
