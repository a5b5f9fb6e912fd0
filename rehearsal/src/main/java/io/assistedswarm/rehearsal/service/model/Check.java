package io.assistedswarm.rehearsal.service.model;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.Locale;

/**
 * The outcome of one validation, in the service's own format.
 *
 * @param id as in the service's {@code validation_id.go}
 */
@JsonPropertyOrder({"id", "status", "message"})
public record Check(String id, Status status, String message) {
    public enum Status {
        SUCCESS,
        FAILURE,
        PENDING,
        ERROR;

        @com.fasterxml.jackson.annotation.JsonValue
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public static Check passed(String id, String message) {
        return new Check(id, Status.SUCCESS, message);
    }

    public static Check failed(String id, String message) {
        return new Check(id, Status.FAILURE, message);
    }

    public static Check pending(String id, String message) {
        return new Check(id, Status.PENDING, message);
    }

    public static Check of(String id, boolean passed, String success, String failure) {
        return passed ? passed(id, success) : failed(id, failure);
    }

    public boolean passed() {
        return status == Status.SUCCESS;
    }

    public boolean failed() {
        return status == Status.FAILURE || status == Status.ERROR;
    }
}
