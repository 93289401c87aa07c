package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.audio.AudioSamples;

/** Everything that a generator gave, in order. */
record Simulated(List<Delivery> deliveries) {
    static Simulated all(AudioScenario scenario, SpeechSource speech) throws IOException {
        return rest(new AudioGenerator(scenario, speech));
    }

    static Simulated rest(AudioGenerator generator) throws IOException {
        List<Delivery> deliveries = new ArrayList<>();
        for (Delivery each = generator.next(); each != null; each = generator.next()) {
            deliveries.add(each);
        }
        return new Simulated(deliveries);
    }

    List<SpeechTruth> truths() {
        return deliveries.stream()
                .map(Delivery::truth)
                .filter(each -> each != null)
                .toList();
    }

    List<AudioChunk> chunks() {
        return deliveries.stream()
                .map(Delivery::chunk)
                .filter(each -> each != null)
                .toList();
    }

    /** The chunks of each channel as they arrived. */
    Map<String, List<AudioChunk>> channels() {
        Map<String, List<AudioChunk>> channels = new LinkedHashMap<>();
        chunks().forEach(chunk -> channels.computeIfAbsent(
                        key(chunk.getStreamId(), chunk.getChannel()), key -> new ArrayList<>())
                .add(chunk));
        return channels;
    }

    List<AudioChunk> chunksOf(SpeechTruth truth) {
        return channels().get(key(truth.getStreamId(), truth.getChannel()));
    }

    /** The samples of a channel put together by their offsets; zeros where they were lost. */
    float[] samplesOf(SpeechTruth truth) {
        float[] samples = new float[Math.toIntExact(truth.getSampleCount())];
        chunksOf(truth).stream()
                .sorted(Comparator.comparingLong(AudioChunk::getSequence))
                .forEach(chunk -> {
                    float[] part = decode(chunk);
                    System.arraycopy(part, 0, samples, Math.toIntExact(chunk.getSampleOffset()), part.length);
                });
        return samples;
    }

    static String key(String stream, int channel) {
        return stream + "/" + channel;
    }

    static float[] decode(AudioChunk chunk) {
        return AudioSamples.decode(chunk.getData(), chunk.getEncoding());
    }
}
