package io.millrace.operators.speech;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import io.millrace.models.speech.frontend.MelFrontEnd;
import io.millrace.operators.source.Traced;
import io.millrace.operators.speech.ChannelState.Phase;
import io.millrace.schemas.AudioChunk;
import io.millrace.schemas.DeadLetterReason;
import io.millrace.schemas.EndOfUtterance;
import io.millrace.schemas.ListeningSettings;

/**
 * Makes chunks of features of the audio chunks of a channel: puts them in order, drops repeats, fills what was lost with
 * silence, and ends what is over. A state machine over {@link ChannelState}; time is handed in.
 *
 * <p>A missing chunk is waited for until the wait is over or too much waits behind it. Which samples are heard does not
 * depend on when that was; only a chunk that comes after its gap was filled is lost, and given up as late.
 */
final class ChannelAssembler {

    /** Sequences given up that are remembered. */
    private static final int MOST_LOST = 256;
    /** Bytes of audio that wait behind a missing chunk at most. */
    private static final long MOST_WAITING_BYTES = 4 << 20;

    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final int MOST_PHRASES = 100;
    private static final int LONGEST_PHRASE = 100;

    /** Where results go. */
    interface Output {

        void speech(AssembledSpeech speech);

        /** A chunk is not heard. */
        void givenUp(Traced<AudioChunk> chunk, DeadLetterReason reason, String message);

        /** What is left at the end of a stretch is not heard. */
        void unheard(AssembledSpeech speech, String message);

        /** A chunk has been heard before. */
        void repeated();

        /** Silence was put in for lost audio. */
        void filled(long millis);

        /** A look-ahead was decided on. */
        void lookAhead(int frames, LookAheadControl.Decision decision);
    }

    private final AssemblerSettings settings;
    private final SpeechContract contract;
    private final MelFrontEnd frontEnd;
    private final LookAheadControl control;
    private final Output output;
    /** What has been made of the chunk at work; goes out when the chunk is done with. */
    private final List<AssembledSpeech> pieces = new ArrayList<>();

    ChannelAssembler(AssemblerSettings settings, SpeechContract contract, Output output) {
        this.settings = settings;
        this.contract = contract;
        this.frontEnd = new MelFrontEnd(contract.bands());
        this.control = new LookAheadControl(contract.lookAheads(), contract.millisPerFrame());
        this.output = output;
    }

    /**
     * Takes a chunk.
     *
     * @param known state of its channel; null if there is none
     * @param now wall clock, milliseconds
     * @return the state; null if there is none
     */
    ChannelState accept(ChannelState known, Traced<AudioChunk> chunk, long now) {
        float[] samples;
        try {
            samples = ChunkReading.samples(chunk.record);
        } catch (RuntimeException unfit) {
            boolean told = unfit instanceof IllegalArgumentException && unfit.getMessage() != null;
            output.givenUp(
                    chunk, DeadLetterReason.INVALID_RECORD, told ? unfit.getMessage() : "cannot be read: " + unfit);
            return known;
        }
        ChannelState state = known == null ? new ChannelState() : known;
        long sequence = chunk.record.getSequence();
        boolean earlier = sequence < state.nextSequence;
        if (earlier && eventTime(chunk.record) <= state.lastEventTime) {
            passOver(state, chunk);
            return state;
        }
        if (earlier || state.phase() == Phase.OVER) {
            state = begunAnew(state, earlier, now);
        }
        state.lastChunkAt = now;
        if (sequence == state.nextSequence) {
            take(state, chunk, samples, now);
            takeWaiting(state, now);
        } else {
            keepWaiting(state, chunk, now);
        }
        return state;
    }

    private static long eventTime(AudioChunk chunk) {
        return chunk.getEventTime().toEpochMilli();
    }

    private void passOver(ChannelState state, Traced<AudioChunk> chunk) {
        long sequence = chunk.record.getSequence();
        if (state.lost.remove(sequence)) {
            output.givenUp(chunk, DeadLetterReason.LATE, "chunk " + sequence + " came after its gap was filled");
        } else {
            output.repeated();
        }
    }

    /** The state for a stream of the same name: a new one, or what comes of one that was taken to be over. */
    private ChannelState begunAnew(ChannelState state, boolean fromTheStart, long now) {
        if (state.phase() == Phase.HEARD) {
            takeAllWaiting(state, now);
            if (state.phase() == Phase.HEARD) {
                end(state, EndOfUtterance.RESTART);
            }
        }
        ChannelState fresh = new ChannelState();
        fresh.timer = state.timer;
        fresh.nextSequence = fromTheStart ? 0 : state.nextSequence;
        fresh.lastEventTime = state.lastEventTime;
        return fresh;
    }

