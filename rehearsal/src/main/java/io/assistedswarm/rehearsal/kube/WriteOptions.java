package io.assistedswarm.rehearsal.kube;

import java.util.List;

/**
 * How a write is meant.
 *
 * @param manager who will own the fields
 * @param dryRun everything is done but the writing
 * @param force whether server-side apply may take fields from others
 * @param subresource empty or "status"
 * @param warnings collects what goes into {@code Warning} headers
 */
record WriteOptions(
        String manager,
        boolean dryRun,
        boolean force,
        FieldValidation validation,
        String subresource,
        List<String> warnings) {

    /** What happens to fields that the schema does not know: they are dropped silently, dropped with a warning, or refused. */
    enum FieldValidation {
        IGNORE,
        WARN,
        STRICT
    }

    boolean ofStatus() {
        return subresource.equals("status");
    }
}
