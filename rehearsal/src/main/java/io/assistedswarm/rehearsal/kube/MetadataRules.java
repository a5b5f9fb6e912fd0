package io.assistedswarm.rehearsal.kube;

import com.fasterxml.jackson.databind.JsonNode;
import io.assistedswarm.rehearsal.kube.StatusFailure.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What the API demands of names, labels, annotations and finalizers. */
final class MetadataRules {
    private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
    private static final Pattern DNS_LABEL = Pattern.compile(LABEL);
    private static final Pattern DNS_SUBDOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");
    private static final Pattern QUALIFIED = Pattern.compile("([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]");
    private static final Pattern VALUE = Pattern.compile("(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?");
    private static final int ANNOTATIONS_LIMIT_BYTES = 256 * 1024;

    private MetadataRules() {}

    static List<Cause> check(ResourceType type, JsonNode tree) {
        var causes = new ArrayList<Cause>();
        var metadata = tree.path("metadata");
        checkName(type, Json.text(metadata, "name"), causes);
        if (type.namespaced()) {
            checkLabel(Json.text(metadata, "namespace"), "metadata.namespace", causes);
        }
        for (var label : metadata.path("labels").properties()) {
            checkKey(label.getKey(), "metadata.labels", causes);
            checkValue(label.getValue().asText(), causes);
        }
        int size = 0;
        for (var annotation : metadata.path("annotations").properties()) {
            checkKey(annotation.getKey(), "metadata.annotations", causes);
            size += annotation.getKey().length()
                    + annotation.getValue().asText().length();
        }
        if (size > ANNOTATIONS_LIMIT_BYTES) {
            causes.add(new Cause(
                    "FieldValueTooLong",
                    "Too long: may not be more than " + ANNOTATIONS_LIMIT_BYTES + " bytes",
                    "metadata.annotations"));
        }
        for (var finalizer : metadata.path("finalizers")) {
            checkKey(finalizer.asText(), "metadata.finalizers", causes);
        }
        for (int i = 0; i < metadata.path("ownerReferences").size(); i++) {
            checkOwner(metadata.path("ownerReferences").get(i), "metadata.ownerReferences[" + i + "]", causes);
        }
        return causes;
    }

    private static void checkName(ResourceType type, String name, List<Cause> causes) {
        if (name.isEmpty()) {
            causes.add(new Cause(
                    "FieldValueRequired", "Required value: name or generateName is required", "metadata.name"));
        } else if (type.isNamespace()) {
            checkLabel(name, "metadata.name", causes);
        } else if (name.length() > 253) {
            causes.add(invalid(name, "must be no more than 253 bytes", "metadata.name"));
        } else if (!DNS_SUBDOMAIN.matcher(name).matches()) {
            causes.add(invalid(
                    name,
                    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and"
                            + " end with an alphanumeric character (e.g. 'example.com', regex used for validation is '"
                            + DNS_SUBDOMAIN.pattern() + "')",
                    "metadata.name"));
        }
    }

    private static void checkLabel(String name, String field, List<Cause> causes) {
        if (name.length() > 63) {
            causes.add(invalid(name, "must be no more than 63 bytes", field));
        } else if (!DNS_LABEL.matcher(name).matches()) {
            causes.add(invalid(
                    name,
                    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an"
                            + " alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '"
                            + LABEL + "')",
                    field));
        }
    }

    private static void checkKey(String key, String field, List<Cause> causes) {
        int slash = key.indexOf('/');
        var prefix = slash < 0 ? "" : key.substring(0, slash);
        var name = key.substring(slash + 1);
        if (slash >= 0
                && !(prefix.length() <= 253 && DNS_SUBDOMAIN.matcher(prefix).matches())) {
            causes.add(invalid(
                    key,
                    "prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric"
                            + " characters, '-' or '.', and must start and end with an alphanumeric character",
                    field));
        }
        if (name.length() > 63) {
            causes.add(invalid(key, "name part must be no more than 63 bytes", field));
        } else if (!QUALIFIED.matcher(name).matches()) {
            causes.add(invalid(
                    key,
                    "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and"
                            + " end with an alphanumeric character",
                    field));
        }
    }

    private static void checkValue(String value, List<Cause> causes) {
        if (value.length() > 63) {
            causes.add(invalid(value, "must be no more than 63 bytes", "metadata.labels"));
        } else if (!VALUE.matcher(value).matches()) {
            causes.add(invalid(
                    value,
                    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end"
                            + " with an alphanumeric character",
                    "metadata.labels"));
        }
    }

    private static void checkOwner(JsonNode owner, String field, List<Cause> causes) {
        for (var part : List.of("apiVersion", "kind", "name", "uid")) {
            if (owner.has(part) && Json.text(owner, part).isEmpty()) {
                causes.add(invalid("", part + " must not be empty", field + "." + part));
            }
        }
    }

    private static Cause invalid(String value, String why, String field) {
        return new Cause("FieldValueInvalid", "Invalid value: \"" + value + "\": " + why, field);
    }
}
