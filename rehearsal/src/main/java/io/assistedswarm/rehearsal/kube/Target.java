package io.assistedswarm.rehearsal.kube;

import java.util.List;
import java.util.Optional;

/**
 * The resource that a path names.
 *
 * @param namespace empty for a cluster-scoped kind, and for all namespaces
 * @param name empty for the collection
 * @param subresource empty for the object itself
 */
record Target(ResourceType type, String namespace, String name, String subresource) {

    /** Empty if the path is not below a group version, or names no kind that the server knows. */
    static Optional<Target> of(List<String> path, ResourceCatalog catalog) {
        int start = prefixLength(path);
        if (start < 0 || path.size() <= start) {
            return Optional.empty();
        }
        var apiVersion = start == 2 ? path.get(1) : path.get(1) + "/" + path.get(2);
        var rest = path.subList(start, path.size());
        if (rest.size() >= 3 && rest.getFirst().equals("namespaces")) {
            var namespaced = catalog.find(apiVersion, rest.get(2)).filter(ResourceType::namespaced);
            if (namespaced.isPresent()) {
                return of(namespaced.get(), rest.get(1), rest.subList(3, rest.size()));
            }
        }
        return catalog.find(apiVersion, rest.getFirst()).flatMap(type -> of(type, "", rest.subList(1, rest.size())));
    }

    ObjectKey key() {
        return new ObjectKey(namespace, name);
    }

    /** As RBAC writes it. */
    String resource() {
        return subresource.isEmpty() ? type.plural() : type.plural() + "/" + subresource;
    }

    private static Optional<Target> of(ResourceType type, String namespace, List<String> rest) {
        if (rest.size() > 2 || (type.namespaced() && namespace.isEmpty() && !rest.isEmpty())) {
            return Optional.empty();
        }
        var name = rest.isEmpty() ? "" : rest.getFirst();
        var subresource = rest.size() < 2 ? "" : rest.get(1);
        boolean known = subresource.isEmpty() || (subresource.equals("status") && type.hasStatus());
        return known ? Optional.of(new Target(type, namespace, name, subresource)) : Optional.empty();
    }

    /** Segments before the resource: /api/v1 or /apis/group/version. */
    private static int prefixLength(List<String> path) {
        if (path.isEmpty()) {
            return -1;
        }
        return switch (path.getFirst()) {
            case "api" -> 2;
            case "apis" -> 3;
            default -> -1;
        };
    }
}
