package dev.weft.cli.command;

import dev.weft.cli.CliException;
import dev.weft.cli.output.JsonWriter;
import dev.weft.cli.output.Template;
import dev.weft.cli.output.Value;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Option;

/** How whole objects are printed: a JSON array as Docker's, or a template for each. */
final class InspectOptions {

    @Option(
            names = {"-f", "--format"},
            paramLabel = "TEMPLATE",
            description = "A Go template for each object, or 'json' for JSON on one line.")
    private String format = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "json",
            description = "Always json: there is no table of whole objects.")
    private OutputOptions.Output output = OutputOptions.Output.json;

    void print(PrintStream out, List<Value> objects) {
        if (output == OutputOptions.Output.table) {
            throw CliException.usage("inspect has no table: leave out -o, or take ls");
        }
        if (format.isEmpty()) {
            out.println(JsonWriter.indented(new Value.Items(objects)));
        } else if (format.equals("json")) {
            out.println(JsonWriter.compact(new Value.Items(objects)));
        } else {
            Template template = Template.parse(format);
            objects.forEach(object -> out.println(template.render(object)));
        }
    }
}
