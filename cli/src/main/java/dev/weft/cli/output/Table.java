package dev.weft.cli.output;

import java.util.ArrayList;
import java.util.List;

/** Columns aligned as Docker's: at least ten characters wide, three spaces between, nothing after the last. */
public final class Table {

    private static final int MIN_WIDTH = 10;
    private static final int PADDING = 3;

    private final List<List<String>> rows = new ArrayList<>();

    public Table row(String... cells) {
        return row(List.of(cells));
    }

    public Table row(List<String> cells) {
        rows.add(List.copyOf(cells));
        return this;
    }

    /** Every row on a line of its own. */
    public String render() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                widths[i] = Math.max(widths[i], Math.max(row.get(i).length() + PADDING, MIN_WIDTH));
            }
        }
        StringBuilder out = new StringBuilder();
        for (List<String> row : rows) {
            for (int i = 0; i < row.size(); i++) {
                out.append(row.get(i));
                if (i < row.size() - 1) {
                    out.repeat(' ', widths[i] - row.get(i).length());
                }
            }
            out.append('\n');
        }
        return out.toString();
    }
}
