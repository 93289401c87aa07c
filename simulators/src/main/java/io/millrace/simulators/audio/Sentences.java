package io.millrace.simulators.audio;

import io.millrace.simulators.random.SeededRandom;

/** Makes English sentences up, of plain words in lower case, as a speech recogniser writes them. */
final class Sentences {
    private static final String[] WHO = {
        "my brother",
        "the captain",
        "an old friend",
        "her neighbour",
        "the doctor",
        "our teacher",
        "the young farmer",
        "a stranger",
        "the whole family",
        "nobody here"
    };
    private static final String[] DOES = {
        "wants to see",
        "has often described",
        "will soon forget",
        "could not find",
        "remembers",
        "is looking for",
        "bought",
        "has never liked",
        "wrote about",
        "keeps asking for"
    };
    private static final String[] WHAT = {
        "the yellow house",
        "a quiet place",
        "the morning train",
        "fresh bread",
        "another way home",
        "the broken clock",
        "some good advice",
        "the road to the river",
        "a letter from the city",
        "warm clothes"
    };
    private static final String[] WHEN = {
        "before winter",
        "every single day",
        "after the meeting",
        "in the evening",
        "since last summer",
        "without a word",
        "for three weeks",
        "when it rains",
        "at half past seven",
        "as far as we know"
    };

    private Sentences() {}

    static String make(SeededRandom random) {
        String sentence = random.pick(WHO) + " " + random.pick(DOES) + " " + random.pick(WHAT);
        return random.chance(0.7) ? sentence + " " + random.pick(WHEN) : sentence;
    }
}
