package dev.weft.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    private static final Value ROOT = Value.object()
            .put("Name", "web")
            .put("Internal", false)
            .put("Count", 3)
            .put("Empty", new Value.Items(List.of()))
            .put("Tags", Value.of(List.of("a", "b")))
            .put("Labels", Value.of(Map.of("tier", "front", "app", "shop")))
            .put("IPAM", Value.object().put("Driver", "default").build())
            .build();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{{.Name}}|web",
                "{{ .IPAM.Driver }}|default",
                "{{json .Labels}}|{\"app\":\"shop\",\"tier\":\"front\"}",
                "{{len .Tags}}|2",
                "{{index .Tags 1}}|b",
                "{{index .Labels \"tier\"}}|front",
                "{{index .Labels \"nosuch\"}}x|x",
                "{{range .Tags}}<{{.}}>{{end}}|<a><b>",
                "{{range $i, $t := .Tags}}{{$i}}{{$t}}{{end}}|0a1b",
                "{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}}|app=shop;tier=front;",
                "{{range .Tags}}{{$.Name}}{{end}}|webweb",
                "{{range .Empty}}x{{else}}none{{end}}|none",
                "{{if .Internal}}yes{{else}}no{{end}}|no",
                "{{if .Count}}{{.Count}}{{end}}|3",
                "{{join .Tags \"-\"}}|a-b",
                "{{upper .Name}}|WEB",
                "{{(index .Tags 0)}}|a",
                "a {{- .Name -}} b|awebb",
                "plain|plain",
            })
    void rendersTheSubset(String template, String expected) {
        assertThat(Template.parse(template).render(ROOT)).isEqualTo(expected);
    }

    @Test
    void pipesIntoFunctions() {
        assertThat(Template.parse("{{.Name | upper | json}}").render(ROOT)).isEqualTo("\"WEB\"");
        assertThat(Template.parse("{{println .Name}}").render(ROOT)).isEqualTo("web\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{.Name",
                "{{range .Tags}}",
                "{{end}}",
                "{{with .Name}}{{end}}",
                "{{printf \"%s\" .Name}}",
                "{{.Name}}{{else}}",
                "{{$x := 1}}",
                "{{.Name .Tags}}",
                "{{\"open}}",
                "{{}}",
            })
    void refusesWhatIsNotInTheSubset(String template) {
        assertThatThrownBy(() -> Template.parse(template)).isInstanceOf(TemplateException.class);
    }

    @Test
    void namesTheFieldsThatThereAre() {
        assertThatThrownBy(() -> Template.parse("{{.Nmae}}").render(ROOT))
                .isInstanceOf(TemplateException.class)
                .hasMessageStartingWith("no field Nmae here; there are Name, Internal");
        assertThatThrownBy(() -> Template.parse("{{.Name.Length}}").render(ROOT))
                .hasMessageContaining("Length");
        assertThatThrownBy(() -> Template.parse("{{index .Tags 5}}").render(ROOT))
                .hasMessageContaining("out of range");
        assertThatThrownBy(() -> Template.parse("{{$y}}").render(ROOT)).hasMessageContaining("undefined variable $y");
    }
}