    private void keepWaiting(ChannelState state, Traced<AudioChunk> chunk, long now) {
        ReorderBuffer waiting = new ReorderBuffer(state.waiting);
        if (waiting.isEmpty()) {
            state.waitingSince = now;
        }
        if (!waiting.add(chunk)) {
            output.repeated();
        }
        while (waiting.size() > settings.reorderChunks() || waiting.bytes() > MOST_WAITING_BYTES) {
            giveUpMissing(state, now);
        }
    }

    /** What is missing before the first chunk that waits is waited for no longer. */
    private void giveUpMissing(ChannelState state, long now) {
        long until = new ReorderBuffer(state.waiting).firstSequence();
        for (long lost = Math.max(state.nextSequence, until - MOST_LOST); lost < until; lost++) {
            state.lost.add(lost);
        }
        while (state.lost.size() > MOST_LOST) {
            state.lost.remove(0);
        }
        state.nextSequence = until;
        takeWaiting(state, now);
    }

    private void takeWaiting(ChannelState state, long now) {
        ReorderBuffer waiting = new ReorderBuffer(state.waiting);
        boolean taken = false;
        while (!waiting.isEmpty() && waiting.firstSequence() == state.nextSequence) {
            Traced<AudioChunk> chunk = waiting.removeFirst();
            take(state, chunk, ChunkReading.samples(chunk.record), now);
            taken = true;
        }
        if (taken) {
            state.waitingSince = now;
        }
    }

    private void takeAllWaiting(ChannelState state, long now) {
        while (!state.waiting.isEmpty()) {
            giveUpMissing(state, now);
        }
    }

    /** Takes the chunk whose turn it is. */
    private void take(ChannelState state, Traced<AudioChunk> traced, float[] samples, long now) {
        AudioChunk chunk = traced.record;
        state.nextSequence = chunk.getSequence() + 1;
        if (state.phase() == Phase.AWAITED) {
            state.phase = Phase.HEARD.name();
            state.sampleRate = chunk.getSampleRate();
            begin(state, traced);
        }
        String unfit = unfit(state, chunk);
        if (unfit != null) {
            output.givenUp(traced, DeadLetterReason.INVALID_RECORD, unfit);
        } else {
            if (millis(chunk.getSampleOffset() - state.nextOffset, state)
                    > settings.gapLimit().toMillis()) {
                endStretch(state, EndOfUtterance.GAP);
                begin(state, traced);
            }
            hearOrUndo(state, traced, samples, now);
        }
        if (chunk.getEndOfStream()) {
            end(state, EndOfUtterance.END_OF_STREAM);
        }
    }

    /** A chunk that cannot be heard leaves the channel as if it had not come. */
    private void hearOrUndo(ChannelState state, Traced<AudioChunk> chunk, float[] samples, long now) {
        StretchState before = state.stretch.copy();
        long offset = state.nextOffset;
        try {
            hear(state, chunk, samples, now);
        } catch (RuntimeException poison) {
            pieces.clear();
            state.stretch = before;
            state.nextOffset = offset;
            output.givenUp(chunk, DeadLetterReason.INVALID_RECORD, "cannot be heard: " + poison);
        }
        giveOut();
    }

    private void giveOut() {
        pieces.forEach(output::speech);
        pieces.clear();
    }

    private static String unfit(ChannelState state, AudioChunk chunk) {
        if (chunk.getSampleRate() != state.sampleRate) {
            return "sample rate changed from " + state.sampleRate + " to " + chunk.getSampleRate();
        }
        if (chunk.getSampleOffset() < state.nextOffset) {
            return "begins at sample " + chunk.getSampleOffset() + ", the chunk before it ended at " + state.nextOffset;
        }
        return null;
    }

    private void hear(ChannelState state, Traced<AudioChunk> traced, float[] samples, long now) {
        AudioChunk chunk = traced.record;
        long gap = chunk.getSampleOffset() - state.nextOffset;
        if (gap > 0) {
            state.stretch.filledSamples += gap;
            stretch(state).hear(new float[Math.toIntExact(gap)]);
            output.filled(millis(gap, state));
        }
        state.stretch.origin = traced.origin;
        listen(state.stretch, chunk.getListening());
        if (settings.adaptive()) {
            long length = millis(samples.length, state);
            LookAheadControl.Decision decision =
                    control.observe(state.stretch, now - eventTime(chunk) - length, length);
            output.lookAhead(state.stretch.lookAhead, decision);
        }
        if (samples.length > 0) {
            stretch(state).hear(samples);
        }
        state.nextOffset = chunk.getSampleOffset() + samples.length;
        state.lastEventTime = Math.max(state.lastEventTime, eventTime(chunk));
    }

    private static long millis(long samples, ChannelState state) {
        return samples * 1000 / state.sampleRate;
    }

