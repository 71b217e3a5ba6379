package dev.weft.cli.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reads a {@link Template}. One use per instance. */
final class TemplateParser {

    private static final String OPEN = "{{";
    private static final String CLOSE = "}}";

    private final List<Piece> pieces;
    private int next;

    /** Text, or the inside of one action. */
    private record Piece(boolean action, String text) {}

    TemplateParser(String text) {
        pieces = split(text);
    }

    List<Template.Node> parse() {
        List<Template.Node> nodes = block();
        if (next < pieces.size()) {
            throw new TemplateException("unexpected {{" + pieces.get(next).text() + "}}");
        }
        return nodes;
    }

    private static List<Piece> split(String text) {
        List<Piece> pieces = new ArrayList<>();
        int at = 0;
        boolean trimNext = false;
        while (at < text.length()) {
            int open = text.indexOf(OPEN, at);
            String plain = text.substring(at, open < 0 ? text.length() : open);
            plain = trimNext ? plain.stripLeading() : plain;
            if (open < 0) {
                pieces.add(new Piece(false, plain));
                break;
            }
            int close = text.indexOf(CLOSE, open);
            if (close < 0) {
                throw new TemplateException("unclosed action: " + text.substring(open));
            }
            String inside = text.substring(open + OPEN.length(), close);
            if (inside.startsWith("- ")) {
                plain = plain.stripTrailing();
                inside = inside.substring(1);
            }
            trimNext = inside.endsWith(" -");
            if (trimNext) {
                inside = inside.substring(0, inside.length() - 1);
            }
            pieces.add(new Piece(false, plain));
            pieces.add(new Piece(true, inside.strip()));
            at = close + CLOSE.length();
        }
        return pieces;
    }

    /** Up to an end, an else or the end of the text. */
    private List<Template.Node> block() {
        List<Template.Node> nodes = new ArrayList<>();
        while (next < pieces.size()) {
            Piece piece = pieces.get(next);
            if (!piece.action()) {
                nodes.add(new Template.Text(piece.text()));
                next++;
                continue;
            }
            String keyword = firstWord(piece.text());
            switch (keyword) {
                case "end", "else" -> {
                    return nodes;
                }
                case "range", "if" -> {
                    next++;
                    String rest = piece.text().substring(keyword.length()).strip();
                    nodes.add(keyword.equals("range") ? range(rest) : condition(rest));
                }
                case "with", "define", "template", "block", "break", "continue" ->
                    throw new TemplateException("{{" + keyword + "}} is not supported: see docs/cli.md for what is");
                default -> {
                    next++;
                    nodes.add(new Template.Print(expression(piece.text())));
                }
            }
        }
        return nodes;
    }

    private Template.Node range(String head) {
        String key = "";
        String value = "";
        String over = head;
        int assign = head.indexOf(":=");
        if (assign >= 0) {
            String[] names = head.substring(0, assign).split(",", -1);
            value = names[names.length - 1].strip();
            key = names.length > 1 ? names[0].strip() : "";
            over = head.substring(assign + 2).strip();
            if (names.length > 2 || !value.startsWith("$") || !(key.isEmpty() || key.startsWith("$"))) {
                throw new TemplateException("range needs $v := … or $k, $v := …, not " + head);
            }
        }
        Template.Expression expression = expression(over);
        List<Template.Node> body = block();
        List<Template.Node> otherwise = otherwise("range");
        return new Template.Range(key, value, expression, body, otherwise);
    }

    private Template.Node condition(String head) {
        Template.Expression expression = expression(head);
        List<Template.Node> body = block();
        return new Template.If(expression, body, otherwise("if"));
    }

    private List<Template.Node> otherwise(String of) {
        List<Template.Node> nodes = List.of();
        if (next < pieces.size() && pieces.get(next).text().equals("else")) {
            next++;
            nodes = block();
        }
        if (next >= pieces.size() || !pieces.get(next).text().equals("end")) {
            throw new TemplateException("{{" + of + "}} without {{end}}");
        }
        next++;
        return nodes;
    }

    private static String firstWord(String text) {
        int end = 0;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        return text.substring(0, end);
    }

    private static Template.Expression expression(String text) {
        return new ExpressionParser(text).parse();
    }

    /** Pipelines: {@code .Labels | json}, {@code index .Config 0}. */
    private static final class ExpressionParser {
        private final String text;
        private int at;

