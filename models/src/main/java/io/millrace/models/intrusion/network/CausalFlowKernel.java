package io.millrace.models.intrusion.network;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.IValue;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.torch.TorchKernel;

/**
 * One streaming step of a {@link CausalFlowTransformer} as a single native call, with weights rearranged for it.
 *
 * <p>What is folded when the weights are loaded: the embedding of a categorical field with its part of the dense layer
 * (one table of width d remains, for both encodings); 1/sqrt(head size) with the query weights; the bias per age of all
 * layers into one table whose last row masks slots without a flow.
 *
 * <p>The keys of a slot are weighted by elementwise products and the values by one batched product for all heads at
 * once, of which the blocks on the diagonal are kept: on a CPU this is several times faster than a product per key and
 * head, since the cache is read as it lies.
 *
 * <p>Threads: may be used by several at once.
 */
final class CausalFlowKernel implements AutoCloseable {

    private static final float MASKED = -1e9f;

    private final TorchKernel kernel;
    private final NDManager owner;
    private final IValue packed;

    CausalFlowKernel(CausalFlowConfig config, Map<String, HostTensor> weights, Device device) {
        CausalFlowWeights.check(config, weights);
        kernel = TorchKernel.compile("CausalFlowStep", text(config), device);
        owner = NDManager.newBaseManager(device, "PyTorch");
        packed = TorchKernel.pack(prepare(config, weights, owner));
    }

    /**
     * Runs a step.
     *
     * @param manager manager of the results
     * @param numeric float [B, N]
     * @param ids int64 [B, C]
     * @param cache float [B, W, layers * 2 * attention width]
     * @param position int64 [B, 1], flows seen before
     * @return packed outputs [B, 1 + K + mlp + W]; row for the cache [B, layers * 2 * attention width]; its index in the
     *     ring [B]; next position [B, 1]; logit [B, 1]
     */
    NDList step(NDManager manager, NDArray numeric, NDArray ids, NDArray cache, NDArray position) {
        return kernel.call(manager, "step", numeric, ids, cache, position, packed);
    }

    /**
     * Logits for variants of some of the inputs, over the same caches.
     *
     * @param numeric float [V, N]
     * @param ids int64 [V, C]
     * @param rows int64 [V], row of the batch whose cache a variant uses
     * @return logits [V]
     */
    NDArray logits(NDManager manager, NDArray numeric, NDArray ids, NDArray cache, NDArray position, NDArray rows) {
        return kernel.call(manager, "logits", numeric, ids, cache, position, rows, packed)
                .singletonOrThrow();
    }

    @Override
    public void close() {
        packed.close();
        owner.close();
        kernel.close();
    }

