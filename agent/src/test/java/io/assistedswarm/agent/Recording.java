package io.assistedswarm.agent;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;

/** The digest of a recording of the real programs (made by {@code src/test/scripts/digest.py}). */
public final class Recording {
    private final Object digest;

    private Recording(Object digest) {
        this.digest = digest;
    }

    public static Recording read(String name) throws IOException {
        try (InputStream in = Recording.class.getResourceAsStream(name + ".digest.json")) {
            return new Recording(Json.parse(in.readAllBytes()));
        }
    }

    public List<Exchange> exchanges() {
        List<Exchange> exchanges = new ArrayList<>();
        for (Object e : Json.listAt(digest, "exchanges")) {
            List<String> headers = new ArrayList<>();
            List<?> recorded = (List<?>) Json.listAt(digest, "headers").get((int) Json.numberAt(e, -1, "headers"));
            recorded.forEach(name -> headers.add((String) name));
            exchanges.add(new Exchange(
                    Json.textAt(e, "sender"),
                    Json.textAt(e, "method"),
                    Json.textAt(e, "path"),
                    Exchange.headerNames(headers),
                    Json.at(e, "requestId") == null ? null : Json.textAt(e, "requestId"),
                    Json.textAt(e, "what"),
                    (String) Json.listAt(digest, "bodies").get((int) Json.numberAt(e, -1, "body"))));
        }
        return exchanges;
    }

    /** The step types that a host was given, poll by poll. */
    public List<List<String>> steps(String host) {
        List<List<String>> polls = new ArrayList<>();
        for (Object poll : Json.listAt(digest, "steps", host)) {
            List<String> types = new ArrayList<>();
            ((List<?>) poll).forEach(type -> types.add((String) type));
            polls.add(types);
        }
        return polls;
    }
}
