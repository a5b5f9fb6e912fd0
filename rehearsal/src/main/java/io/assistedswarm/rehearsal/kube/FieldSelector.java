package io.assistedswarm.rehearsal.kube;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A field selector: {@code metadata.name=x,status.phase!=Active}. */
record FieldSelector(List<Term> terms) {
    static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    private static final Set<String> ALWAYS = Set.of("metadata.name", "metadata.namespace");
    private static final Set<String> OF_EVENTS = Set.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type");

    record Term(String field, boolean equal, String value) {
        boolean matches(KubeObject object) {
            return found(object).equals(value) == equal;
        }

        private String found(KubeObject object) {
            return switch (field) {
                case "metadata.name" -> object.key().name();
                case "metadata.namespace" -> object.key().namespace();
                case "source" -> Json.text(object.tree(), "source", "component");
                default -> Json.text(object.tree(), field.split("\\.", -1));
            };
        }
    }

    static FieldSelector parse(ResourceType type, String text) {
        if (text.isBlank()) {
            return EVERYTHING;
        }
        var terms = new ArrayList<Term>();
        for (var part : text.split(",", -1)) {
            var term = term(part);
            if (!supported(type, term.field)) {
                throw StatusFailure.badRequest("field label not supported: " + term.field);
            }
            terms.add(term);
        }
        return new FieldSelector(List.copyOf(terms));
    }

    boolean matches(KubeObject object) {
        return terms.stream().allMatch(t -> t.matches(object));
    }

    Optional<String> name() {
        return terms.stream()
                .filter(t -> t.equal && t.field.equals("metadata.name"))
                .map(Term::value)
                .findFirst();
    }

    private static Term term(String text) {
        int equals = text.indexOf('=');
        if (equals < 1) {
            throw StatusFailure.badRequest("invalid selector: '" + text + "'; can't understand it");
        }
        var value = text.substring(text.startsWith("==", equals) ? equals + 2 : equals + 1);
        boolean negated = text.charAt(equals - 1) == '!';
        return new Term(text.substring(0, negated ? equals - 1 : equals).strip(), !negated, value.strip());
    }

    private static boolean supported(ResourceType type, String field) {
        return ALWAYS.contains(field)
                || switch (type.kind()) {
                    case "Event" -> OF_EVENTS.contains(field);
                    case "Secret" -> field.equals("type");
                    case "Namespace" -> field.equals("status.phase");
                    default -> false;
                };
    }
}
