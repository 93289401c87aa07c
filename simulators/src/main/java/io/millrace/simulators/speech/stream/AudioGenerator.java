package io.millrace.simulators.speech.stream;

import java.io.IOException;
import java.util.Comparator;
import java.util.PriorityQueue;

import io.millrace.simulators.random.SeededRandom;
import io.millrace.simulators.speech.stream.internal.SimulatedStream;

/**
 * Makes the audio streams of an {@link AudioScenario}: chunks in the order in which they arrive, and of each channel that has
 * ended the truth. Memory is bounded by the streams at a time: of each the utterances that are being spoken, and the
 * chunks that are late. For one thread.
 */
public final class AudioGenerator {
    private final AudioScenario scenario;
    private final SpeechSource speech;
    private final SeededRandom random;
    private final PriorityQueue<Turn> turns =
            new PriorityQueue<>(Comparator.comparingLong(Turn::timeMillis).thenComparingLong(Turn::order));
    private final PriorityQueue<Arrival> arrivals = new PriorityQueue<>(
            Comparator.<Arrival>comparingLong(arrival -> arrival.delivery().timeMillis())
                    .thenComparingLong(Arrival::order));
    private AudioStatistics statistics = AudioStatistics.NONE;
    private long started;
    private long made;

    /** What is next to be done: the next chunk of a stream, or where there is none, the beginning of another. */
    private record Turn(long timeMillis, long order, SimulatedStream stream) {}

    /** The order settles who comes first of those that arrive at once. */
    private record Arrival(long order, Delivery delivery) {}

    public AudioGenerator(AudioScenario scenario, SpeechSource speech) {
        this.scenario = scenario;
        this.speech = speech;
        random = new SeededRandom(scenario.seed());
        long start = scenario.startTime().toEpochMilli();
        for (int i = 0; i < scenario.streams(); i++) {
            turns.add(new Turn(start + (i == 0 ? 0 : rest()), i, null));
        }
    }

    /**
     * The next to arrive.
     *
     * @return null after the end
     * @throws IOException if speech could not be had; the message names the recording or the synthesiser
     */
    public Delivery next() throws IOException {
        // A chunk arrives after its first sample was taken, so nothing can come to pass an arrival before the next
        // turn.
        while (!turns.isEmpty()
                && (arrivals.isEmpty()
                        || arrivals.peek().delivery().timeMillis()
                                > turns.peek().timeMillis())) {
            take(turns.remove());
        }
        Arrival arrival = arrivals.poll();
        return arrival == null ? null : arrival.delivery();
    }

    private void take(Turn turn) throws IOException {
        SimulatedStream stream = turn.stream();
        if (stream == null) {
            if (started < scenario.limit() && withinDuration(turn.timeMillis())) {
                stream = new SimulatedStream(scenario, speech, started++, turn.timeMillis());
                turns.add(new Turn(stream.timeMillis(), turn.order(), stream));
            }
            return;
        }
        stream.advance(this::arrives);
        if (stream.ended()) {
            statistics = statistics.plus(stream.statistics());
            turns.add(new Turn(stream.timeMillis() + rest(), turn.order(), null));
        } else {
            turns.add(new Turn(stream.timeMillis(), turn.order(), stream));
        }
    }

    private boolean withinDuration(long timeMillis) {
        return scenario.duration() == null
                || timeMillis - scenario.startTime().toEpochMilli()
                        < scenario.duration().toMillis();
    }

    private long rest() {
        return (long) (random.uniform() * scenario.stagger().toMillis());
    }

    private void arrives(Delivery delivery) {
        arrivals.add(new Arrival(made++, delivery));
    }

    /** Ends every stream where it stands, with an end chunk and its truth; {@link #next} gives those and what is late. */
    public void cut() {
        for (Turn turn = turns.poll(); turn != null; turn = turns.poll()) {
            if (turn.stream() != null) {
                turn.stream().cut(this::arrives);
                statistics = statistics.plus(turn.stream().statistics());
            }
        }
    }

    /** Streams that have ended, and their chunks. */
    public AudioStatistics statistics() {
        return statistics;
    }
}
