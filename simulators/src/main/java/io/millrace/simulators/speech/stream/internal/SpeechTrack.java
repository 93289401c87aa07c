package io.millrace.simulators.speech.stream.internal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.millrace.schemas.TrueUtterance;
import io.millrace.schemas.TrueWord;
import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.stream.AudioScenario;
import io.millrace.simulators.speech.stream.Clip;
import io.millrace.simulators.speech.stream.SpeechSource;

/** What is heard in one channel: pause, utterance, pause and so on, over noise; made as it is read. */
final class SpeechTrack {
    private final AudioScenario scenario;
    private final SpeechSource.Speaker speaker;
    private final SeededRandom random;
    private final int sampleRate;
    private final Noise noise;
    private final List<TrueUtterance> utterances = new ArrayList<>();
    private float[] spoken;
    private int position;
    private long pause;
    private int utterancesLeft;
    private long offset;

    SpeechTrack(AudioScenario scenario, SpeechSource speech, int sampleRate, SeededRandom random) throws IOException {
        this.scenario = scenario;
        this.random = random;
        this.sampleRate = sampleRate;
        speaker = speech.speaker(random);
        utterancesLeft = random.between(1, scenario.utterances());
        noise = Noise.below(prepare(), scenario.noiseDb(), random.fork());
    }

    /** Whether everything has been read. */
    boolean finished() {
        return pause == 0 && spoken == null;
    }

    /**
     * Fills a block; beyond the end with noise alone.
     *
     * @return samples before the end of the track, all unless it ended
     */
    int read(float[] block) throws IOException {
        int filled = 0;
        while (filled < block.length && !finished()) {
            if (pause > 0) {
                int count = (int) Math.min(pause, block.length - filled);
                pause -= count;
                filled += count;
            } else {
                int count = Math.min(spoken.length - position, block.length - filled);
                System.arraycopy(spoken, position, block, filled, count);
                position += count;
                filled += count;
                if (position == spoken.length) {
                    utterancesLeft--;
                    spoken = null;
                    offset += filled;
                    prepare();
                    offset -= filled;
                }
            }
        }
        noise.addTo(block);
        offset += block.length;
        return filled;
    }

    /** Plans a pause and, if there is still one, the utterance after it. */
    private float[] prepare() throws IOException {
        double seconds = random.uniform(
                scenario.shortestPause().toMillis() / 1000.0,
                scenario.longestPause().toMillis() / 1000.0);
        pause = Math.round(seconds * sampleRate);
        if (utterancesLeft > 0) {
            Clip clip = speaker.say(random);
            spoken = RateConversion.convert(clip.samples(), clip.sampleRate(), sampleRate);
            position = 0;
            utterances.add(truth(clip, (double) (offset + pause) / sampleRate));
        }
        return spoken;
    }

    private static TrueUtterance truth(Clip clip, double start) {
        List<TrueWord> words = clip.words().stream()
                .map(word -> new TrueWord(word.text(), start + word.start(), start + word.end()))
                .toList();
        return new TrueUtterance(clip.text(), start, start + clip.seconds(), clip.source(), words);
    }

    /** The utterances that end before so many samples have been read. */
    List<TrueUtterance> spokenBefore(long samples) {
        // A resampled clip may be a fraction of a sample longer than its samples are.
        double end = (double) (samples + 1) / sampleRate;
        return utterances.stream().filter(each -> each.getEnd() <= end).toList();
    }
}
