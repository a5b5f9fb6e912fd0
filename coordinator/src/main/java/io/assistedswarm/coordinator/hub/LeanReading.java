package io.assistedswarm.coordinator.hub;

import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.api.model.WatchEvent;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.fabric8.kubernetes.internal.KubernetesDeserializer;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TreeNode;
import tools.jackson.core.util.JsonParserDelegate;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads what a watch brings without the parts of which nothing is ever asked. They are most of an Agent, which changes some dozen times
 * in an installation; fabric8 would make a tree of them, and maps of the tree.
 */
final class LeanReading extends KubernetesDeserializer {
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

    @Override
    public KubernetesResource deserialize(JsonParser parser, DeserializationContext context) {
        return super.deserialize(new LeanParser(parser), context);
    }

    /** All that a tree is read by. */
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

        /** By this parser, not by the one beneath. */
        @Override
        @SuppressWarnings("TypeParameterUnusedInFormals") // Jackson's own signature.
        public <T extends TreeNode> T readValueAsTree() {
            return objectReadContext().readTree(this);
        }
    }
}
