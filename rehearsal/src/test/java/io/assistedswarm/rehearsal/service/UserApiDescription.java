package io.assistedswarm.rehearsal.service;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.service.TestingRecorder.Exchange;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The facts of the service's public API description that concern users, and what does not agree with them. */
final class UserApiDescription {
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    private static final String IP = "([0-9]{1,3}\\.){3}[0-9]{1,3}|[0-9a-fA-F]*:[0-9a-fA-F:]+";

    private final List<DescribedCall> calls = DescribedCall.all();
    private final Map<String, Map<String, Field>> fields = new LinkedHashMap<>();

    /** @param words that it may have; else a type */
    private record Field(List<String> words, boolean required) {
        boolean takes(JsonNode value) {
            String text = value.asText();
            return switch (words.getFirst()) {
                case "string" -> value.isTextual();
                case "integer" -> value.isIntegralNumber();
                case "boolean" -> value.isBoolean() || text.equals("true") || text.equals("false");
                case "uuid" -> value.isTextual() && text.matches(UUID);
                case "ip" -> value.isTextual() && text.matches(IP);
                case "subnet" -> value.isTextual() && text.matches("(" + IP + ")/[0-9]{1,3}");
                case "mac" -> value.isTextual() && text.matches("([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}");
                default -> value.isTextual() && words.contains(text);
            };
        }
    }

    UserApiDescription() {
        DescribedCall.lines("user-fields.txt").forEach(line -> {
            String[] parts = line.split(" \\| ?", -1);
            fields.computeIfAbsent(parts[0], call -> new LinkedHashMap<>())
                    .put(parts[1], new Field(Arrays.asList(parts[2].split(" ", -1)), parts[3].equals("required")));
        });
    }

    /** As it is described; empty when it is not. */
    Optional<DescribedCall> callOf(Exchange exchange) {
        return calls.stream()
                .filter(call -> call.matches(exchange.method(), exchange.path()))
                .findFirst();
    }

    /** All that is wrong with a request, or with its answer; never what its fields hold. */
    List<String> differences(Exchange exchange) {
        return callOf(exchange)
                .map(call -> differences(call, exchange))
                .orElseGet(() -> List.of(exchange.method() + " " + exchange.path() + " is not described"));
    }

    private List<String> differences(DescribedCall call, Exchange exchange) {
        List<String> wrong = new ArrayList<>();
        if (!call.statuses().contains(exchange.status())) {
            wrong.add("status " + exchange.status() + " is not described");
        } else if (exchange.status() < 300 && exchange.status() != call.success()) {
            wrong.add("its success is " + call.success() + ", not " + exchange.status());
        }
        Map<String, Field> known = fields.getOrDefault(call.toString(), Map.of());
        Stream.of(exchange.query().split("&", -1))
                .filter(pair -> !pair.isEmpty())
                .forEach(pair -> {
                    String[] parts = pair.split("=", 2);
                    check(known, "?" + parts[0], Json.LENIENT.getNodeFactory().textNode(parts[1]), wrong);
                });
        if (exchange.body().isEmpty()) {
            call.required().forEach(name -> wrong.add(name + " is missing"));
        } else if (!call.hasBody()) {
            wrong.add("has a body, and none is described");
        } else {
            inBody(call, known, exchange.body(), wrong);
        }
        return wrong.stream().map(what -> call + ": " + what).toList();
    }

    private static void inBody(DescribedCall call, Map<String, Field> known, String text, List<String> wrong) {
        JsonNode body;
        try {
            body = Json.LENIENT.readTree(text);
        } catch (JsonProcessingException e) {
            wrong.add("its body is not JSON");
            return;
        }
        call.required().stream()
                .filter(name -> !body.hasNonNull(name))
                .forEach(name -> wrong.add(name + " is missing"));
        body.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> !call.required().contains(name) && !call.other().contains(name))
                .forEach(name -> wrong.add(name + " is not described"));
        inside(known, "", body, wrong);
    }

    private static void inside(Map<String, Field> known, String path, JsonNode value, List<String> wrong) {
        if (value.isArray()) {
            value.forEach(each -> inside(known, path + "[]", each, wrong));
        } else if (value.isObject()) {
            String prefix = path.isEmpty() ? "" : path + ".";
            value.properties().forEach(field -> inside(known, prefix + field.getKey(), field.getValue(), wrong));
            known.forEach((name, field) -> {
                boolean here = name.startsWith(prefix)
                        && name.substring(prefix.length()).matches("[a-z_]+");
                if (here
                        && !prefix.isEmpty()
                        && field.required()
                        && !value.hasNonNull(name.substring(prefix.length()))) {
                    wrong.add(name + " is missing");
                }
            });
        } else {
            check(known, path, value, wrong);
        }
    }

    private static void check(Map<String, Field> known, String name, JsonNode value, List<String> wrong) {
        Field field = known.get(name);
        if (field == null) {
            wrong.add(name + " is not among the fields whose type is known");
        } else if (!field.takes(value)) {
            wrong.add(name + " is not as described: " + String.join(" ", field.words()));
        }
    }

    /** Fields that both tables name, and that they do not say the same of. */
    List<String> contradictions() {
        TreeSet<String> wrong = new TreeSet<>();
        fields.forEach((name, known) -> {
            Optional<DescribedCall> call =
                    calls.stream().filter(each -> each.toString().equals(name)).findFirst();
            known.forEach((path, field) -> {
                String top = path.replaceAll("[\\[.].*", "");
                boolean query = path.startsWith("?");
                boolean described = call.filter(each -> query
                                || each.required().contains(top)
                                || each.other().contains(top))
                        .isPresent();
                boolean sameRequired = query
                        || !top.equals(path)
                        || call.filter(each -> each.required().contains(top) == field.required())
                                .isPresent();
                if (!described || !sameRequired) {
                    wrong.add(name + ": " + path);
                }
            });
        });
        return List.copyOf(wrong);
    }
}
