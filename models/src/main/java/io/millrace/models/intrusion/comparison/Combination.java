package io.millrace.models.intrusion.comparison;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.millrace.models.intrusion.reference.ReferenceConfig;

/**
 * One row of the FlowTransformer paper's comparison: kind of blocks, input encoding and classification head, each of the
 * paper's sizes.
 */
public record Combination(
        @JsonProperty("blocks") ReferenceConfig.Blocks blocks,
        @JsonProperty("encoding") ReferenceConfig.Encoding encoding,
        @JsonProperty("head") ReferenceConfig.Head head) {

    /** Flows of a window. */
    public static final int WINDOW = 8;

    private static final int RECORD_DIM = 64;
    private static final int FIELD_DIM = 16;

    /** The paper's heads. */
    public static final List<ReferenceConfig.Head> HEADS = List.of(
            ReferenceConfig.Head.LAST_TOKEN,
            ReferenceConfig.Head.FLATTEN,
            ReferenceConfig.Head.GLOBAL_AVERAGE_POOLING,
            ReferenceConfig.Head.CLS,
            ReferenceConfig.Head.FEATUREWISE_DENSE);

    /** Every combination of the given kinds, blocks outermost and heads innermost. */
    public static List<Combination> all(
            List<ReferenceConfig.Blocks> blocks,
            List<ReferenceConfig.Encoding> encodings,
            List<ReferenceConfig.Head> heads) {
        List<Combination> all = new ArrayList<>();
        blocks.forEach(block ->
                encodings.forEach(encoding -> heads.forEach(head -> all.add(new Combination(block, encoding, head)))));
        return all;
    }

    /** The network's configuration: 2 layers, 2 heads and 128 hidden units, or 12, 12 and 768 for GPT and BERT. */
    public ReferenceConfig config(WindowFeatures features) {
        boolean large = blocks == ReferenceConfig.Blocks.GPT || blocks == ReferenceConfig.Blocks.BERT;
        boolean record = encoding == ReferenceConfig.Encoding.RECORD_DENSE
                || encoding == ReferenceConfig.Encoding.RECORD_PROJECTION;
        return new ReferenceConfig(
                features.numericNames().size(),
                features.categoricalNames(),
                features.levelCounts(),
                WINDOW,
                encoding,
                record ? RECORD_DIM : FIELD_DIM,
                blocks,
                large ? 12 : 2,
                large ? 768 : 128,
                large ? 12 : 2,
                false,
                head,
                List.of(128),
                large ? 0.02f : 0.1f,
                0.1f);
    }

    /** Blocks, encoding and head in words. */
    @JsonIgnore
    public String words() {
        return words(blocks) + ", " + words(encoding) + ", " + words(head);
    }

    static String words(Enum<?> constant) {
        String words = constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return words.length() <= 4 && !words.equals("none") ? words.toUpperCase(Locale.ROOT) : words;
    }
}
