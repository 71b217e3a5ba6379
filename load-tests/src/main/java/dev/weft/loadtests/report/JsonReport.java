package dev.weft.loadtests.report;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.weft.loadtests.measure.Comparison;
import dev.weft.loadtests.measure.ComparisonResult.Row;
import dev.weft.loadtests.measure.Outcome.Measured;
import dev.weft.loadtests.measure.Outcome.NotFinished;
import dev.weft.loadtests.measure.Outcome.NotMeasured;
import dev.weft.loadtests.measure.Samples;
import java.time.Duration;

/** A report with every sample, for programs. */
public final class JsonReport {

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private JsonReport() {}

    public static String of(Report report) {
        JsonObject root = new JsonObject();
        JsonObject facts = new JsonObject();
        report.facts().forEach(facts::addProperty);
        root.add("facts", facts);
        JsonArray sections = new JsonArray();
        report.sections().forEach(section -> sections.add(section(section)));
        root.add("comparisons", sections);
        root.add("pure", GSON.toJsonTree(report.pureFigures()));
        return GSON.toJson(root) + "\n";
    }

    private static JsonObject section(Report.Section section) {
        Comparison comparison = section.result().comparison();
        JsonObject object = new JsonObject();
        object.addProperty("key", comparison.key());
        object.addProperty("title", comparison.title());
        object.addProperty("unit", comparison.unit().symbol());
        object.addProperty("warmUps", comparison.warmUps());
        object.addProperty("rounds", comparison.rounds());
        object.addProperty("loadBefore", section.loadBefore());
        object.addProperty("tookSeconds", section.took().toSeconds());
        JsonArray rows = new JsonArray();
        section.result().rows().forEach(row -> rows.add(row(row, comparison)));
        object.add("contenders", rows);
        return object;
    }

    private static JsonObject row(Row row, Comparison comparison) {
        JsonObject object = new JsonObject();
        object.addProperty("name", row.entrant().name());
        object.addProperty("side", row.entrant().side().name());
        object.addProperty("method", row.entrant().method());
        switch (row.outcome()) {
            case Measured(Samples samples) -> {
                object.addProperty("median", samples.median());
                object.addProperty("tail", comparison.unit().tail(samples));
                object.add("samples", GSON.toJsonTree(samples.values()));
            }
            case NotFinished(Duration after) -> object.addProperty("notFinishedAfterSeconds", after.toSeconds());
            case NotMeasured(String reason) -> object.addProperty("notMeasured", reason);
        }
        return object;
    }
}
