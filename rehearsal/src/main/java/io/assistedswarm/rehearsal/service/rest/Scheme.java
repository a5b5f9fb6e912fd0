package io.assistedswarm.rehearsal.service.rest;

import java.util.Optional;

/** A way to say who one is; the names are those of the service's public API description. */
enum Scheme {
    USER {
        @Override
        Optional<String> credential(Call call) {
            return header(call, "Authorization");
        }
    },
    AGENT {
        @Override
        Optional<String> credential(Call call) {
            return header(call, "X-Secret-Key");
        }
    },
    WATCHER {
        @Override
        Optional<String> credential(Call call) {
            return header(call, "Watcher-Authorization");
        }
    },
    /** In a URL of {@code AUTH_TYPE=local}; the image service hands on what its own path has. */
    URL {
        @Override
        Optional<String> credential(Call call) {
            return call.query("api_key")
                    .or(() -> Optional.ofNullable(call.path().get("api_key")));
        }
    },
    /** Of an image; the image service hands on what its own path has. */
    IMAGE {
        @Override
        Optional<String> credential(Call call) {
            return header(call, "Image-Token")
                    .or(() -> Optional.ofNullable(call.path().get("image_token")));
        }
    },
    IMAGE_URL {
        @Override
        Optional<String> credential(Call call) {
            return call.query("image_token");
        }
    };

    /** What the caller brings for it, if anything. */
    abstract Optional<String> credential(Call call);

    private static Optional<String> header(Call call, String name) {
        return Optional.of(call.header(name)).filter(value -> !value.isEmpty());
    }
}
