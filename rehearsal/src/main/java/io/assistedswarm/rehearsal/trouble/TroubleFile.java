package io.assistedswarm.rehearsal.trouble;

import io.assistedswarm.rehearsal.service.model.HostStage;
import io.assistedswarm.rehearsal.trouble.Trouble.Kind;
import io.assistedswarm.rehearsal.trouble.Trouble.Part;
import io.assistedswarm.rehearsal.trouble.Trouble.Scope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a plan of troubles; whatever is wrong in it is found in one go. */
public final class TroubleFile {
    private static final int LARGEST_CHARS = 1 << 20;
    private static final int MOST_TROUBLES = 1_000;
    private static final int MOST_INSTALLING = 1_000_000;
    private static final Duration LONGEST = Duration.ofDays(7);
    /** Of an installation, by the service's names for them. */
    private static final List<String> STAGES =
            Stream.of(HostStage.values()).map(HostStage::wireName).toList();

    private static final Set<String> KUBE_VERBS =
            Set.of("get", "list", "watch", "create", "apply", "patch", "update", "delete", "deletecollection");
    private static final Set<String> SERVICE_VERBS = Set.of("get", "post", "put", "patch", "delete");
    private final TroubleKeys.Problems problems;

    private TroubleFile(TroubleKeys.Problems problems) {
        this.problems = problems;
    }

    /** A plan that cannot be used; each line of the message is one thing to correct. */
    public static final class Invalid extends Exception {
        private static final long serialVersionUID = 1L;

        Invalid(List<String> problems) {
            super(String.join("\n", problems));
        }
    }

