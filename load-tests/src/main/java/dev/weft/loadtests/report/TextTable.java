package dev.weft.loadtests.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** A Markdown table whose columns are padded, so that it can be read as plain text too. */
public final class TextTable {

    private final List<List<String>> rows = new ArrayList<>();

    /** The first row is the head; its first column is aligned left, the others right. */
    public TextTable row(List<String> cells) {
        if (!rows.isEmpty() && rows.getFirst().size() != cells.size()) {
            throw new IllegalArgumentException(
                    cells + " has not the " + rows.getFirst().size() + " cells of the table");
        }
        rows.add(cells.stream().map(cell -> cell.replace("|", "\\|")).toList());
        return this;
    }

    @Override
    public String toString() {
        if (rows.isEmpty()) {
            return "";
        }
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .map(width -> Math.max(width, 3))
                .toArray();
        StringBuilder text = new StringBuilder(line(rows.getFirst(), widths));
        text.append('|');
        for (int column = 0; column < widths.length; column++) {
            text.append(column == 0 ? ":" : "-")
                    .append("-".repeat(widths[column]))
                    .append(column == 0 ? "-" : ":")
                    .append('|');
        }
        text.append('\n');
        rows.stream().skip(1).forEach(row -> text.append(line(row, widths)));
        return text.toString();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder("|");
        for (int column = 0; column < widths.length; column++) {
            String padding = " ".repeat(widths[column] - cells.get(column).length());
            String cell = cells.get(column);
            line.append(' ')
                    .append(column == 0 ? cell + padding : padding + cell)
                    .append(" |");
        }
        return line.append('\n').toString();
    }
}
