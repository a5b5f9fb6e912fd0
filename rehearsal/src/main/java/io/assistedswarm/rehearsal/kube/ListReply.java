package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A list, page by page, written from the objects' shared texts. */
final class ListReply {
    private ListReply() {}

    /**
     * Later pages show the objects as they are by then, under the version of the first page: a watch from there tells what changed between.
     *
     * @param limit 0 for all
     */
    static Reply of(Shelf shelf, Selection selection, long limit, String continueToken, Rendering rendering) {
        var start = continueToken.isEmpty() ? Optional.<Start>empty() : Optional.of(Start.parse(continueToken));
        int size = limit <= 0 ? Integer.MAX_VALUE : (int) Math.min(limit, Integer.MAX_VALUE);
        var page = shelf.list(selection, start.map(Start::after), size);
        long version = start.map(Start::version).orElse(page.version());
        var head = rendering.listHead(shelf.type());
        var metadata = Json.child(head, "metadata").put("resourceVersion", Long.toString(version));
        if (page.more()) {
            metadata.put("continue", new Start(version, page.objects().getLast().key()).token());
            if (selection.labels().requirements().isEmpty()
                    && selection.fields().terms().isEmpty()) {
                metadata.put("remainingItemCount", page.remaining());
            }
        }
        return Reply.stream(out -> {
            out.write(opening(head, rendering.itemsField()));
            boolean first = true;
            for (var object : page.objects()) {
                if (!first) {
                    out.write(',');
                }
                first = false;
                out.write(rendering.item(object));
            }
            out.write("]}\n".getBytes(StandardCharsets.UTF_8));
        });
    }

    /** The whole list as one text. */
    static byte[] whole(ResourceType type, List<KubeObject> objects) {
        var list = new Rendering.Plain().listHead(type);
        list.putObject("metadata");
        var items = list.putArray("items");
        objects.forEach(object -> items.add(object.tree()));
        return Json.bytes(list);
    }

    private static byte[] opening(ObjectNode head, String itemsField) {
        var text = new String(Json.bytes(head), StandardCharsets.UTF_8);
        return (text.substring(0, text.length() - 1) + ",\"" + itemsField + "\":[").getBytes(StandardCharsets.UTF_8);
    }

    /** Where a later page starts. */
    private record Start(long version, ObjectKey after) {
        String token() {
            var json = Json.object()
                    .put("v", version)
                    .put("namespace", after.namespace())
                    .put("name", after.name());
            return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.bytes(json));
        }

        static Start parse(String token) {
            try {
                var json = Json.read(Base64.getUrlDecoder().decode(token));
                return new Start(
                        json.path("v").asLong(), new ObjectKey(Json.text(json, "namespace"), Json.text(json, "name")));
            } catch (IOException | IllegalArgumentException malformed) {
                throw StatusFailure.badRequest("continue key is not valid: " + malformed.getMessage());
            }
        }
    }
}
