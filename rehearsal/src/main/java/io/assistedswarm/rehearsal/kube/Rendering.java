package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.List;

/** The form in which a client wants objects. */
sealed interface Rendering {
    /** An object by itself: the answer to a get, or what a watch event carries. */
    byte[] object(KubeObject object);

    /** An object inside a list. */
    default byte[] item(KubeObject object) {
        return object(object);
    }

    /** What a list says of itself; its items follow as {@code itemsField}. */
    ObjectNode listHead(ResourceType type);

    default String itemsField() {
        return "items";
    }

    /** Kind and version of a bookmark's object. */
    ObjectNode bookmark(ResourceType type);

    /** Objects as they are. */
    record Plain() implements Rendering {
        @Override
        public byte[] object(KubeObject object) {
            return object.json();
        }

        @Override
        public ObjectNode listHead(ResourceType type) {
            return Json.object().put("kind", type.listKind()).put("apiVersion", type.apiVersion());
        }

        @Override
        public ObjectNode bookmark(ResourceType type) {
            return Json.object().put("kind", type.kind()).put("apiVersion", type.apiVersion());
        }
    }

    /** Only the metadata. */
    record Metadata() implements Rendering {
        @Override
        public byte[] object(KubeObject object) {
            return Json.bytes(Tables.partial(object.tree()));
        }

        @Override
        public ObjectNode listHead(ResourceType type) {
            return Json.object().put("kind", "PartialObjectMetadataList").put("apiVersion", "meta.k8s.io/v1");
        }

        @Override
        public ObjectNode bookmark(ResourceType type) {
            return Json.object().put("kind", "PartialObjectMetadata").put("apiVersion", "meta.k8s.io/v1");
        }
    }

    /** Rows of a table; only the first table of a watch carries the columns. */
    final class Rows implements Rendering {
        private final Tables tables;
        private boolean columnsSent;

        Rows(Tables tables) {
            this.tables = tables;
        }

        @Override
        public byte[] object(KubeObject object) {
            var table = tables.empty(!columnsSent);
            columnsSent = true;
            Json.child(table, "metadata").put("resourceVersion", Long.toString(object.version()));
            table.withArray("rows").add(tables.row(object));
            return Json.bytes(table);
        }

        @Override
        public ObjectNode listHead(ResourceType type) {
            var table = tables.empty(true);
            table.remove("rows");
            return table;
        }

        @Override
        public String itemsField() {
            return "rows";
        }

        @Override
        public byte[] item(KubeObject object) {
            return Json.bytes(tables.row(object));
        }

        @Override
        public ObjectNode bookmark(ResourceType type) {
            return tables.empty(false);
        }
    }

    /** The first acceptable form that the client names. */
    static Rendering accepted(ApiCall call, ResourceType type, InstantSource clock) {
        var accept = call.header().apply("Accept");
        if (accept.isBlank()) {
            return new Plain();
        }
        for (var choice : accept.split(",", -1)) {
            var parts = List.of(choice.strip().split("\\s*;\\s*", -1));
            if (!List.of("application/json", "*/*", "application/*").contains(parts.getFirst())) {
                continue;
            }
            var as = parts.stream()
                    .filter(p -> p.startsWith("as="))
                    .map(p -> p.substring(3))
                    .findFirst()
                    .orElse("");
            switch (as) {
                case "" -> {
                    return new Plain();
                }
                case "Table" -> {
                    if (parts.contains("v=v1")) {
                        return new Rows(
                                new Tables(type, call.query().getOrDefault("includeObject", "Metadata"), clock));
                    }
                }
                case "PartialObjectMetadata", "PartialObjectMetadataList" -> {
                    return new Metadata();
                }
                default -> {}
            }
        }
        throw StatusFailure.notAcceptable(List.of("application/json"));
    }
}
