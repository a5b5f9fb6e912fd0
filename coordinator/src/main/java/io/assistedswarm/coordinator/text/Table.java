package io.assistedswarm.coordinator.text;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Columns as kubectl aligns them: as wide as their widest cell, three spaces apart, nothing at the end of a line. */
public final class Table {
    private static final String GAP = "   ";

    private final List<String> header;
    private final Set<Integer> rightAligned;
    private final List<List<String>> rows = new ArrayList<>();
    private final int[] widths;

    private Table(List<String> header, Set<Integer> rightAligned) {
        this.header = List.copyOf(header);
        this.rightAligned = Set.copyOf(rightAligned);
        this.widths = new int[header.size()];
        widen(header);
    }

    public static Table of(List<String> header) {
        return new Table(header, Set.of());
    }

    /** @param firstRight index of the first of the columns that hold numbers */
    public static Table withNumbersFrom(int firstRight, List<String> header) {
        Set<Integer> right = new HashSet<>();
        for (int i = firstRight; i < header.size(); i++) {
            right.add(i);
        }
        return new Table(header, right);
    }

    /** An empty cell is shown as {@code -}. */
    public void add(List<String> row) {
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells for " + header.size() + " columns");
        }
        List<String> cells =
                row.stream().map(cell -> cell.isEmpty() ? "-" : cell).toList();
        rows.add(cells);
        widen(cells);
    }

    /** All lines, the header first. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(header));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private void widen(List<String> cells) {
        for (int i = 0; i < cells.size(); i++) {
            widths[i] = Math.max(
                    widths[i], cells.get(i).codePointCount(0, cells.get(i).length()));
        }
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(widths[i] - cell.codePointCount(0, cell.length()));
            line.append(i == 0 ? "" : GAP).append(rightAligned.contains(i) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }
}
