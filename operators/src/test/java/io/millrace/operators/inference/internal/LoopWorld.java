package io.millrace.operators.inference.internal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.TreeMap;

import io.millrace.models.streaming.ModelId;
import io.millrace.operators.inference.CacheTransition;
import io.millrace.operators.inference.ModelReference;
import io.millrace.operators.inference.RecordMapping;
import io.millrace.operators.inference.RolloutCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DeadLetterReason;

/**
 * Everything around an inference loop, in one thread and by one seed: mailbox, clock, device, pool, store, coordinator and
 * a source that goes back after a failure. Whatever can happen next is drawn.
 */
final class LoopWorld {

    /** A record: its key, its number within the key, its value. */
    record In(int key, int number, long value) {}

    /** An answer; {@code output} is null for a dead letter. */
    record Out(int key, int number, Long output, String version) {}

    /** What a checkpoint keeps. */
    private record Checkpoint(
            int position,
            Map<Integer, Map<CachePosition, CacheEntry>> store,
            List<In> pending,
            long generation,
            ModelReference model,
            List<Long> accepted,
            Rollout.UnderWay order,
            List<String> known) {}

    private static final long END = -7;
    private static final int STEPS_BETWEEN_FAULTS = 8;

    private final Random random;
    private final List<In> source = new ArrayList<>();
    final List<Out> committed = new ArrayList<>();
    final Map<String, CacheTransition> policies = new HashMap<>();
    /** Versions that a checkpoint has ever found serving. */
    final java.util.Set<String> served = new java.util.HashSet<>();

    private final List<Out> uncommitted = new ArrayList<>();
    private final int keys;
    private final int batch;
    private final int slots;
    private final int depth;
    private final boolean aside;
    private int position;
    private int orders;
    private int stepsSinceFault;
    private long now;
    private Checkpoint last;
    private long checkpoints;
    int steps;

    private Deque<Runnable> mails;
    private Deque<Runnable> device;
    private List<Runnable> pool;
    private List<Runnable> loads;
    private PriorityQueue<long[]> alarms;
    private Map<Long, Runnable> wakes;
    private long alarmNumber;
    private Map<Integer, Map<CachePosition, CacheEntry>> store;
    private RolloutVotes votes;
    private BatchScheduler<Integer, In> scheduler;
    private Versions<Integer, Long, Long> versions;
    private Rollout<Long, Long> rollout;
    private InferenceLoop<Integer, In, Long, Long, Out> loop;
    private final List<Long> watermarks = new ArrayList<>();

    LoopWorld(long seed) {
        random = new Random(seed);
        keys = 1 + random.nextInt(12);
        batch = 1 + random.nextInt(5);
        depth = 1 + random.nextInt(3);
        slots = batch * depth + random.nextInt(6);
        aside = random.nextBoolean();
        int[] numbers = new int[keys];
        int records = 20 + random.nextInt(60);
        for (int i = 0; i < records; i++) {
            int key = random.nextInt(keys);
            int kind = random.nextInt(25);
            source.add(new In(
                    key, numbers[key]++, kind == 0 ? PlainModel.POISON : kind == 1 ? END : random.nextInt(1000)));
        }
        start(null);
    }

    private final class Mapping implements RecordMapping<In, Long, Long, Out> {
        private static final long serialVersionUID = 1;

        @Override
        public Long input(In record) {
            return record.value();
        }

        @Override
        public boolean preparesAside() {
            return aside;
        }

        @Override
        public Out result(In record, Long output, ModelId model) {
            return new Out(record.key(), record.number(), output, model.version());
        }

        @Override
        public boolean endsKey(In record) {
            return record.value() == END;
        }

        @Override
        public Out ended(In record, ModelId model) {
            return new Out(record.key(), record.number(), END, model.version());
        }

        @Override
        public DeadLetter deadLetter(In record, DeadLetterReason reason, String message) {
            return DeadLetter.newBuilder()
                    .setStage("world")
                    .setStep("infer")
                    .setReason(reason)
                    .setMessage(record.key() + ":" + record.number())
                    .setFailedTime(java.time.Instant.EPOCH)
                    .build();
        }
    }

