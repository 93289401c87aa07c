package io.millrace.models.speech.network;

/**
 * TorchScript text of the conformer layers over rings.
 *
 * <p>Heads are told apart by a mask, not by splitting: a query repeated for each head, its other channels zero, meets the
 * keys of the ring as they lie there, among those of other streams if need be. That multiplies more, but copies nothing,
 * and a step over caches is bound by memory.
 */
final class RingKernelText {

    /** The engine's number of the type. */
    private static final int FLOAT32 = 6;

    private final FastConformerConfig config;
    private final StringBuilder text = new StringBuilder();
    private int next = 1;

    private RingKernelText(FastConformerConfig config) {
        this.config = config;
    }

    static String of(FastConformerConfig config, int slots) {
        RingKernelText script = new RingKernelText(config);
        script.step(slots);
        return script.text.toString();
    }

    private void line(String line, Object... values) {
        text.append(values.length == 0 ? line : String.format(java.util.Locale.ROOT, line, values))
                .append('\n');
    }

    private void step(int slots) {
        line("def step(self, x: Tensor, valid: Tensor, bias: Tensor, distances: Tensor, positions: Tensor, "
                + "ring: Tensor, at: Tensor, convolution: Tensor, w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:");
        line("  b = torch.size(x, 0)");
        line("  t = torch.size(x, 1)");
        line("  mask = w[0]");
        line("  apart = torch.gt(torch.numel(at), 0)");
        line("  index = torch.expand(distances, [b, t, %d, -1])", config.heads());
        StringBuilder rows = new StringBuilder();
        StringBuilder inputs = new StringBuilder();
        for (int i = 0; i < config.layers(); i++) {
            feedForward();
            attention(i, slots);
            convolution(i);
            feedForward();
            line("  x = %s", norm("x"));
            rows.append(i == 0 ? "" : ", ").append("kv").append(i);
            inputs.append(i == 0 ? "" : ", ").append("kept").append(i);
        }
        line("  return (x, torch.cat([%s], 2), torch.stack([%s], 1))", rows, inputs);
    }

    private String weight() {
        return "w[" + next++ + "]";
    }

    private String norm(String x) {
        return "torch.layer_norm(%s, [%d], %s, %s, %s)"
                .formatted(x, config.width(), weight(), weight(), FastConformerConfig.EPSILON);
    }

    private String linear(String x) {
        return "torch.linear(%s, %s, %s)".formatted(x, weight(), weight());
    }

    private void feedForward() {
        line("  hidden = %s", linear(norm("x")));
        line("  x = torch.add(x, %s)", linear("torch.mul(hidden, torch.sigmoid(hidden))"));
    }

    private void attention(int layer, int slots) {
        int d = config.width();
        int h = config.heads();
        int from = 2 * layer * d;
        line("  n = %s", norm("x"));
        line("  q = %s", linear("n"));
        line("  byContent = torch.add(q, %s)", weight());
        line("  byPlace = torch.add(q, %s)", weight());
        line("  kv%d = %s", layer, linear("n"));
        line("  pastKeys = %s", kept(from, d));
        line("  pastValues = %s", kept(from + d, d));
        line("  keys = torch.slice(kv%d, 2, 0, %d)", layer, d);
        line("  values = torch.slice(kv%d, 2, %d, %d)", layer, d, 2 * d);
        // [B, T, h, d] with the channels of one head each, seen as [B, T h, d].
        line("  each = torch.reshape(torch.mul(torch.unsqueeze(byContent, 2), mask), [b, -1, %d])", d);
        overRing("past", "each", "torch.transpose(pastKeys, 1, 2)");
        line("  now = torch.bmm(each, torch.transpose(keys, 1, 2))");
        line("  scores = torch.view(torch.cat([past, now], 2), [b, -1, %d, torch.add(t, %d)])", h, slots);
        line("  queries = torch.transpose(torch.reshape(byPlace, [-1, %d, %d]), 0, 1)", h, config.headWidth());
        line("  places = torch.transpose(torch.bmm(queries, torch.select(positions, 0, %d)), 0, 1)", layer);
        line("  places = torch.reshape(places, [b, t, %d, -1])", h);
        line("  scores = torch.add(torch.add(scores, torch.gather(places, 3, index)), bias)");
        line("  shares = torch.view(torch.softmax(scores, 3), [b, -1, torch.add(t, %d)])", slots);
        line("  byRow = torch.slice(shares, 2, 0, %d)", slots);
        overRing("mixed", "byRow", "pastValues");
        line("  mixed = torch.add(mixed, torch.bmm(torch.slice(shares, 2, %d), values))", slots);
        line("  own = torch.mul(torch.view(mixed, [b, -1, %d, %d]), mask)", h, d);
        line("  x = torch.add(x, %s)", linear("torch.sum(own, [2])"));
    }

    /** Part of the ring's rows as 32-bit numbers, whatever they are kept as. */
    private static String kept(int from, int width) {
        return "torch.to(torch.slice(ring, 2, %d, %d), %d)".formatted(from, from + width, FLOAT32);
    }

    /** A product with what lies in the ring; streams whose rings lie among others' are put beside their own. */
    private void overRing(String product, String left, String right) {
        line("  if apart:");
        line(
                "    rows = torch.new_zeros(%s, [torch.size(ring, 0), torch.size(%s, 1), torch.size(%s, 2)])",
                left, left, left);
        line("    all = torch.bmm(torch.index_copy(rows, 0, at, %s), %s)", left, right);
        line("    %s = torch.index_select(all, 0, at)", product);
        line("  else:");
        line("    %s = torch.bmm(%s, %s)", product, left, right);
    }

    private void convolution(int layer) {
        int d = config.width();
        int kept = config.kernel() - 1;
        line("  both = %s", linear(norm("x")));
        line("  gated = torch.mul(torch.slice(both, 2, 0, %d), torch.sigmoid(torch.slice(both, 2, %d)))", d, d);
        line("  gated = torch.transpose(torch.mul(gated, valid), 1, 2)");
        line("  padded = torch.cat([torch.select(convolution, 1, %d), gated], 2)", layer);
        line("  kept%d = torch.slice(padded, 2, t)", layer);
        line("  windows = torch.unfold(padded, 2, %d, 1)", kept + 1);
        line("  y = torch.transpose(torch.sum(torch.mul(windows, %s), [3]), 1, 2)", weight());
        line("  y = torch.add(y, %s)", weight());
        if (config.convolutionNorm() == ConvolutionNorm.LAYER_NORM) {
            line("  y = %s", norm("y"));
        } else {
            line("  y = torch.add(torch.mul(y, %s), %s)", weight(), weight());
        }
        line("  x = torch.add(x, %s)", linear("torch.mul(y, torch.sigmoid(y))"));
    }
}
