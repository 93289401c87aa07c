package io.millrace.jobs.speech;

import java.util.List;

import io.millrace.models.speech.CachePrecision;
import io.millrace.models.speech.decoding.Search;
import io.millrace.models.speech.decoding.UtteranceDecoder;
import picocli.CommandLine.Option;

/** How a recogniser of the command line looks for words, and what it keeps. */
final class SearchOptions {

    @Option(
            names = "--head",
            paramLabel = "HEAD",
            description = "Head whose tokens count: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    UtteranceDecoder.Head head = UtteranceDecoder.Head.STANDARD;

    @Option(
            names = "--beam",
            paramLabel = "N",
            description = "Hypotheses of a beam search (default: 1, the best token alone; " + Search.BOOSTED_BEAM
                    + " with phrases).")
    Integer beam;

    @Option(names = "--phrase", arity = "1..*", paramLabel = "PHRASE", description = "Words and phrases to prefer.")
    List<String> phrases = List.of();

    @Option(
            names = "--phrase-boost",
            paramLabel = "X",
            description =
                    "What each word of a phrase adds to the logarithm of the probability (default: ${DEFAULT-VALUE}).")
    double phraseBoost = Search.PHRASE_BOOST;

    @Option(
            names = "--cache",
            paramLabel = "PRECISION",
            defaultValue = "float32",
            description =
                    "How keys and values of the past are kept: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    CachePrecision cache;

    /**
     * The search.
     *
     * @throws IllegalArgumentException naming what cannot be
     */
    Search search() {
        return Search.of(head, beam, phrases, phraseBoost);
    }
}
