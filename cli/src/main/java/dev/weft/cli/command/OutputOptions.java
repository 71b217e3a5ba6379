package dev.weft.cli.command;

import dev.weft.cli.output.JsonWriter;
import dev.weft.cli.output.Table;
import dev.weft.cli.output.Template;
import dev.weft.cli.output.Value;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** How a list is printed. */
final class OutputOptions {

    private static final String TABLE_PREFIX = "table ";

    enum Output {
        table,
        json
    }

    /** A column of the default table, and the row's field that it shows. */
    record Column(String heading, String field) {}

    /** One object: as templates and tables see it, and whole. */
    record Row(Value.Fields fields, Value whole) {
        String text(String field) {
            return fields.fields().get(field) instanceof Value.Text(String text) ? text : "";
        }
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "table|json",
            description = "A table, or a JSON array of the whole objects.")
    private Output output = Output.table;

    @Option(
            names = "--format",
            paramLabel = "TEMPLATE",
            description = "A Go template for each object ('{{.Name}}'), 'table' and such a template, or 'json'.")
    private String format = "";

    @Option(
            names = {"-q", "--quiet"},
            description = "Ids only.")
    private boolean quiet;

    @Option(names = "--no-trunc", description = "Whole ids.")
    private boolean noTrunc;

    boolean wholeIds() {
        return noTrunc;
    }

    /** @param idField the field that --quiet shows */
    void print(PrintStream out, String idField, List<Column> columns, List<Row> rows) {
        if (quiet) {
            rows.forEach(row -> out.println(row.text(idField)));
        } else if (format.equals("json")) {
            rows.forEach(row -> out.println(JsonWriter.compact(row.fields())));
        } else if (format.startsWith(TABLE_PREFIX)) {
            printTemplateTable(out, columns, rows);
        } else if (!format.isEmpty() && !format.equals("table")) {
            Template template = Template.parse(format);
            rows.forEach(row -> out.println(template.render(row.fields())));
        } else if (output == Output.json) {
            out.println(JsonWriter.indented(
                    new Value.Items(rows.stream().map(Row::whole).toList())));
        } else {
            Table table = new Table().row(columns.stream().map(Column::heading).toList());
            rows.forEach(row -> table.row(
                    columns.stream().map(column -> row.text(column.field())).toList()));
            out.print(table.render());
        }
    }

    private void printTemplateTable(PrintStream out, List<Column> columns, List<Row> rows) {
        Template template =
                Template.parse(format.substring(TABLE_PREFIX.length()).strip().replace("\\t", "\t"));
        Map<String, String> headings =
                columns.stream().collect(Collectors.toMap(Column::field, Column::heading, (first, _) -> first));
        Table table = new Table().row(template.renderHeadings(headings).split("\t", -1));
        rows.forEach(row -> table.row(template.render(row.fields()).split("\t", -1)));
        out.print(table.render());
    }
}