    private void start(Checkpoint from) {
        mails = new ArrayDeque<>();
        device = new ArrayDeque<>();
        pool = new ArrayList<>();
        loads = new ArrayList<>();
        alarms = new PriorityQueue<>(java.util.Comparator.comparingLong(alarm -> alarm[0]));
        wakes = new HashMap<>();
        votes = new RolloutVotes(() -> 1);
        store = new HashMap<>();
        if (from != null) {
            from.store().forEach((key, entries) -> store.put(key, new HashMap<>(entries)));
        }
        position = from == null ? 0 : from.position();
        ModelReference model = from == null ? reference("v0") : from.model();
        versions = new Versions<>(
                new Deployment<>(from == null ? 1 : from.generation(), "", model, host(model), slots), slots, 1000);
        if (from != null) {
            versions.current().accepted().addAll(from.accepted());
        }
        Mailbox mailbox = new Mailbox() {
            @Override
            public boolean post(Runnable mail, String what) {
                return mails.add(mail);
            }

            @Override
            public void yield() {
                while (mails.isEmpty()) {
                    elsewhere();
                }
                mails.remove().run();
            }
        };
        Alarm alarm = (nanos, wake) -> {
            alarms.add(new long[] {now + nanos, alarmNumber});
            wakes.put(alarmNumber++, wake);
        };
        rollout = new Rollout<>(
                "world",
                new RolloutPolicy(3, java.time.Duration.ofNanos(50), java.time.Duration.ZERO, true),
                command -> {
                    PlainModel.Loaded loaded =
                            new PlainModel.Loaded(command.model().id());
                    return new Candidate<>(
                            command,
                            loaded,
                            command.cachePolicy() == CacheTransition.MIGRATE ? null : host(command.model()));
                },
                task -> loads.add(task),
                mailbox,
                alarm);
        scheduler = new BatchScheduler<>(batch, 100, new BatchScheduler.Capacity(batch * 3, 1 << 20), aside);
        CacheDirectory<Integer> directory = new CacheDirectory<>(versions, 0, new Store());
        DeviceQueue queue = new DeviceQueue() {
            @Override
            public void execute(Runnable work) {
                device.add(work);
            }

            @Override
            public <T> T await(java.util.concurrent.CompletableFuture<T> promise) {
                while (!promise.isDone()) {
                    device.remove().run();
                }
                return promise.join();
            }
        };
        loop = new InferenceLoop<>(
                new InferenceLoop.Surroundings(() -> now, alarm, mailbox, queue, task -> pool.add(task)),
                new InferenceLoop.Parts<>(
                        scheduler,
                        versions,
                        directory,
                        new StateWriter<>(versions, directory, queue, mailbox),
                        new WriteAheadPolicy(random.nextInt(3) == 0 ? 0 : Long.MAX_VALUE),
                        rollout),
                new Mapping(),
                new Sink(),
                new Trials<>("world", () -> now, java.time.Duration.ZERO, rollout),
                batch,
                depth,
                new Deaf());
        rollout.connect(
                message -> {
                    if (message instanceof RolloutMessage.Ready ready) {
                        votes.ready(0, ready);
                    }
                },
                versions::nextGeneration,
                loop::lastWatermark,
                loop::dispatch);
        if (from != null) {
            from.pending().forEach(in -> loop.restore(in.key(), in, 0));
            rollout.restore(from.known(), from.order());
            loop.dispatch();
        }
    }

    private static ModelReference reference(String version) {
        return new ModelReference("m", version, version, "");
    }

    private PlainModel host(ModelReference model) {
        return new PlainModel(new PlainModel.Loaded(model.id()), slots, this::fault);
    }

    /** A fault passes: the steps after it go well. */
    private boolean fault() {
        if (++stepsSinceFault > STEPS_BETWEEN_FAULTS && random.nextInt(20) == 0) {
            stepsSinceFault = 0;
            return true;
        }
        return false;
    }

    /** Something happens that the task thread has no part in. */
    private void elsewhere() {
        int kind = random.nextInt(4);
        if (kind == 0 && !pool.isEmpty()) {
            pool.remove(random.nextInt(pool.size())).run();
        } else if (kind == 1 && !loads.isEmpty()) {
            loads.remove(0).run();
        } else if (kind == 2 && !alarms.isEmpty()) {
            ring();
        } else if (!device.isEmpty()) {
            device.remove().run();
        } else if (!pool.isEmpty()) {
            pool.remove(0).run();
        } else if (!alarms.isEmpty()) {
            ring();
        } else if (!loads.isEmpty()) {
            loads.remove(0).run();
        } else {
            throw new AssertionError(
                    "the task waits, and nothing will ever happen: " + scheduler.size() + " records held");
        }
    }

    private void ring() {
        long[] alarm = alarms.remove();
        now = Math.max(now, alarm[0]);
        Runnable wake = wakes.remove(alarm[1]);
        mails.add(wake);
    }

