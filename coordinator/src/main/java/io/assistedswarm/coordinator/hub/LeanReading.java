package io.assistedswarm.coordinator.hub;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.sym.PropertyNameMatcher;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what a watch brings without the parts of which nothing is ever asked. They are most of an Agent, which changes some dozen times
 * in an installation; and at once, where fabric8 makes a tree first, and maps of the tree.
 */
final class LeanReading extends ValueDeserializer<KubernetesResource> {
    private static final KubernetesSerialization USUAL = new KubernetesSerialization();

    /**
     * Who wrote which field of an object; what an Agent's machine consists of, and its validations, of which its conditions are the
     * sum; both once more as annotations, as texts of JSON. A real Agent of 21 KB, without managed fields, has 17 KB of these.
     */
    private static final Set<String> LEFT_OUT = Set.of(
            "managedFields",
            "inventory",
            "validationsInfo",
            "agent.agent-install.openshift.io/inventory",
            "agent.agent-install.openshift.io/validations-info",
            "inspect.metal3.io/hardwaredetails");

    /** Of a client that reads so. */
    static KubernetesSerialization serialization() {
        return new KubernetesSerialization(
                JsonMapper.builder().addMixIn(WatchEvent.class, LeanEvent.class).build(), true);
    }

    private interface LeanEvent {
        @JsonDeserialize(using = LeanReading.class)
        @SuppressWarnings("unused") // Jackson reads the annotation.
        void setObject(Object object);
    }

    /** All that is watched is a custom resource; what else an event may hold is why a watch has ended. */
    @Override
    public KubernetesResource deserialize(JsonParser parser, DeserializationContext context) {
        GenericKubernetesResource object = context.readValue(new LeanParser(parser), GenericKubernetesResource.class);
        return "Status".equals(object.getKind()) ? USUAL.convertValue(object, Status.class) : object;
    }

    /** All that objects, maps and lists are read by. */
    private static final class LeanParser extends JsonParserDelegate {
        private LeanParser(JsonParser parser) {
            super(parser);
        }

        @Override
        public JsonToken nextToken() {
            JsonToken token = delegate.nextToken();
            while (token == JsonToken.PROPERTY_NAME && LEFT_OUT.contains(delegate.currentName())) {
                delegate.nextToken();
                delegate.skipChildren();
                token = delegate.nextToken();
            }
            return token;
        }

        @Override
        public String nextName() {
            return nextToken() == JsonToken.PROPERTY_NAME ? currentName() : null;
        }

        @Override
        public int nextNameMatch(PropertyNameMatcher matcher) {
            String name = nextName();
            if (name != null) {
                return matcher.matchName(name);
            }
            return currentToken() == JsonToken.END_OBJECT
                    ? PropertyNameMatcher.MATCH_END_OBJECT
                    : PropertyNameMatcher.MATCH_ODD_TOKEN;
        }
    }
}
