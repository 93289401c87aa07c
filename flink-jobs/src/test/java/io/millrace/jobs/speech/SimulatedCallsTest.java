package io.millrace.jobs.speech;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.SpeechTruth;
import io.millrace.simulators.speech.stream.RecordedDigits;
import io.millrace.simulators.speech.stream.SpeechSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class SimulatedCallsTest {

    @Test
    @Timeout(60)
    void whenStoppedEveryCallThatBeganIsEndedAndToldOf(@TempDir Path folder) throws Exception {
        SimulatedCalls calls = new SimulatedCalls(3, 5);
        SpeechSource speech = RecordedDigits.unpack(folder);
        Set<String> begun = new HashSet<>();
        Set<String> ended = new HashSet<>();
        List<SpeechTruth> truths = new CopyOnWriteArrayList<>();

        calls.run(speech, chunk -> note(chunk, begun, ended, calls), truths::add);

        assertThat(begun).isNotEmpty().allMatch(id -> id.startsWith(calls.prefix()));
        assertThat(ended).isEqualTo(begun);
        assertThat(truths).extracting(SpeechTruth::getStreamId).containsExactlyInAnyOrderElementsOf(begun);
    }

    private static void note(AudioChunk chunk, Set<String> begun, Set<String> ended, SimulatedCalls calls) {
        begun.add(chunk.getStreamId());
        if (chunk.getEndOfStream()) {
            ended.add(chunk.getStreamId());
        }
        if (begun.size() == 2) {
            calls.stop();
        }
    }
}