    private static String text(CausalFlowConfig config) {
        int a = config.attentionWidth();
        int h = config.heads();
        int k = config.headDim();
        int window = config.window();
        Script script = new Script();
        script.line("def run(self, numeric: Tensor, ids: Tensor, cache: Tensor, position: Tensor, "
                + "w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:");
        if (config.categorical() > 0) {
            script.line("  rows = torch.add(ids, w[0])");
            script.line("  fields = torch.sum(torch.embedding(w[1], rows), [1])");
            script.line("  x0 = torch.add(" + (config.numeric() > 0 ? "torch.linear(numeric, w[2], w[3])" : "w[3]")
                    + ", fields)");
        } else {
            script.line("  x0 = torch.linear(numeric, w[2], w[3])");
        }
        script.line("  age = torch.remainder(torch.sub(position, w[5]), " + window + ")");
        script.line("  held = torch.logical_and(torch.ge(age, 1), torch.le(age, position))");
        script.line("  seen = torch.where(held, age, w[6])");
        script.line("  bias = torch.embedding(w[4], seen)");
        script.line("  own = torch.select(w[4], 0, 0)");
        int at = 7;
        for (int i = 0; i < config.layers(); i++) {
            String n = config.preNorm() ? script.norm(config, "n" + i, "x" + i, at) : "x" + i;
            script.line("  qkv = torch.linear(" + n + ", w[" + (at + 2) + "], w[" + (at + 3) + "])");
            script.line("  q = torch.slice(qkv, 1, 0, " + a + ")");
            script.line("  key = torch.slice(qkv, 1, " + a + ", " + 2 * a + ")");
            script.line("  value = torch.slice(qkv, 1, " + 2 * a + ", " + 3 * a + ")");
            script.line("  entry" + i + " = torch.slice(qkv, 1, " + a + ", " + 3 * a + ")");
            int from = i * 2 * a;
            script.line("  keys = torch.slice(cache, 2, " + from + ", " + (from + a) + ")");
            script.line("  values = torch.slice(cache, 2, " + (from + a) + ", " + (from + 2 * a) + ")");
            script.line("  products = torch.mul(keys, torch.unsqueeze(q, 1))");
            script.line("  past = torch.sum(torch.view(products, [-1, " + window + ", " + h + ", " + k + "]), [3])");
            script.line("  past = torch.add(past, torch.slice(bias, 2, " + i * h + ", " + (i + 1) * h + "))");
            script.line("  now = torch.sum(torch.view(torch.mul(q, key), [-1, 1, " + h + ", " + k + "]), [3])");
            script.line("  now = torch.add(now, torch.slice(own, 0, " + i * h + ", " + (i + 1) * h + "))");
            script.line("  share = torch.softmax(torch.cat([now, past], 1), 1)");
            script.line("  shareNow = torch.slice(share, 1, 0, 1)");
            script.line("  sharePast = torch.transpose(torch.slice(share, 1, 1, " + (window + 1) + "), 1, 2)");
            script.line("  all = torch.view(torch.bmm(sharePast, values), [-1, " + h + ", " + h + ", " + k + "])");
            script.line("  kept = torch.transpose(torch.diagonal(all, 0, 1, 2), 1, 2)");
            script.line("  ownValue = torch.mul(torch.view(value, [-1, " + h + ", " + k
                    + "]), torch.transpose(shareNow, 1, 2))");
            script.line("  mixed = torch.reshape(torch.add(kept, ownValue), [-1, " + a + "])");
            script.line("  y" + i + " = torch.add(x" + i + ", torch.linear(mixed, w[" + (at + 4) + "], w[" + (at + 5)
                    + "]))");
            String m = script.norm(config, "m" + i, "y" + i, config.preNorm() ? at + 6 : at);
            String hidden =
                    script.activate(config, "torch.linear(" + m + ", w[" + (at + 8) + "], w[" + (at + 9) + "])");
            script.line("  z" + i + " = torch.add(" + (config.preNorm() ? "y" + i : m) + ", torch.linear(" + hidden
                    + ", w[" + (at + 10) + "], w[" + (at + 11) + "]))");
            String next = config.preNorm() ? "z" + i : script.norm(config, "o" + i, "z" + i, at + 6);
            script.line("  x" + (i + 1) + " = " + next);
            at += 12;
        }
        String last =
                config.preNorm() ? script.norm(config, "final", "x" + config.layers(), at) : "x" + config.layers();
        at += config.preNorm() ? 2 : 0;
        script.line("  embedding = "
                + script.activate(config, "torch.linear(" + last + ", w[" + at + "], w[" + (at + 1) + "])"));
        script.line("  output = torch.linear(embedding, w[" + (at + 2) + "], w[" + (at + 3) + "])");
        script.line("  heads = torch.mean(share, [2])");
        script.line("  slot = torch.remainder(torch.sub(position, torch.add(w[5], 1)), " + window + ")");
        script.line("  older = torch.gather(torch.slice(heads, 1, 1, " + (window + 1) + "), 1, torch.slice(slot, 1, 0, "
                + (window - 1) + "))");
        script.line("  attention = torch.cat([torch.slice(heads, 1, 0, 1), older], 1)");
        StringBuilder entries = new StringBuilder("entry0");
        for (int i = 1; i < config.layers(); i++) {
            entries.append(", entry").append(i);
        }
        script.line("  entries = torch.cat([" + entries + "], 1)");
        script.line("  packed = torch.cat([output, embedding, attention], 1)");
        script.line("  return (packed, entries, torch.slice(output, 1, 0, 1))");
        script.line("def step(self, numeric: Tensor, ids: Tensor, cache: Tensor, position: Tensor, "
                + "w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:");
        script.line("  packed, entries, logit, = (self).run(numeric, ids, cache, position, w)");
        script.line("  slot = torch.squeeze(torch.remainder(position, " + window + "), 1)");
        script.line("  return (packed, entries, slot, torch.add(position, 1), logit)");
        script.line("def logits(self, numeric: Tensor, ids: Tensor, cache: Tensor, position: Tensor, rows: Tensor, "
                + "w: List[Tensor]) -> Tensor:");
        script.line("  some = torch.index_select(cache, 0, rows)");
        script.line("  when = torch.index_select(position, 0, rows)");
        script.line("  packed, entries, logit, = (self).run(numeric, ids, some, when, w)");
        script.line("  return torch.squeeze(logit, 1)");
        return script.text.toString();
    }

