package dev.weft.cli.output;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The part of Go's text/template that {@code --format} takes: text, fields ({@code .Name}, {@code .IPAM.Config}, {@code .}),
 * variables of a range, {@code range} (over arrays and objects, with {@code $v :=} or {@code $k, $v :=}) with {@code else},
 * {@code if} with {@code else}, {@code end}, the functions {@code json}, {@code index}, {@code len}, {@code println},
 * {@code join}, {@code upper}, {@code lower}, string and number literals, parentheses, pipes and trim marks. Anything else
 * is an error when the template is read.
 *
 * <p>Immutable.
 */
public final class Template {

    private final List<Node> nodes;

    private Template(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * @throws TemplateException if the text is not a template of this subset
     */
    public static Template parse(String text) {
        return new Template(new TemplateParser(text).parse());
    }

    /**
     * @throws TemplateException if a field is not there or a function gets what it cannot use
     */
    public String render(Value root) {
        StringBuilder out = new StringBuilder();
        render(nodes, root, new HashMap<>(Map.of("$", root)), out);
        return out.toString();
    }

    /** The names of the fields that stand alone in the template, in order: the headings of {@code table} formats. */
    public List<String> fieldNames() {
        List<String> names = new ArrayList<>();
        for (Node node : nodes) {
            if (node instanceof Print(Field(Dot _, String name))) {
                names.add(name);
            }
        }
        return names;
    }

    /** The template with every action that is a field replaced by its heading. */
    public String renderHeadings(Map<String, String> headings) {
        StringBuilder out = new StringBuilder();
        for (Node node : nodes) {
            switch (node) {
                case Text(String text) -> out.append(text);
                case Print(Field(Dot _, String name)) ->
                    out.append(headings.getOrDefault(name, name.toUpperCase(java.util.Locale.ROOT)));
                case Print _, Range _, If _ -> {}
            }
        }
        return out.toString();
    }

    sealed interface Node {}

    record Text(String text) implements Node {}

    record Print(Expression expression) implements Node {}

    /** Names are empty where the template gives none. */
    record Range(String keyName, String valueName, Expression over, List<Node> body, List<Node> otherwise)
            implements Node {}

    record If(Expression condition, List<Node> body, List<Node> otherwise) implements Node {}

    sealed interface Expression {}

    record Dot() implements Expression {}

    record Variable(String name) implements Expression {}

    record Field(Expression of, String name) implements Expression {}

    record Literal(Value value) implements Expression {}

    record Call(Function function, List<Expression> arguments) implements Expression {}

    enum Function {
        JSON,
        INDEX,
        LEN,
        PRINTLN,
        JOIN,
        UPPER,
        LOWER
    }

    private static void render(List<Node> nodes, Value dot, Map<String, Value> variables, StringBuilder out) {
        for (Node node : nodes) {
            switch (node) {
                case Text(String text) -> out.append(text);
                case Print(Expression expression) -> out.append(show(evaluate(expression, dot, variables)));
                case If(Expression condition, var body, var otherwise) ->
                    render(isTrue(evaluate(condition, dot, variables)) ? body : otherwise, dot, variables, out);
                case Range range -> renderRange(range, dot, variables, out);
            }
        }
    }

    private static void renderRange(Range range, Value dot, Map<String, Value> variables, StringBuilder out) {
        List<Map.Entry<Value, Value>> entries = switch (evaluate(range.over(), dot, variables)) {
            case Value.Nothing _ -> List.of();
            case Value.Items(var items) -> {
                List<Map.Entry<Value, Value>> numbered = new ArrayList<>();
                for (int i = 0; i < items.size(); i++) {
                    numbered.add(Map.entry(Value.of(i), items.get(i)));
                }
                yield numbered;
            }
            // As Go does it: by sorted key, whatever the order of the fields.
            case Value.Fields(var fields) ->
                fields.entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .map(entry -> Map.entry(Value.of(entry.getKey()), entry.getValue()))
                        .toList();
            case Value.Text _, Value.Number _, Value.Bool _ ->
                throw new TemplateException("range can't iterate over a plain value");
        };
        if (entries.isEmpty()) {
            render(range.otherwise(), dot, variables, out);
        }
        for (Map.Entry<Value, Value> entry : entries) {
            Map<String, Value> inner = new HashMap<>(variables);
            if (!range.keyName().isEmpty()) {
                inner.put(range.keyName(), entry.getKey());
            }
            if (!range.valueName().isEmpty()) {
                inner.put(range.valueName(), entry.getValue());
            }
            render(range.body(), entry.getValue(), inner, out);
        }
    }

    private static Value evaluate(Expression expression, Value dot, Map<String, Value> variables) {
        return switch (expression) {
            case Dot _ -> dot;
            case Literal(Value value) -> value;
            case Variable(String name) -> {
                Value value = variables.get(name);
                if (value == null) {
                    throw new TemplateException("undefined variable " + name);
                }
                yield value;
            }
            case Field(Expression of, String name) -> field(evaluate(of, dot, variables), name);
            case Call(Function function, var arguments) ->
                call(
                        function,
                        arguments.stream()
                                .map(argument -> evaluate(argument, dot, variables))
                                .toList());
        };
    }

    private static Value field(Value of, String name) {
        if (of instanceof Value.Fields(var fields)) {
            Value value = fields.get(name);
            if (value != null) {
                return value;
            }
            throw new TemplateException("no field " + name + " here; there are "
                    + fields.keySet().stream().collect(Collectors.joining(", ")));
        }
        throw new TemplateException("can't take the field " + name + " of a value without fields");
    }

    private static Value call(Function function, List<Value> arguments) {
        return switch (function) {
            case JSON -> Value.of(JsonWriter.compact(only(function, arguments)));
            case LEN ->
                switch (only(function, arguments)) {
                    case Value.Items(var items) -> Value.of(items.size());
                    case Value.Fields(var fields) -> Value.of(fields.size());
                    case Value.Text(String text) -> Value.of(text.length());
                    case Value.Nothing _ -> Value.of(0);
                    case Value.Number _, Value.Bool _ -> throw new TemplateException("len of a number or bool");
                };
            case PRINTLN -> Value.of(arguments.stream().map(Template::show).collect(Collectors.joining(" ", "", "\n")));
            case UPPER -> Value.of(show(only(function, arguments)).toUpperCase(java.util.Locale.ROOT));
            case LOWER -> Value.of(show(only(function, arguments)).toLowerCase(java.util.Locale.ROOT));
            case JOIN -> join(arguments);
            case INDEX -> index(arguments);
        };
    }

    private static Value join(List<Value> arguments) {
        if (arguments.size() == 2 && arguments.getFirst() instanceof Value.Items(var items)) {
            return Value.of(items.stream().map(Template::show).collect(Collectors.joining(show(arguments.getLast()))));
        }
        throw new TemplateException("join needs an array and a separator");
    }

    private static Value index(List<Value> arguments) {
        if (arguments.size() < 2) {
            throw new TemplateException("index needs a value and at least one key");
        }
        Value value = arguments.getFirst();
        for (Value key : arguments.subList(1, arguments.size())) {
            value = indexOne(value, key);
        }
        return value;
    }

    private static Value indexOne(Value value, Value key) {
        if (value instanceof Value.Items(var items) && key instanceof Value.Number(long at)) {
            if (at < 0 || at >= items.size()) {
                throw new TemplateException("index " + at + " out of range: there are " + items.size());
            }
            return items.get((int) at);
        }
        if (value instanceof Value.Fields(var fields) && key instanceof Value.Text(String name)) {
            // Go's zero value for a key that is not there.
            return fields.getOrDefault(name, Value.of(""));
        }
        throw new TemplateException("index needs an array and a number, or an object and a string");
    }

    private static Value only(Function function, List<Value> arguments) {
        if (arguments.size() != 1) {
            throw new TemplateException(function.name().toLowerCase(java.util.Locale.ROOT) + " needs one argument");
        }
        return arguments.getFirst();
    }

    private static boolean isTrue(Value value) {
        return switch (value) {
            case Value.Text(String text) -> !text.isEmpty();
            case Value.Number(long number) -> number != 0;
            case Value.Bool(boolean bool) -> bool;
            case Value.Nothing _ -> false;
            case Value.Items(var items) -> !items.isEmpty();
            case Value.Fields(var fields) -> !fields.isEmpty();
        };
    }

    /** Plain values as they are; arrays and objects as Go prints slices and maps. */
    private static String show(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text;
            case Value.Number(long number) -> Long.toString(number);
            case Value.Bool(boolean bool) -> Boolean.toString(bool);
            case Value.Nothing _ -> "<no value>";
            case Value.Items(var items) ->
                items.stream().map(Template::show).collect(Collectors.joining(" ", "[", "]"));
            case Value.Fields(var fields) ->
                fields.entrySet().stream()
                        .map(entry -> entry.getKey() + ":" + show(entry.getValue()))
                        .collect(Collectors.joining(" ", "map[", "]"));
        };
    }
}
