package io.assistedswarm.rehearsal.kube;

import java.util.List;
import java.util.Optional;

/** {@code SelfSubjectAccessReview}: whether the caller may do something. Nothing is forbidden here, so the answer is always yes. */
final class AccessReviews {
    private static final List<String> PATH = List.of("apis", "authorization.k8s.io", "v1", "selfsubjectaccessreviews");

    private AccessReviews() {}

    /** Empty if the call is not one of these. */
    static Optional<Reply> answer(ApiCall call) {
        if (!call.path().equals(PATH)) {
            return Optional.empty();
        }
        if (!call.method().equals("POST")) {
            throw StatusFailure.methodNotAllowed();
        }
        var review = call.bodyObject();
        var spec = review.path("spec");
        if (spec.has("resourceAttributes") == spec.has("nonResourceAttributes")) {
            throw StatusFailure.unprocessable(
                    "SelfSubjectAccessReview.authorization.k8s.io \"\" is invalid: spec.resourceAttributes: Invalid value: null:"
                            + " exactly one of nonResourceAttributes or resourceAttributes must be specified");
        }
        var answer = Json.object().put("kind", "SelfSubjectAccessReview").put("apiVersion", "authorization.k8s.io/v1");
        answer.putObject("metadata").putNull("creationTimestamp");
        answer.set("spec", spec);
        answer.putObject("status").put("allowed", true);
        return Optional.of(Reply.json(201, answer));
    }
}