    /** Runs until the source is at its end and everything is answered and committed. */
    void run() throws InterruptedException {
        while (position < source.size()) {
            steps++;
            now += random.nextInt(30);
            switch (random.nextInt(12)) {
                case 0 -> checkpoint();
                case 1 -> {
                    if (random.nextInt(4) == 0) {
                        crash();
                    }
                }
                case 2 -> {
                    if (random.nextInt(3) == 0) {
                        order();
                    }
                }
                case 3, 4 -> {
                    if (!mails.isEmpty()) {
                        mails.remove().run();
                    }
                }
                case 5, 6 -> {
                    if (!(device.isEmpty() && pool.isEmpty() && loads.isEmpty() && alarms.isEmpty())) {
                        elsewhere();
                    }
                }
                case 7 -> loop.watermark(position);
                default -> {
                    In next = source.get(position++);
                    loop.offer(next.key(), next, 0);
                }
            }
        }
        loop.flush();
        checkpoint();
    }

    private void order() {
        String version = "v" + ++orders;
        CacheTransition policy = random.nextBoolean() ? CacheTransition.RESET : CacheTransition.MIGRATE;
        policies.put(version, policy);
        rollout.order(
                new RolloutCommand("order " + version, reference(version), policy),
                versions.current().reference());
    }

    private void checkpoint() throws InterruptedException {
        votes.take().ifPresent(agreed -> mails.add(() -> rollout.hear(agreed)));
        while (!mails.isEmpty()) {
            mails.remove().run();
        }
        loop.beforeBarrier();
        loop.writeBack();
        Map<Integer, Map<CachePosition, CacheEntry>> copy = new HashMap<>();
        store.forEach((key, entries) -> copy.put(key, new HashMap<>(entries)));
        Map<Integer, List<In>> byKey = new TreeMap<>();
        saved(byKey);
        List<In> pending = new ArrayList<>();
        byKey.values().forEach(pending::addAll);
        Rollout.UnderWay underWay = rollout.underWay();
        last = new Checkpoint(
                position,
                copy,
                pending,
                versions.current().generation(),
                versions.current().reference(),
                List.copyOf(versions.current().accepted()),
                underWay == null ? null : new Rollout.UnderWay(underWay.command(), 0),
                rollout.known());
        served.add(versions.current().reference().version());
        rollout.recording(++checkpoints);
        committed.addAll(uncommitted);
        uncommitted.clear();
        loop.afterBarrier();
        rollout.recorded(checkpoints);
    }

    /** What the operator keeps in keyed state: only keys whose records have changed are written again. */
    private final Map<Integer, List<In>> keptPending = new HashMap<>();

    private void saved(Map<Integer, List<In>> into) {
        scheduler.forEachChangedKey((key, records) ->
                keptPending.put(key, records.stream().map(PendingRecord::value).toList()));
        keptPending.keySet().removeIf(key -> !scheduler.holds(key));
        into.putAll(keptPending);
    }

    private void crash() {
        uncommitted.clear();
        keptPending.clear();
        if (last != null) {
            last.pending()
                    .forEach(in -> keptPending
                            .computeIfAbsent(in.key(), ignored -> new ArrayList<>())
                            .add(in));
        }
        start(last);
    }

    /** The records that the source had, in order. */
    List<In> source() {
        return source;
    }

    static boolean isEnd(In record) {
        return record.value() == END;
    }

    private final class Sink implements Emitter<Out> {
        @Override
        public void result(Out result, long timestamp) {
            uncommitted.add(result);
        }

        @Override
        public void letter(DeadLetter letter, long timestamp) {
            String[] parts = letter.getMessage().split(":");
            uncommitted.add(new Out(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), null, ""));
        }

        @Override
        public void watermark(long timestamp) {
            watermarks.add(timestamp);
        }

        @Override
        public void idle() {
            // Never idle here.
        }
    }

    private final class Store implements CacheStore<Integer> {
        @Override
        public List<StoredState> read(Integer key) {
            return StoredState.of(store.getOrDefault(key, Map.of()).entrySet());
        }

        @Override
        public void write(Integer key, CachePosition at, CacheEntry entry) {
            store.computeIfAbsent(key, ignored -> new HashMap<>()).put(at, entry);
        }

        @Override
        public void clear(Integer key) {
            store.remove(key);
        }

        @Override
        public void started(Integer key, long timestamp) {
            // Nothing expires here.
        }
    }

    private static final class Deaf implements LoopMetrics {
        @Override
        public void publish(Figures figures) {
            // Nobody looks.
        }

        @Override
        public void batch(Batch<?, ?, ?, ?> done, Batch.Completion<?> completion) {
            // Nobody counts.
        }

        @Override
        public void deadLetter() {
            // Nobody counts.
        }

        @Override
        public void deviceFailure() {
            // Nobody counts.
        }

        @Override
        public void batchLimit(int limit) {
            // Nobody looks.
        }

        @Override
        public void writtenAhead(int states) {
            // Nobody counts.
        }

        @Override
        public void writtenBack(int states, long nanos) {
            // Nobody counts.
        }
    }
}
