package io.assistedswarm.coordinator.report.files;

import io.assistedswarm.coordinator.report.Life;
import io.assistedswarm.coordinator.report.Life.Mark;
import io.assistedswarm.protocol.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Clusters or hosts, one a line: how each ended, and when it first came to each phase and stage (times in UTC). */
final class LivesCsv {
    private static final String STAGE = "stage ";

    private LivesCsv() {}

    static String of(List<Life> lives) {
        Set<String> moments = new LinkedHashSet<>();
        lives.forEach(life -> life.marks().forEach(mark -> moments.add(mark.what())));
        lives.forEach(life -> life.stages().forEach(mark -> moments.add(STAGE + mark.what())));
        List<String> header = new ArrayList<>(List.of(
                "name",
                "worker",
                "end",
                "seconds",
                "faulted",
                "failure side",
                "failure reason",
                "failure message",
                "user"));
        header.addAll(moments);
        StringBuilder csv = new StringBuilder(line(header));
        lives.forEach(life -> csv.append(line(row(life, moments))));
        return csv.toString();
    }

    private static List<String> row(Life life, Set<String> moments) {
        Map<String, String> times = new HashMap<>();
        life.marks().forEach(mark -> times.putIfAbsent(mark.what(), time(mark)));
        life.stages().forEach(mark -> times.putIfAbsent(STAGE + mark.what(), time(mark)));
        List<String> row = new ArrayList<>(List.of(
                life.name(),
                life.worker(),
                life.last().what(),
                String.format(Locale.ROOT, "%.3f", life.seconds()),
                String.valueOf(life.faulted()),
                life.failure()
                        .map(failure -> failure.side().name().toLowerCase(Locale.ROOT))
                        .orElse(""),
                life.failure().map(Failure::reason).orElse(""),
                life.failure().map(Failure::message).orElse(""),
                life.user()));
        moments.forEach(moment -> row.add(times.getOrDefault(moment, "")));
        return row;
    }

    private static String time(Mark mark) {
        return mark.at().toString();
    }

    private static String line(List<String> cells) {
        return cells.stream().map(LivesCsv::cell).collect(Collectors.joining(",")) + "\n";
    }

    /** As RFC 4180 has it; what a spreadsheet would take for a formula is none. */
    private static String cell(String text) {
        String harmless = text.matches("(?s)[=+@-].*") ? "'" + text : text;
        return harmless.matches("(?s).*[\",\r\n].*") ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }
}
