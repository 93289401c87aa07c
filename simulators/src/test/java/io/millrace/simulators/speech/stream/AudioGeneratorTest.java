package io.millrace.simulators.speech.stream;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.AudioEncoding;
import io.millrace.schemas.LostAudio;
import io.millrace.schemas.SpeechTruth;
import io.millrace.schemas.TrueUtterance;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class AudioGeneratorTest {
    private static final Tones SPEECH = new Tones(16_000);
    private static final AudioScenario.Line ROUGH = new AudioScenario.Line(0.1, 0.1, Duration.ofMillis(400));

    private static AudioScenario.Builder scenario(long seed) {
        return AudioScenario.builder().seed(seed).streams(6).limit(24).stereoShare(0.3);
    }

    @Test
    void theSameSeedGivesTheSameDeliveriesAndAnotherSeedOthers() throws Exception {
        AudioScenario rough = scenario(5).line(ROUGH).noiseDb(15.0).build();
        Simulated first = Simulated.all(rough, SPEECH);
        assertThat(Simulated.all(rough, SPEECH)).isEqualTo(first);
        Simulated other = Simulated.all(
                scenario(6).line(ROUGH).noiseDb(15.0).idPrefix("sim-5").build(), SPEECH);
        assertThat(other.chunks().get(0).getData())
                .isNotEqualTo(first.chunks().get(0).getData());
    }

    @Test
    void overAPerfectLineEveryChannelComesWholeAndInOrder() throws Exception {
        Simulated simulated = Simulated.all(scenario(1).build(), SPEECH);
        assertThat(simulated.truths()).hasSize(simulated.channels().size());
        for (SpeechTruth truth : simulated.truths()) {
            long offset = 0;
            long sequence = 0;
            for (AudioChunk chunk : simulated.chunksOf(truth)) {
                assertThat(chunk.getSequence()).isEqualTo(sequence++);
                assertThat(chunk.getSampleOffset()).isEqualTo(offset);
                assertThat(chunk.getChannelCount()).isEqualTo(truth.getChannelCount());
                assertThat(chunk.getEventTime())
                        .isEqualTo(truth.getStartTime().plusMillis(offset * 1000 / truth.getSampleRate()));
                offset += Simulated.decode(chunk).length;
                assertThat(chunk.getEndOfStream()).isEqualTo(offset == truth.getSampleCount());
            }
            assertThat(sequence).isEqualTo(truth.getChunkCount());
            assertThat(offset).isEqualTo(truth.getSampleCount());
        }
    }

    @Test
    void whatTheTruthSaysIsHeardThereAndNothingElsewhere() throws Exception {
        Simulated simulated = Simulated.all(scenario(2).build(), SPEECH);
        for (SpeechTruth truth : simulated.truths()) {
            float[] samples = simulated.samplesOf(truth);
            int rate = truth.getSampleRate();
            int quiet = 0;
            assertThat(truth.getUtterances()).isNotEmpty();
            for (TrueUtterance utterance : truth.getUtterances()) {
                int from = (int) Math.round(utterance.getStart() * rate);
                int to = (int) Math.round(utterance.getEnd() * rate);
                assertThat(Tones.level(samples, quiet, from)).isLessThan(0.001);
                assertThat(Tones.amplitude(samples, from, to, Double.parseDouble(utterance.getText()), rate))
                        .isCloseTo(0.5, within(0.01));
                assertThat(utterance.getWords()).singleElement().satisfies(word -> {
                    assertThat(word.getStart()).isEqualTo(utterance.getStart());
                    assertThat(word.getEnd()).isEqualTo(utterance.getEnd());
                });
                quiet = to + 1; // a converted rate rounds the length up
            }
            assertThat(Tones.level(samples, quiet, samples.length)).isLessThan(0.001);
        }
    }

    @Test
    void ratesEncodingsChunkLengthsAndChannelsDiffer() throws Exception {
        List<AudioChunk> chunks = Simulated.all(scenario(3).build(), SPEECH).chunks();
        assertThat(chunks).extracting(AudioChunk::getSampleRate).contains(8000, 16_000, 44_100);
        assertThat(chunks)
                .extracting(AudioChunk::getEncoding)
                .contains(AudioEncoding.PCM_S16LE, AudioEncoding.PCM_F32LE, AudioEncoding.MULAW);
        assertThat(chunks).extracting(AudioChunk::getChannel).contains(0, 1);
        assertThat(chunks.stream()
                        .filter(chunk -> !chunk.getEndOfStream())
                        .map(chunk -> Math.round(1000.0 * Simulated.decode(chunk).length / chunk.getSampleRate()))
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(20L, 60L, 100L, 250L);
    }

    @Test
    void lossAndRepetitionAreAsOrderedAndTheTruthNamesThem() throws Exception {
        Simulated simulated = Simulated.all(scenario(4).line(ROUGH).build(), SPEECH);
        long all = 0;
        long lost = 0;
        long twice = 0;
        for (SpeechTruth truth : simulated.truths()) {
            Map<Long, Long> times = simulated.chunksOf(truth).stream()
                    .collect(Collectors.groupingBy(AudioChunk::getSequence, Collectors.counting()));
            Set<Long> missing = new HashSet<>();
            for (long sequence = 0; sequence < truth.getChunkCount(); sequence++) {
                if (!times.containsKey(sequence)) {
                    missing.add(sequence);
                }
            }
            assertThat(truth.getLost()).extracting(LostAudio::getSequence).containsExactlyInAnyOrderElementsOf(missing);
            assertThat(missing).doesNotContain(truth.getChunkCount() - 1);
            assertThat(truth.getDuplicated())
                    .containsExactlyElementsOf(times.keySet().stream()
                            .filter(sequence -> times.get(sequence) == 2)
                            .sorted()
                            .toList());
            all += truth.getChunkCount();
            lost += missing.size();
            twice += truth.getDuplicated().size();
        }
        assertThat((double) lost / all).isBetween(0.07, 0.13);
        assertThat((double) twice / all).isBetween(0.06, 0.12);
    }

    @Test
    void jitterDelaysWithinItsBoundAndTurnsOrderRound() throws Exception {
        Simulated simulated = Simulated.all(
                scenario(4)
                        .line(new AudioScenario.Line(0, 0, Duration.ofMillis(400)))
                        .build(),
                SPEECH);
        assertThat(simulated.deliveries()).extracting(Delivery::timeMillis).isSorted();
        assertThat(simulated.deliveries())
                .filteredOn(each -> each.chunk() != null)
                .allSatisfy(each -> {
                    long length = 1000L
                            * Simulated.decode(each.chunk()).length
                            / each.chunk().getSampleRate();
                    long ready = each.chunk().getEventTime().toEpochMilli() + length;
                    assertThat(each.timeMillis() - ready).isBetween(-1L, 402L);
                });
        long disordered = simulated.channels().values().stream()
                .filter(chunks -> {
                    List<Long> order =
                            chunks.stream().map(AudioChunk::getSequence).toList();
                    return !order.equals(order.stream().sorted().toList());
                })
                .count();
        assertThat(disordered).isGreaterThan(simulated.channels().size() / 2);
    }

    @Test
    void noiseFillsThePausesAtTheLevelAskedFor() throws Exception {
        Simulated simulated = Simulated.all(
                scenario(7)
                        .noiseDb(20.0)
                        .encodings(List.of(AudioEncoding.PCM_F32LE))
                        .build(),
                SPEECH);
        for (SpeechTruth truth : simulated.truths()) {
            int pause = (int) (truth.getUtterances().get(0).getStart() * truth.getSampleRate());
            double level = Tones.level(simulated.samplesOf(truth), 0, pause);
            // the tone has an effective value of 0.5 / sqrt(2); 20 dB below it is a tenth
            assertThat(20 * Math.log10(level / (0.5 / Math.sqrt(2)))).isCloseTo(-20, within(1.0));
            assertThat(truth.getSignalToNoiseDb()).isEqualTo(20.0);
        }
    }

    @Test
    void asManyStreamsAsAskedForRunAtOnceAndBeginOneAfterTheOther() throws Exception {
        Simulated simulated = Simulated.all(scenario(8).build(), SPEECH);
        List<Long> starts = simulated.truths().stream()
                .filter(truth -> truth.getChannel() == 0)
                .map(truth -> truth.getStartTime().toEpochMilli())
                .sorted()
                .toList();
        assertThat(starts).hasSize(24).doesNotHaveDuplicates();
        long most = starts.stream()
                .mapToLong(time -> simulated.truths().stream()
                        .filter(truth -> truth.getChannel() == 0)
                        .filter(truth -> truth.getStartTime().toEpochMilli() <= time
                                && truth.getEventTime().toEpochMilli() > time)
                        .count())
                .max()
                .orElseThrow();
        assertThat(most).isBetween(3L, 6L);
    }

    @Test
    void aDurationLetsWhatHasBegunComeToItsEnd() throws Exception {
        AudioScenario scenario = scenario(9)
                .limit(Long.MAX_VALUE)
                .duration(Duration.ofSeconds(10))
                .build();
        Simulated simulated = Simulated.all(scenario, SPEECH);
        assertThat(simulated.truths()).hasSizeGreaterThan(6).allSatisfy(truth -> {
            assertThat(truth.getStartTime()).isBefore(scenario.startTime().plusSeconds(10));
            assertThat(truth.getCut()).isFalse();
        });
    }

    @Test
    void aCutEndsEveryStreamThatHasBegun() throws Exception {
        AudioGenerator generator = new AudioGenerator(
                scenario(10).line(ROUGH).stagger(Duration.ofMillis(500)).build(), SPEECH);
        for (int i = 0; i < 200; i++) {
            generator.next();
        }
        generator.cut();
        Simulated rest = Simulated.rest(generator);
        assertThat(rest.truths()).filteredOn(SpeechTruth::getCut).isNotEmpty().allSatisfy(truth -> {
            assertThat(rest.chunksOf(truth))
                    .filteredOn(AudioChunk::getEndOfStream)
                    .isNotEmpty()
                    .allSatisfy(end -> assertThat(end.getSampleOffset()).isEqualTo(truth.getSampleCount()));
            double length = (double) truth.getSampleCount() / truth.getSampleRate();
            assertThat(truth.getUtterances())
                    .allSatisfy(each -> assertThat(each.getEnd()).isLessThanOrEqualTo(length + 0.001));
        });
        assertThat(generator.next()).isNull();
    }

    @Test
    void theStatisticsAgreeWithTheTruth() throws Exception {
        AudioGenerator generator = new AudioGenerator(scenario(11).line(ROUGH).build(), SPEECH);
        Simulated simulated = Simulated.rest(generator);
        AudioStatistics statistics = generator.statistics();
        assertThat(statistics.streams()).isEqualTo(24);
        assertThat(statistics.chunks())
                .isEqualTo(simulated.truths().stream()
                        .mapToLong(SpeechTruth::getChunkCount)
                        .sum());
        assertThat(statistics.chunks() - statistics.lost() + statistics.duplicated())
                .isEqualTo(simulated.chunks().size());
    }
}
