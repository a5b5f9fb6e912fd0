package io.assistedswarm.rehearsal.service.controller;

import io.assistedswarm.rehearsal.service.Json;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The smallest JSON merge patch from what is to what shall be, so that nothing is written that is so already. */
final class MergePatch {
    private MergePatch() {}

    /**
     * @param desired keys that are not in it are left alone; a null value removes its key
     * @return empty if there is nothing to change
     */
    static Optional<Map<String, Object>> between(Map<String, Object> current, Map<String, Object> desired) {
        Map<String, Object> patch = new LinkedHashMap<>();
        desired.forEach((key, wanted) -> {
            Object is = current.get(key);
            if (wanted == null) {
                if (current.containsKey(key)) {
                    patch.put(key, null);
                }
            } else if (is instanceof Map<?, ?> isMap && wanted instanceof Map<?, ?> wantedMap) {
                between(texted(isMap), whole(texted(isMap), texted(wantedMap)))
                        .ifPresent(inner -> patch.put(key, inner));
            } else if (is == null || !isSame(is, wanted)) {
                patch.put(key, wanted);
            }
        });
        return patch.isEmpty() ? Optional.empty() : Optional.of(patch);
    }

    /** Also as JSON: one may be read of it, and the other not. Most often they are equal as they are, which is much cheaper to see. */
    private static boolean isSame(Object is, Object wanted) {
        return is.equals(wanted) || Json.text(is).equals(Json.text(wanted));
    }

    /** Below the first level the desired map is meant as a whole: what it does not have goes. */
    private static Map<String, Object> whole(Map<String, Object> current, Map<String, Object> desired) {
        Map<String, Object> whole = new LinkedHashMap<>(desired);
        current.keySet().forEach(key -> whole.putIfAbsent(key, null));
        return whole;
    }

    private static Map<String, Object> texted(Map<?, ?> map) {
        Map<String, Object> texted = new LinkedHashMap<>();
        map.forEach((key, value) -> texted.put(String.valueOf(key), value));
        return texted;
    }
}
