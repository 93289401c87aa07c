package io.millrace.connectors.audio.live.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.millrace.connectors.audio.live.ClientMessage;
import io.millrace.connectors.audio.live.ServerMessages;
import io.millrace.schemas.RecognisedWord;
import io.millrace.schemas.Transcript;
import io.millrace.schemas.TranscriptAlternative;

/**
 * One answer for each message of a client that sends one and reads one. To audio it is what has been understood meanwhile:
 * the finals, in one, or the newest partial result. To a reset and an eof it is the final of all that was said before; what
 * comes after a reset is answered after it.
 */
final class Answers {
    private static final int MOST_OWED = 256;

    private enum Owed {
        TO_AUDIO,
        TO_END
    }

    private final Consumer<String> to;
    private final Deque<Owed> owed = new ArrayDeque<>();
    private final List<TranscriptAlternative> finals = new ArrayList<>();
    private String partial = ServerMessages.nothing();

    /** {@code to}: takes the answers. */
    Answers(Consumer<String> to) {
        this.to = to;
    }

    /** Keeps a result until a message asks for it. */
    void keep(Transcript result, ClientMessage.Config config, double shiftSeconds) {
        if (!result.getIsFinal()) {
            partial = config.partials() ? ServerMessages.result(result, config, 0) : partial;
            return;
        }
        partial = ServerMessages.nothing();
        if (!result.getAlternatives().isEmpty()) {
            long shift = Math.round(1000 * shiftSeconds);
            finals.add(shifted(result.getAlternatives().get(0), shift));
        }
    }

    private static TranscriptAlternative shifted(TranscriptAlternative said, long millis) {
        List<RecognisedWord> words = said.getWords().stream()
                .map(word -> new RecognisedWord(
                        word.getWord(), word.getStartMs() + millis, word.getEndMs() + millis, word.getConfidence()))
                .toList();
        return new TranscriptAlternative(said.getTranscript(), said.getConfidence(), words);
    }

    void toAudio(ClientMessage.Config config) {
        owed.add(Owed.TO_AUDIO);
        answer(config);
    }

    /** A reset or an eof wants its answer. */
    void toEnd() {
        owed.add(Owed.TO_END);
    }

    /** All that was said before the oldest reset or eof is here. */
    void ended(ClientMessage.Config config) {
        if (owed.peek() == Owed.TO_END) {
            owed.remove();
            to.accept(merged(config));
        }
        answer(config);
    }

    private void answer(ClientMessage.Config config) {
        while (owed.peek() == Owed.TO_AUDIO) {
            owed.remove();
            to.accept(finals.isEmpty() ? partial : merged(config));
        }
    }

    /** Whether so many messages wait for an answer that no more should be read. */
    boolean full() {
        return owed.size() >= MOST_OWED;
    }

    private String merged(ClientMessage.Config config) {
        List<TranscriptAlternative> all = finals.isEmpty()
                ? List.of()
                : List.of(new TranscriptAlternative(
                        finals.stream()
                                .map(TranscriptAlternative::getTranscript)
                                .collect(Collectors.joining(" ")),
                        finals.stream()
                                .mapToDouble(TranscriptAlternative::getConfidence)
                                .min()
                                .orElseThrow(),
                        finals.stream()
                                .flatMap(each -> each.getWords().stream())
                                .toList()));
        finals.clear();
        return ServerMessages.finalResult(all, config, 0);
    }
}
