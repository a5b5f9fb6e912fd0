package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Speaker;
import io.assistedswarm.rehearsal.service.Speakers;

/** What the real service does not have: calls by which a rehearsal is looked at and disturbed. */
public final class RehearsalCalls {
    private final Speakers speakers;
    private final Runnable restart;

    /** @param restart what {@code POST /rehearsal/restart} does */
    public RehearsalCalls(Speakers speakers, Runnable restart) {
        this.speakers = speakers;
        this.restart = restart;
    }

    void addTo(Router router) {
        router.add("POST", "/rehearsal/restart", Access.PUBLIC, call -> {
                    restart.run();
                    return Answer.empty(202);
                })
                .add("GET", "/rehearsal/doubles", Access.PUBLIC, call -> doubles());
    }

    /** Stand-ins say who they are, nobody else does. */
    void listen(Call call) {
        String speaker = call.header(Speaker.HEADER);
        if (!speaker.isEmpty()) {
            speakers.hear(Speaker.of(speaker));
        }
    }

    private Answer doubles() {
        ObjectNode json = Json.LENIENT.createObjectNode();
        Speakers.Heard heard = speakers.heard();
        json.putObject("heard")
                .put("actors", heard.actors())
                .put("instances", heard.instances())
                .put("requests", heard.requests());
        ArrayNode doubles = json.putArray("doubles");
        for (Speakers.Overlap overlap : speakers.overlaps()) {
            ObjectNode pair = doubles.addObject();
            pair.put("for", overlap.actsFor());
            pair.put("fault", overlap.fault().text());
            pair.set("former", turn(overlap.former()));
            pair.set("newcomer", turn(overlap.newcomer()));
        }
        return Answer.json(200, json);
    }

    private static ObjectNode turn(Speakers.Turn turn) {
        return Json.LENIENT
                .createObjectNode()
                .put("worker", turn.speaker().worker())
                .put("generation", turn.speaker().generation())
                .put("instance", turn.speaker().instance())
                .put("first", Times.millis(turn.first()))
                .put("last", Times.millis(turn.last()))
                .put("requests", turn.requests());
    }
}
