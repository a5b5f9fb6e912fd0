package io.assistedswarm.rehearsal.service.rest;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.assistedswarm.rehearsal.service.Json;
import io.assistedswarm.rehearsal.service.Refusal;
import io.assistedswarm.rehearsal.service.Speaker;
import io.assistedswarm.rehearsal.service.Speakers;
import io.assistedswarm.rehearsal.trouble.Trouble;
import io.assistedswarm.rehearsal.trouble.TroubleFile;
import io.assistedswarm.rehearsal.trouble.TroubleSchedule;
import java.util.Locale;

/** What the real service does not have: calls by which a rehearsal is looked at and disturbed. */
public final class RehearsalCalls {
    private static final String TROUBLES = "/rehearsal/troubles";
    private final Speakers speakers;
    private final TroubleSchedule troubles;
    private final Runnable restart;

    /** @param restart what {@code POST /rehearsal/restart} does */
    public RehearsalCalls(Speakers speakers, TroubleSchedule troubles, Runnable restart) {
        this.speakers = speakers;
        this.troubles = troubles;
        this.restart = restart;
    }

    void addTo(Router router) {
        router.add("POST", "/rehearsal/restart", Access.PUBLIC, call -> {
                    restart.run();
                    return Answer.empty(202);
                })
                .add("GET", "/rehearsal/doubles", Access.PUBLIC, call -> doubles())
                .add("GET", TROUBLES, Access.PUBLIC, call -> standings())
                .add("POST", TROUBLES, Access.PUBLIC, this::plan)
                .add("DELETE", TROUBLES, Access.PUBLIC, call -> {
                    troubles.clear();
                    return Answer.empty(202);
                });
    }

    /** @param speaker what a stand-in says of itself; null for everybody else */
    void hear(String speaker) {
        if (speaker != null) {
            speakers.hear(Speaker.of(speaker));
        }
    }

    /** Takes the same YAML as {@code swarm hub --trouble}; starts count from now. */
    private Answer plan(Call call) {
        try {
            troubles.add(TroubleFile.parse("body", call.text()));
            return Answer.empty(202);
        } catch (TroubleFile.Invalid | IllegalArgumentException e) {
            throw Refusal.badRequest(e.getMessage());
        }
    }

    private Answer standings() {
        ArrayNode list = Json.LENIENT.createArrayNode();
        for (TroubleSchedule.Standing standing : troubles.standings()) {
            Trouble trouble = standing.trouble();
            list.addObject()
                    .put("hub", trouble.part().toString())
                    .put("kind", trouble.kind().toString())
                    .put("state", standing.state().name().toLowerCase(Locale.ROOT))
                    .put("begins", Times.millis(standing.begins()))
                    .put("ends", Times.millis(standing.begins().plus(trouble.duration())))
                    .put("hits", standing.hits());
        }
        return Answer.json(200, list);
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
