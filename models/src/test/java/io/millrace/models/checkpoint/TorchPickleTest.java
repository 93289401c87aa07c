package io.millrace.models.checkpoint;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TorchPickleTest {

    private static void assertRefused(byte[] pickle, String reason) {
        assertThatThrownBy(() -> TorchPickle.read(pickle))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "os,system",
        "posix,system",
        "builtins,eval",
        "builtins,ValueError",
        "builtins,bytearray",
        "decimal,Decimal",
        "torch,load",
        "torch,ComplexFloatStorage",
        "torch._utils,_rebuild_qtensor",
        "not_torch,FloatStorage",
        "collections,Counter"
    })
    void refusesEveryOtherNameBeforeItIsCalled(String module, String name) {
        PickleWriter call = new PickleWriter()
                .global(module, name)
                .ascii("(")
                .text("touch /tmp/owned")
                .ascii("tR");
        assertRefused(call.stop(), "names " + module + "." + name);
        assertRefused(new PickleWriter().global(module, name).toBytes(), "names " + module + "." + name);
    }

    /** INST, OBJ, NEWOBJ, STACK_GLOBAL, PERSID, LIST, SET, bytes and strings: other ways to names or to memory. */
    @ParameterizedTest
    @ValueSource(
            strings = {"i", "o", "\u0081", "\u0093", "P", "]", "l", "\u008f", "B", "T", "\u008e", "\u008d", "I", "g"})
    void refusesInstructionsThatNoStateDictionaryNeeds(String instruction) {
        byte[] pickle = new PickleWriter()
                .ascii("(")
                .raw(instruction.charAt(0))
                .ascii("os\nsystem\n")
                .stop();
        assertRefused(pickle, "does not belong into a state dictionary");
    }

    @Test
    void refusesALengthBeforeItAsksForTheMemory() {
        assertRefused(new PickleWriter().ascii("X").int32(Integer.MAX_VALUE).stop(), "longer than the pickle");
        assertRefused(new PickleWriter().ascii("X").int32(-1).stop(), "longer than the pickle");
        assertRefused(new PickleWriter().ascii("X").raw(1).toBytes(), "pickle");
        assertRefused(new PickleWriter().ascii("c" + "a".repeat(1000)).stop(), "a name without end");
    }

    @Test
    void refusesKeysThatAreNoTextAndValuesThatAreNoTensor() {
        assertRefused(new PickleWriter().ascii("}}}s").stop(), "key that is no text");
        assertRefused(
                new PickleWriter().ascii("}").text("epoch").number(3).ascii("s").stop(), "item epoch");
        assertRefused(new PickleWriter().number(3).stop(), "no state dictionary");
        assertRefused(new PickleWriter().ascii("N}b").stop(), "attributes of something else");
    }

    @Test
    void refusesCallsWithOtherArguments() {
        assertRefused(
                new PickleWriter().global("torch", "FloatStorage").ascii(")R").stop(), "without its bytes");
        assertRefused(
                new PickleWriter()
                        .global("torch._utils", "_rebuild_tensor_v2")
                        .ascii(")R")
                        .stop(),
                "without a storage");
        assertRefused(
                new PickleWriter()
                        .global("torch._utils", "_rebuild_parameter")
                        .ascii(")R")
                        .stop(),
                "without a tensor");
        assertRefused(
                new PickleWriter()
                        .global("collections", "OrderedDict")
                        .ascii(")")
                        .raw(0x85)
                        .ascii("R")
                        .stop(),
                "list of pairs");
        assertRefused(new PickleWriter().ascii(")Q").stop(), "persistent id");
        assertRefused(new PickleWriter().text("x").ascii(")R").stop(), "damaged pickle");
    }

    @Test
    void refusesAStackThatRunsEmptyAndAnEndThatIsMissing() {
        assertRefused(new PickleWriter().ascii("R").stop(), "damaged pickle");
        assertRefused(new PickleWriter().stop(), "damaged pickle");
        assertRefused(new PickleWriter().ascii("u").stop(), "damaged pickle");
        assertRefused(new PickleWriter().ascii("}").toBytes(), "damaged pickle");
        assertRefused(new PickleWriter().ascii("h").raw(9).stop(), "damaged pickle");
        assertRefused(new byte[0], "damaged pickle");
    }
}