    /** @throws Invalid also if the file cannot be read */
    public static List<Trouble> read(Path file) throws Invalid {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new Invalid(List.of(file + ": there is no such file; check the path"));
        } catch (IOException e) {
            throw new Invalid(List.of(file + ": cannot be read as a text; check the file and its permissions"));
        }
    }

    /** @param source for errors */
    public static List<Trouble> parse(String source, String text) throws Invalid {
        TroubleKeys.Problems problems = new TroubleKeys.Problems(source);
        List<Trouble> troubles = List.of();
        if (text.length() > LARGEST_CHARS) {
            problems.add(0, "", "is longer than " + LARGEST_CHARS + " characters; is it the right file?");
        } else {
            troubles = root(text, problems)
                    .map(root -> new TroubleFile(problems).troubles(root))
                    .orElse(List.of());
        }
        if (!problems.found().isEmpty()) {
            throw new Invalid(problems.found());
        }
        return troubles;
    }

    private static Optional<Node> root(String text, TroubleKeys.Problems problems) {
        try {
            Optional<Node> root = new Compose(
                            LoadSettings.builder().setAllowNonScalarKeys(true).build())
                    .composeString(text);
            if (root.isEmpty()) {
                problems.add(1, "", "is empty; write 'troubles:' and a list under it");
            }
            return root;
        } catch (MarkedYamlEngineException e) {
            int line =
                    e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(-1) + 1;
            problems.add(line, "", "is not YAML: " + oneLine(e.getProblem()));
        } catch (YamlEngineException | StackOverflowError e) {
            problems.add(0, "", "is not YAML: " + oneLine(e.getMessage()));
        }
        return Optional.empty();
    }

    private static String oneLine(String message) {
        return message == null ? "" : message.replaceAll("\\s+", " ").strip();
    }

    private List<Trouble> troubles(Node root) {
        List<Trouble> troubles = new ArrayList<>();
        TroubleKeys.of(root, "", problems).ifPresent(top -> {
            long seed = top.wholeNumber("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(1L);
            List<Node> list = top.list("troubles");
            if (!top.has("troubles")) {
                top.wrong("troubles", "is missing; write it and a list under it");
            } else if (list.size() > MOST_TROUBLES) {
                top.wrong("troubles", "has more than " + MOST_TROUBLES + " entries");
            } else {
                for (int i = 0; i < list.size(); i++) {
                    long own = seed + i;
                    TroubleKeys.of(list.get(i), "troubles[" + i + "]", problems)
                            .flatMap(keys -> trouble(keys, own))
                            .ifPresent(troubles::add);
                }
            }
            top.close();
        });
        return troubles;
    }

    private Optional<Trouble> trouble(TroubleKeys keys, long ownSeed) {
        Optional<Part> part = keys.oneOf("hub", Arrays.asList(Part.values()));
        Optional<Kind> kind = keys.oneOf("kind", Arrays.asList(Kind.values()));
        keys.require("hub", "kind");
        Duration start = keys.duration("start", LONGEST).orElse(Duration.ZERO);
        Optional<Duration> duration = keys.duration("duration", LONGEST);
        double share = keys.number("share", 0, 1).orElse(1.0);
        long seed = keys.wholeNumber("seed", Long.MIN_VALUE, Long.MAX_VALUE).orElse(ownSeed);
        Optional<Duration> latency = keys.duration("latency", LONGEST);
        Optional<Duration> latencyUpTo = keys.duration("latencyUpTo", LONGEST);
        Optional<String> stage = keys.oneOf("stage", STAGES);
        Optional<Long> status = keys.wholeNumber("status", 400, 599);
        Optional<Duration> retryAfter = keys.duration("retryAfter", LONGEST);
        Optional<Long> above = keys.wholeNumber("above", 0, MOST_INSTALLING);
        Scope scope = scope(keys, part);
        keys.close();
        if (kind.isEmpty() || part.isEmpty()) {
            return Optional.empty();
        }
        fits(
                keys,
                kind.get(),
                part.get(),
                latency.orElse(Duration.ZERO),
                latencyUpTo.or(() -> latency).orElse(Duration.ZERO));
        return Optional.of(new Trouble(
                part.get(),
                kind.get(),
                scope,
                start,
                duration.orElse(Duration.ZERO),
                share,
                seed,
                latency.orElse(Duration.ZERO),
                latencyUpTo.or(() -> latency).orElse(Duration.ZERO),
                stage.orElse(""),
                status.map(Math::toIntExact).orElse(0),
                retryAfter,
                above.map(Math::toIntExact)));
    }

    private Scope scope(TroubleKeys keys, Optional<Part> part) {
        List<String> verbs = keys.texts("verbs");
        List<String> resources = keys.texts("resources");
        List<String> paths = keys.texts("paths");
        part.ifPresent(of -> {
            Set<String> known = of == Part.KUBERNETES ? KUBE_VERBS : SERVICE_VERBS;
            verbs.stream()
                    .filter(verb -> !known.contains(verb))
                    .forEach(verb -> keys.wrong(
                            "verbs",
                            "'" + verb + "' is no verb of the " + of + "; known: "
                                    + known.stream().sorted().collect(Collectors.joining(", "))));
            if (of == Part.SERVICE && !resources.isEmpty()) {
                keys.wrong("resources", "the service has none; use 'paths'");
            }
        });
        paths.stream()
                .filter(path -> !path.startsWith("/"))
                .forEach(path -> keys.wrong("paths", "'" + path + "' does not begin with '/'"));
        return new Scope(verbs, resources, paths, keys.texts("clients"));
    }

    /** Whether the keys are those that the kind needs. */
    private static void fits(TroubleKeys keys, Kind kind, Part part, Duration latency, Duration upTo) {
        if (kind.kubernetesOnly() && part != Part.KUBERNETES) {
            keys.wrong("kind", "'" + kind + "' is there for 'hub: kubernetes' only");
        }
        if (kind != Kind.RESTART && kind != Kind.TOKEN) {
            keys.require("duration");
        }
        if (kind.serviceOnly() && part != Part.SERVICE) {
            keys.wrong("kind", "'" + kind + "' is there for 'hub: service' only");
        }
        needs(keys, "stage", kind == Kind.FAIL, kind);
        if (kind != Kind.SLOW && keys.has("latencyUpTo")) {
            keys.wrong("latencyUpTo", "is of no use with kind '" + kind + "'");
        } else if (upTo.compareTo(latency) < 0) {
            keys.wrong("latencyUpTo", "is less than latency");
        }
        if (kind == Kind.FAIL) {
            for (String narrowing : List.of("verbs", "resources", "paths", "clients")) {
                if (keys.has(narrowing)) {
                    keys.wrong(narrowing, "is of requests, and kind '" + kind + "' is of hosts; leave it out");
                }
            }
        }
        needs(keys, "latency", kind == Kind.SLOW, kind);
        needs(keys, "status", kind == Kind.ANSWER, kind);
        if (kind != Kind.ANSWER && keys.has("retryAfter")) {
            keys.wrong("retryAfter", "is of no use with kind '" + kind + "'");
        }
        if (part != Part.SERVICE && keys.has("above")) {
            keys.wrong("above", "counts what the service installs, and is there for 'hub: service' only");
        }
        if (kind.concernsAll()) {
            for (String narrowing : List.of("above", "share", "verbs", "resources", "paths", "clients")) {
                if (keys.has(narrowing)) {
                    keys.wrong(narrowing, "kind '" + kind + "' spares nobody; leave it out");
                }
            }
        }
    }

    private static void needs(TroubleKeys keys, String key, boolean needed, Kind kind) {
        if (needed) {
            keys.require(key);
        } else if (keys.has(key)) {
            keys.wrong(key, "is of no use with kind '" + kind + "'");
        }
    }
}
