package io.millrace.models.speech.nemo;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPInputStream;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.models.checkpoint.ChannelSlice;
import io.millrace.models.checkpoint.HostTensor;
import io.millrace.models.checkpoint.TorchCheckpoint;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/**
 * A {@code .nemo} file: a tar, plain or compressed by gzip, with the configuration {@code model_config.yaml}, the
 * weights {@code model_weights.ckpt} and further files such as the tokenizer's. Nothing of it is executed or written to
 * disk.
 */
public final class NemoArchive {

    private static final String CONFIG = "model_config.yaml";
    private static final String WEIGHTS = "model_weights.ckpt";
    private static final String REFERENCE = "nemo:";
    private static final long MAX_WEIGHTS = 8L << 30;
    private static final long MAX_ARTEFACTS = 256 << 20;
    /** A compressed archive is held in memory whole. Weights hardly compress: what swells more is no model. */
    private static final long MAX_INFLATED = Integer.MAX_VALUE - 16;

    private static final long MAX_RATIO = 64;
    private static final long SMALL = 64 << 20;

    private final JsonNode config;
    private final Map<String, HostTensor> weights;
    private final Map<String, ByteBuffer> artefacts;

    private NemoArchive(JsonNode config, Map<String, HostTensor> weights, Map<String, ByteBuffer> artefacts) {
        this.config = config;
        this.weights = weights;
        this.artefacts = artefacts;
    }

    /**
     * Reads an archive: weights of up to 8 GiB (2 GiB for a tensor, and for the whole of a compressed archive), other
     * files of up to 256 MiB.
     *
     * @throws IOException if the file cannot be read or its compression is damaged
     * @throws IllegalArgumentException if it is no such archive, is damaged or too large, lacks configuration or
     *     weights, has an unresolved reference in its configuration, or its weights name a Python class that does not
     *     belong there; the message names file and reason
     */
    public static NemoArchive read(Path file) throws IOException {
        try (SeekableByteChannel channel = open(file)) {
            return read(channel);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }

    private static SeekableByteChannel open(Path file) throws IOException {
        long size = Files.size(file);
        try (InputStream stream = new BufferedInputStream(Files.newInputStream(file))) {
            stream.mark(2);
            boolean gzip = stream.read() == 0x1f && stream.read() == 0x8b;
            if (!gzip) {
                return FileChannel.open(file, StandardOpenOption.READ);
            }
            stream.reset();
            long limit = Math.min(MAX_INFLATED, Math.max(SMALL, size * MAX_RATIO));
            byte[] tar = new GZIPInputStream(stream, 1 << 16).readNBytes((int) limit + 1);
            require(tar.length <= limit, "it inflates to more than " + limit + " bytes; if you trust it, gunzip it");
            return new SeekableInMemoryByteChannel(tar);
        }
    }

    private static NemoArchive read(SeekableByteChannel channel) throws IOException {
        Map<String, TarListing.Member> members = new LinkedHashMap<>(TarListing.of(channel));
        TarListing.Member yaml = members.remove(CONFIG);
        TarListing.Member checkpoint = members.remove(WEIGHTS);
        require(yaml != null, "lacks " + CONFIG);
        require(checkpoint != null, "lacks " + WEIGHTS + " (weights in several parts are not supported)");
        require(yaml.size() <= NemoConfig.MAX_BYTES, CONFIG + " has " + yaml.size() + " bytes");
        require(checkpoint.size() <= MAX_WEIGHTS, WEIGHTS + " is larger than 8 GiB");
        long rest = members.values().stream().mapToLong(TarListing.Member::size).sum();
        require(rest <= MAX_ARTEFACTS, "files beside the weights have " + rest + " bytes");

        JsonNode config = NemoConfig.parse(ChannelSlice.read(channel, yaml.offset(), (int) yaml.size()));
        Map<String, ByteBuffer> artefacts = new LinkedHashMap<>();
        for (Map.Entry<String, TarListing.Member> member : members.entrySet()) {
            TarListing.Member place = member.getValue();
            artefacts.put(member.getKey(), ChannelSlice.read(channel, place.offset(), (int) place.size()));
        }
        return new NemoArchive(config, weights(channel, checkpoint), artefacts);
    }

    private static Map<String, HostTensor> weights(SeekableByteChannel channel, TarListing.Member place)
            throws IOException {
        try {
            return TorchCheckpoint.read(new ChannelSlice(channel, place.offset(), place.size()));
        } catch (IOException e) {
            // The reader of zips names its source alone, which is a part of a file here.
            throw new IllegalArgumentException(
                    WEIGHTS + ", " + place.size() + " bytes from byte " + place.offset() + " on, is damaged: "
                            + e.getMessage(),
                    e);
        }
    }

    /** The configuration without interpolations, a copy. */
    public JsonNode config() {
        return config.deepCopy();
    }

    /** Tensors by their names in the checkpoint, as {@link TorchCheckpoint#read(Path)} gives them. */
    public Map<String, HostTensor> weights() {
        return weights;
    }

    /** Names of the files beside configuration and weights. */
    public Set<String> artefacts() {
        return Collections.unmodifiableSet(artefacts.keySet());
    }

    /**
     * The bytes of a file beside configuration and weights.
     *
     * @param reference its name, or what the configuration calls it, {@code nemo:NAME}
     * @throws IllegalArgumentException if the archive has no such file
     */
    public ByteBuffer artefact(String reference) {
        String name = reference.startsWith(REFERENCE) ? reference.substring(REFERENCE.length()) : reference;
        ByteBuffer bytes = artefacts.get(name);
        require(bytes != null, "it has no file " + name + ", only " + artefacts.keySet());
        return bytes.asReadOnlyBuffer();
    }

    /**
     * The tokenizer that {@code tokenizer.model_path} of the configuration refers to; empty where the model writes
     * characters of its own list.
     *
     * @throws IllegalArgumentException if the file is missing or no SentencePiece model
     */
    public Optional<SentencePieceModel> tokenizer() {
        JsonNode path = config.path("tokenizer").path("model_path");
        return path.isTextual() ? Optional.of(SentencePieceModel.parse(artefact(path.textValue()))) : Optional.empty();
    }

    private static void require(boolean condition, String reason) {
        if (!condition) {
            throw new IllegalArgumentException("not a .nemo archive: " + reason);
        }
    }
}