    private Stretch stretch(ChannelState state) {
        return new Stretch(state.stretch, state.sampleRate, frontEnd, contract.subsampling(), pieces::add);
    }

    private void begin(ChannelState state, Traced<AudioChunk> traced) {
        AudioChunk chunk = traced.record;
        StretchState stretch = new StretchState();
        stretch.streamId = chunk.getStreamId();
        stretch.channel = chunk.getChannel();
        stretch.startMillis = millis(chunk.getSampleOffset(), state);
        stretch.startTime = eventTime(chunk);
        stretch.origin = traced.origin;
        stretch.sinceOffset = traced.origin == null ? 0 : traced.origin.offset();
        stretch.askedLookAhead = settings.lookAhead();
        if (state.stretch != null) { // after a gap
            stretch.askedLookAhead = state.stretch.askedLookAhead;
            stretch.silenceMillis = state.stretch.silenceMillis;
            stretch.phrases = state.stretch.phrases;
        }
        stretch.lookAhead = stretch.askedLookAhead;
        state.stretch = stretch;
        state.nextOffset = chunk.getSampleOffset();
    }

    /** What a channel asks for holds from this chunk on; the look-ahead, from the network's next chunk on. */
    private void listen(StretchState stretch, ListeningSettings asked) {
        if (asked == null) {
            return;
        }
        Integer lookAhead = asked.getLookAhead();
        Integer silence = asked.getSilenceMs();
        int before = stretch.askedLookAhead;
        stretch.askedLookAhead =
                lookAhead != null && contract.lookAheads().contains(lookAhead) ? lookAhead : settings.lookAhead();
        stretch.silenceMillis = silence == null ? 0 : Math.max(0, silence);
        stretch.phrases = asked.getPhrases().stream()
                .map(phrase -> SPACES.matcher(phrase.strip()).replaceAll(" "))
                .filter(phrase -> !phrase.isEmpty() && phrase.length() <= LONGEST_PHRASE)
                .limit(MOST_PHRASES)
                .toList();
        // One that was raised because the stream is late stays raised.
        if (stretch.lookAhead <= before || stretch.lookAhead < stretch.askedLookAhead) {
            stretch.lookAhead = stretch.askedLookAhead;
        }
    }

    private void end(ChannelState state, EndOfUtterance reason) {
        endStretch(state, reason);
        state.stretch = null;
        state.phase = Phase.OVER.name();
        state.lost.clear();
        for (Traced<AudioChunk> chunk : state.waiting) {
            output.givenUp(chunk, DeadLetterReason.INVALID_RECORD, "lies beyond the end of its stream");
        }
        state.waiting.clear();
    }

    /** A stretch comes to its end whatever happens, for its key's state ends with it. */
    private void endStretch(ChannelState state, EndOfUtterance reason) {
        StretchState before = state.stretch.copy();
        try {
            stretch(state).end(reason.name());
        } catch (RuntimeException poison) {
            pieces.clear();
            AssembledSpeech end = Stretch.bareEnd(before, state.sampleRate, contract.subsampling(), reason.name());
            output.unheard(end, "the end of the stretch cannot be heard: " + poison);
            pieces.add(end);
        }
        giveOut();
    }

    /**
     * Time has passed.
     *
     * @param now wall clock, milliseconds
     * @param runningSince since when chunks could have come: what went by before does not count as waiting
     * @return the state; null if there is none any more
     */
    ChannelState onTime(ChannelState state, long now, long runningSince) {
        while (!state.waiting.isEmpty() && now >= missingUntil(state, runningSince)) {
            giveUpMissing(state, now);
        }
        if (now < idleAt(state, runningSince)) {
            return state;
        }
        if (state.phase() != Phase.HEARD) {
            return null;
        }
        takeAllWaiting(state, now);
        if (state.phase() == Phase.HEARD) {
            end(state, EndOfUtterance.IDLE);
        }
        state.lastChunkAt = now;
        return state;
    }

    /** When {@link #onTime} has something to do if no chunk comes, wall clock in milliseconds. */
    long deadline(ChannelState state, long runningSince) {
        long idle = idleAt(state, runningSince);
        return state.waiting.isEmpty() ? idle : Math.min(idle, missingUntil(state, runningSince));
    }

    private long missingUntil(ChannelState state, long runningSince) {
        return Math.max(state.waitingSince, runningSince)
                + settings.reorderWait().toMillis();
    }

    private long idleAt(ChannelState state, long runningSince) {
        return Math.max(state.lastChunkAt, runningSince) + settings.idleAfter().toMillis();
    }

    /** No chunk will come any more: everything that waits is heard, and what is heard ends. */
    void drain(ChannelState state, long now) {
        takeAllWaiting(state, now);
        if (state.phase() == Phase.HEARD) {
            end(state, EndOfUtterance.END_OF_STREAM);
        }
    }
}
