package io.assistedswarm.coordinator.plan;

import io.assistedswarm.coordinator.plan.Problem.Position;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML that may be anything: whatever it is, the answer is a tree or problems of one line each. */
final class YamlFile {
    static final int MAX_BYTES = 4 << 20;

    /** After aliases are followed, so that a small file cannot become a big tree. */
    private static final int MAX_NODES = 300_000;

    private static final int MAX_DEPTH = 40;

    private final String source;
    private final Problems problems;
    private int nodes;

    private YamlFile(String source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** The document of a file; empty when it cannot be read as one, which is then among the problems. */
    static Optional<YamlNode> read(Path file, Problems problems) {
        return text(file, problems).flatMap(text -> parse(file.toString(), text, problems));
    }

    /** The document of a text. */
    static Optional<YamlNode> parse(String source, String text, Problems problems) {
        return new YamlFile(source, problems).parse(text);
    }

    /** A text file's content, up to {@link #MAX_BYTES}. */
    static Optional<String> text(Path file, Problems problems) {
        Position position = new Position(file.toString(), 0);
        if (Files.isDirectory(file)) {
            problems.error(position, "", "is a folder", "name a file");
            return Optional.empty();
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException e) {
            problems.error(position, "", "there is no such file", "check the path");
            return Optional.empty();
        } catch (IOException e) {
            problems.error(position, "", "cannot be read", "check its permissions");
            return Optional.empty();
        }
        if (bytes.length > MAX_BYTES) {
            problems.error(position, "", "is bigger than " + (MAX_BYTES >> 20) + " MiB", "is it the right file?");
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            problems.error(position, "", "is not a text file in UTF-8", "is it the right file?");
            return Optional.empty();
        }
    }

    private Optional<YamlNode> parse(String text) {
        LoadSettings settings = LoadSettings.builder()
                .setLabel(source)
                .setCodePointLimit(MAX_BYTES)
                .setMaxAliasesForCollections(100)
                .setAllowNonScalarKeys(true)
                .build();
        try {
            Optional<Node> root = new Compose(settings).composeString(text);
            if (root.isEmpty()) {
                problems.error(new Position(source, 1), "", "is empty", "see docs/plan-guide.md for what it may say");
                return Optional.empty();
            }
            return Optional.of(convert(root.get(), 0));
        } catch (TooBig e) {
            problems.error(new Position(source, e.line), "", e.getMessage(), "write it out without aliases");
        } catch (MarkedYamlEngineException e) {
            Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
            Position position =
                    new Position(source, mark.map(at -> at.getLine() + 1).orElse(0));
            if (oneLine(e.getProblem()).contains("found another document")) {
                problems.error(position, "", "begins another document", "put it into a file of its own");
            } else {
                problems.error(position, "", "is not YAML: " + oneLine(e.getProblem()), hint(text, mark));
            }
        } catch (ReaderException e) {
            problems.error(new Position(source, 0), "", "is not a text file", "is it the right file?");
        } catch (YamlEngineException e) {
            problems.error(new Position(source, 0), "", "is not YAML: " + oneLine(e.getMessage()), "");
        } catch (StackOverflowError e) {
            problems.error(new Position(source, 0), "", "is nested too deeply", "is it the right file?");
        }
        return Optional.empty();
    }

    private static String hint(String text, Optional<Mark> mark) {
        List<String> lines = text.lines().toList();
        return mark.filter(at ->
                        at.getLine() < lines.size() && lines.get(at.getLine()).contains("\t"))
                .map(at -> "indent with spaces, not with a tab")
                .orElse("");
    }

    private YamlNode convert(Node node, int depth) {
        Position position = position(node);
        nodes++;
        if (nodes > MAX_NODES || depth > MAX_DEPTH) {
            throw new TooBig(nodes > MAX_NODES ? "has too many values" : "is nested too deeply", position.line());
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, position, depth);
        }
        if (node instanceof SequenceNode sequence) {
            return new YamlNode.Sequence(
                    position,
                    sequence.getValue().stream()
                            .map(item -> convert(item, depth + 1))
                            .toList());
        }
        ScalarNode scalar = (ScalarNode) node;
        return new YamlNode.Scalar(position, scalar.getValue(), scalar.isPlain());
    }

    private YamlNode.Mapping mapping(MappingNode mapping, Position position, int depth) {
        Map<String, YamlNode.Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Position keyPosition = position(tuple.getKeyNode());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.error(keyPosition, "", "a key is a list or a mapping", "write a name before the ':'");
                continue;
            }
            YamlNode.Entry entry = new YamlNode.Entry(keyPosition, convert(tuple.getValueNode(), depth + 1));
            YamlNode.Entry earlier = entries.putIfAbsent(key.getValue(), entry);
            if (earlier != null) {
                problems.error(
                        keyPosition,
                        key.getValue(),
                        "is there twice",
                        "it is also in line " + earlier.keyPosition().line());
            }
        }
        return new YamlNode.Mapping(position, entries);
    }

    private Position position(Node node) {
        return new Position(
                source, node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0));
    }

    private static String oneLine(String message) {
        return message == null ? "" : message.replaceAll("\\s+", " ").strip();
    }

    private static final class TooBig extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int line;

        TooBig(String message, int line) {
            super(message, null, false, false);
            this.line = line;
        }
    }
}