    private static final class Script {
        private final StringBuilder text = new StringBuilder();

        void line(String line) {
            text.append(line).append('\n');
        }

        String norm(CausalFlowConfig config, String name, String x, int at) {
            line("  " + name + " = torch.layer_norm(" + x + ", [" + config.width() + "], w[" + at + "], w[" + (at + 1)
                    + "], " + CausalFlowConfig.EPSILON + ")");
            return name;
        }

        String activate(CausalFlowConfig config, String x) {
            return config.activation() == CausalFlowConfig.Activation.GELU
                    ? "torch.gelu(" + x + ")"
                    : "torch.relu(" + x + ")";
        }
    }

    private static NDList prepare(CausalFlowConfig config, Map<String, HostTensor> weights, NDManager owner) {
        int window = config.window();
        long[] slots = new long[window];
        for (int i = 0; i < window; i++) {
            slots[i] = i;
        }
        FoldedWeights folded = new FoldedWeights(config, weights);
        NDList list = new NDList();
        list.add(owner.create(config.tableOffsets()));
        list.add(owner.create(folded.table(), new Shape(Math.max(1, config.tableRows()), config.width())));
        list.add(owner.create(folded.numericWeight(), new Shape(config.width(), config.numeric())));
        list.add(weights.get("encoding.bias").toArray(owner));
        list.add(
                owner.create(folded.ageTable(MASKED), new Shape(window + 1L, (long) config.layers() * config.heads())));
        list.add(owner.create(slots));
        list.add(owner.create(new long[] {window}));
        List<String> names = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            String layer = "layers." + i + ".";
            names.addAll(List.of(layer + "attention_norm.gamma", layer + "attention_norm.beta"));
            for (String name : List.of("qkv", "attention_out")) {
                names.addAll(List.of(layer + name + ".weight", layer + name + ".bias"));
            }
            names.addAll(List.of(layer + "feed_forward_norm.gamma", layer + "feed_forward_norm.beta"));
            for (String name : List.of("feed_forward_in", "feed_forward_out")) {
                names.addAll(List.of(layer + name + ".weight", layer + name + ".bias"));
            }
        }
        if (config.preNorm()) {
            names.addAll(List.of("final_norm.gamma", "final_norm.beta"));
        }
        names.addAll(List.of("classifier.weight", "classifier.bias", "output.weight", "output.bias"));
        for (String name : names) {
            HostTensor tensor = name.contains(".qkv.") ? folded.scaledQuery(weights.get(name)) : weights.get(name);
            list.add(tensor.toArray(owner));
        }
        return list;
    }
}
