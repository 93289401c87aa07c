package io.millrace.models.vision;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import ai.djl.ndarray.types.Shape;

/**
 * The first blocks of MobileNetV2 at width 1.0 (Sandler et al., arXiv 1801.04381), batch norms folded into the convolutions:
 * their names, their weights and their text for the engine. Inner blocks expand, filter each channel and project linearly;
 * the linear ends of {@code block_5} (stride 8) and {@code block_10} (stride 16) are the features.
 */
final class MobileNetTrunk {

    static final List<Backbone.Tap> TAPS =
            List.of(new Backbone.Tap("block_5", 32, 8), new Backbone.Tap("block_10", 96, 16));

    /** Of 1 / 127.5, as the weights were trained with. */
    private static final String SCALE = "0.0078430176";

    /**
     * A block.
     *
     * @param name its name
     * @param in channels before
     * @param expanded channels in between; the same as before where nothing expands
     * @param out channels after
     * @param stride of the filter
     */
    private record Block(String name, int in, int expanded, int out, int stride) {

        boolean expands() {
            return expanded != in;
        }

        boolean adds() {
            return stride == 1 && in == out;
        }
    }

    private static final List<Block> BLOCKS = List.of(
            new Block("expanded_conv", 32, 32, 16, 1),
            new Block("block_1", 16, 96, 24, 2),
            new Block("block_2", 24, 144, 24, 1),
            new Block("block_3", 24, 144, 32, 2),
            new Block("block_4", 32, 192, 32, 1),
            new Block("block_5", 32, 192, 32, 1),
            new Block("block_6", 32, 192, 64, 2),
            new Block("block_7", 64, 384, 64, 1),
            new Block("block_8", 64, 384, 64, 1),
            new Block("block_9", 64, 384, 64, 1),
            new Block("block_10", 64, 384, 96, 1));

    private MobileNetTrunk() {}

    /** Shapes of the weights by name, in the order in which the text takes them: [out, in, 3, 3] and [out]. */
    static Map<String, Shape> shapes() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        convolution("Conv1", 32, 3, 3, shapes);
        for (Block block : BLOCKS) {
            if (block.expands()) {
                convolution(block.name() + "_expand", block.expanded(), block.in(), 1, shapes);
            }
            convolution(block.name() + "_depthwise", block.expanded(), 1, 3, shapes);
            convolution(block.name() + "_project", block.out(), block.expanded(), 1, shapes);
        }
        return shapes;
    }

    private static void convolution(String name, int out, int in, int size, Map<String, Shape> shapes) {
        shapes.put(name + ".weight", new Shape(out, in, size, size));
        shapes.put(name + ".bias", new Shape(out));
    }

    /** A method {@code forward} from pixels [B, 3, H, W] and the weights to the features of the taps. */
    static String text() {
        List<String> lines = new ArrayList<>();
        lines.add("def forward(self, pixels: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor]:");
        lines.add("  x = torch.sub(torch.mul(pixels, " + SCALE + "), 1)");
        // Channels last: that is how oneDNN's convolutions read and write without copies.
        lines.add("  x = torch.contiguous(x, memory_format=2)");
        int weight = 0;
        // An even side that is halved is padded at its end alone, as TensorFlow does.
        lines.add("  x = torch.constant_pad_nd(x, [0, 1, 0, 1], 0)");
        lines.add("  x = torch.hardtanh_(" + convolution("x", weight, 2, 0, 1) + ", 0., 6.)");
        weight += 2;
        List<String> taps = new ArrayList<>();
        for (Block block : BLOCKS) {
            lines.add("  y = x");
            if (block.expands()) {
                lines.add("  y = torch.hardtanh_(" + convolution("y", weight, 1, 0, 1) + ", 0., 6.)");
                weight += 2;
            }
            if (block.stride() == 2) {
                lines.add("  y = torch.constant_pad_nd(y, [0, 1, 0, 1], 0)");
            }
            lines.add("  y = torch.hardtanh_("
                    + convolution("y", weight, block.stride(), block.stride() == 2 ? 0 : 1, block.expanded())
                    + ", 0., 6.)");
            weight += 2;
            lines.add("  y = " + convolution("y", weight, 1, 0, 1));
            weight += 2;
            lines.add(block.adds() ? "  x = torch.add(x, y)" : "  x = y");
            if (TAPS.stream().anyMatch(tap -> tap.name().equals(block.name()))) {
                lines.add("  " + block.name() + " = x");
                taps.add(block.name());
            }
        }
        lines.add("  return (" + String.join(", ", taps) + ")");
        return String.join("\n", lines) + "\n";
    }

    /** By oneDNN alone: for a picture at a time the engine would choose a slower one, and warn of it. */
    private static String convolution(String x, int weight, int stride, int padding, int groups) {
        return "torch.mkldnn_convolution(" + x + ", w[" + weight + "], w[" + (weight + 1) + "], [" + padding + ", "
                + padding + "], [" + stride + ", " + stride + "], [1, 1], " + groups + ")";
    }
}
