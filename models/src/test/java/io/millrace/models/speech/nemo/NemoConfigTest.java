package io.millrace.models.speech.nemo;

import java.nio.ByteBuffer;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class NemoConfigTest {

    private static JsonNode parse(String yaml) {
        return NemoConfig.parse(ByteBuffer.wrap(SyntheticNemo.utf8(yaml)));
    }

    private static void assertRefused(String yaml, String reason) {
        assertThatThrownBy(() -> parse(yaml))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void readsScalarsAsOmegaConfDoes() {
        JsonNode config = parse("""
                a: 1e-5
                b: 1.0e-05
                c: 2
                d: null
                e: 2024-01-01
                f: [true, 'no', -.5, .inf]
                1: x
                """);
        assertThat(config.path("a").doubleValue()).isEqualTo(1e-5);
        assertThat(config.path("b").doubleValue()).isEqualTo(1e-5);
        assertThat(config.path("c").isInt()).isTrue();
        assertThat(config.path("d").isNull()).isTrue();
        assertThat(config.path("e").textValue()).isEqualTo("2024-01-01");
        assertThat(config.path("f").get(0).booleanValue()).isTrue();
        assertThat(config.path("f").get(1).textValue()).isEqualTo("no");
        assertThat(config.path("f").get(2).doubleValue()).isEqualTo(-0.5);
        assertThat(config.path("1").textValue()).isEqualTo("x");
    }

    @Test
    void followsReferencesWithTheirTypes() {
        JsonNode config = parse("""
                width: 32
                list: [3, {x: '${width}'}]
                copy: ${list}
                item: ${list[1].x}
                dotted: ${list.0}
                name: d${width}-${ width }
                key: width
                nested: ${${key}}
                trained: ${model.width}
                """);
        assertThat(config.path("copy")).isEqualTo(config.path("list"));
        assertThat(config.at("/list/1/x").intValue()).isEqualTo(32);
        assertThat(config.path("item").intValue()).isEqualTo(32);
        assertThat(config.path("dotted").intValue()).isEqualTo(3);
        assertThat(config.path("name").textValue()).isEqualTo("d32-32");
        assertThat(config.path("trained").intValue()).isEqualTo(32);
        assertThat(config.path("nested").asText()).isEqualTo("32");
    }

    @Test
    void namesReferencesThatCannotBeFollowed() {
        assertRefused("a: {b: '${x.y}'}", "unresolved ${x.y} at a.b");
        assertRefused("a: ${oc.env:HOME}", "unresolved ${oc.env:HOME} at a");
        assertRefused("a: ${b}\nb: ${a}", "back to itself");
        assertRefused("a: {b: '${a}'}", "back to itself");
        assertRefused("a: x${b}\nb: [1]", "${b} at a is no plain value");
        assertRefused("a: '${b'", "unresolved ${b at a");
    }

    @Test
    void refusesTagsThatMakeObjects() {
        assertRefused("a: !!python/object/apply:os.system ['touch /tmp/owned']", "not plain YAML");
        assertRefused("a: !!javax.script.ScriptEngineManager []", "not plain YAML");
        assertRefused("a: !!binary aGVsbG8=", "byte[]");
    }

    @Test
    void refusesWhatIsNoMapOrTooLarge() {
        assertRefused("[1, 2]", "not a map");
        assertRefused("", "not a map");
        assertRefused("a: 1\na: 2", "not plain YAML");
        assertRefused("a: [", "not plain YAML");
        assertRefused("a: " + "[".repeat(1000) + "]".repeat(1000), "not plain YAML");
        assertThatThrownBy(() -> NemoConfig.parse(ByteBuffer.wrap(new byte[] {'a', ':', ' ', (byte) 0xff})))
                .hasMessageContaining("UTF-8");
        assertRefused("a: &a [*a]", "aliases");
    }

    @Test
    void refusesTextsAndAliasesThatExplode() {
        StringBuilder references = new StringBuilder("a0: xxxxxxxxxx\n");
        StringBuilder aliases = new StringBuilder("a0: &a0 [x, x, x]\n");
        for (int i = 1; i < 16; i++) {
            references.append(
                    "a%d: \"%s\"\n".formatted(i, "${a%d}".formatted(i - 1).repeat(10)));
            aliases.append(
                    "a%d: &a%d [%s]\n".formatted(i, i, "*a%d,".formatted(i - 1).repeat(3)));
        }
        assertRefused(references.toString(), "blow the configuration up");
        assertRefused(aliases.toString(), "aliases blow it up");
    }
}