        ExpressionParser(String text) {
            this.text = text;
        }

        Template.Expression parse() {
            Template.Expression expression = pipeline();
            if (at < text.length()) {
                throw unexpected();
            }
            return expression;
        }

        private Template.Expression pipeline() {
            Template.Expression expression = command(List.of());
            while (peek() == '|') {
                at++;
                expression = command(List.of(expression));
            }
            return expression;
        }

        private Template.Expression command(List<Template.Expression> piped) {
            skipSpaces();
            if (Character.isLetter(peek()) && !startsWithWord("true") && !startsWithWord("false")) {
                Template.Function function = function();
                List<Template.Expression> arguments = new ArrayList<>();
                while (peek() != '|' && peek() != ')' && peek() != 0) {
                    arguments.add(operand());
                }
                arguments.addAll(piped);
                return new Template.Call(function, arguments);
            }
            if (!piped.isEmpty()) {
                throw new TemplateException("a pipe must lead to a function, in {{" + text + "}}");
            }
            return operand();
        }

        private Template.Function function() {
            int start = at;
            while (Character.isLetterOrDigit(at < text.length() ? text.charAt(at) : 0)) {
                at++;
            }
            String name = text.substring(start, at);
            try {
                return Template.Function.valueOf(name.toUpperCase(Locale.ROOT));
            } catch (IllegalArgumentException _) {
                throw new TemplateException("function \"" + name + "\" is not supported: see docs/cli.md for what is");
            }
        }

        private Template.Expression operand() {
            Template.Expression expression = switch (peek()) {
                case '.' -> {
                    at++;
                    yield isNameStart() ? new Template.Field(new Template.Dot(), name()) : new Template.Dot();
                }
                case '$' -> {
                    at++;
                    yield new Template.Variable("$" + (isNameStart() ? name() : ""));
                }
                case '"', '`' -> new Template.Literal(Value.of(quoted()));
                case '(' -> {
                    at++;
                    Template.Expression inner = pipeline();
                    if (peek() != ')') {
                        throw unexpected();
                    }
                    at++;
                    yield inner;
                }
                default -> literal();
            };
            while (at < text.length() && text.charAt(at) == '.') {
                at++;
                if (!isNameStart()) {
                    throw unexpected();
                }
                expression = new Template.Field(expression, name());
            }
            return expression;
        }

        private Template.Expression literal() {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '-')) {
                at++;
            }
            String word = text.substring(start, at);
            if (word.equals("true") || word.equals("false")) {
                return new Template.Literal(Value.of(word.equals("true")));
            }
            try {
                return new Template.Literal(Value.of(Long.parseLong(word)));
            } catch (NumberFormatException _) {
                at = start;
                throw unexpected();
            }
        }

        private String quoted() {
            char quote = text.charAt(at++);
            StringBuilder out = new StringBuilder();
            while (at < text.length() && text.charAt(at) != quote) {
                char c = text.charAt(at++);
                if (c == '\\' && quote == '"' && at < text.length()) {
                    char escaped = text.charAt(at++);
                    out.append(
                            switch (escaped) {
                                case 'n' -> '\n';
                                case 't' -> '\t';
                                default -> escaped;
                            });
                } else {
                    out.append(c);
                }
            }
            if (at >= text.length()) {
                throw new TemplateException("unclosed string in {{" + text + "}}");
            }
            at++;
            return out.toString();
        }

        private String name() {
            int start = at;
            while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                at++;
            }
            return text.substring(start, at);
        }

        private boolean isNameStart() {
            return at < text.length() && (Character.isLetter(text.charAt(at)) || text.charAt(at) == '_');
        }

        private boolean startsWithWord(String word) {
            return text.startsWith(word, at)
                    && (at + word.length() == text.length()
                            || !Character.isLetterOrDigit(text.charAt(at + word.length())));
        }

        /** The next character that is no space; 0 at the end. */
        private char peek() {
            skipSpaces();
            return at < text.length() ? text.charAt(at) : 0;
        }

        private void skipSpaces() {
            while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
                at++;
            }
        }

        private TemplateException unexpected() {
            return new TemplateException(
                    at < text.length()
                            ? "unexpected \"" + text.substring(at) + "\" in {{" + text + "}}"
                            : "something is missing in {{" + text + "}}");
        }
    }
}
