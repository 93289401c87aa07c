package io.millrace.simulators.speech;

import java.util.ArrayList;
import java.util.List;

/**
 * A voice of one of Debian's synthesisers.
 *
 * @param synthesizer program that has it
 * @param name name by which that program knows it; of espeak-ng, language and variant: {@code en-us+m3}
 */
public record Voice(Synthesizer synthesizer, String name) {

    /** Programs that speak. */
    public enum Synthesizer {
        ESPEAK("espeak-ng", "espeak-ng"),
        FLITE("flite", "flite"),
        FESTIVAL("festival", "text2wave"),
        RHVOICE("rhvoice", "RHVoice-test"),
        PICO("libttspico-utils", "pico2wave");

        private final String debianPackage;
        private final String program;

        Synthesizer(String debianPackage, String program) {
            this.debianPackage = debianPackage;
            this.program = program;
        }

        /** Debian's package that has it, whose name it is known by. */
        public String debianPackage() {
            return debianPackage;
        }

        /** The command that speaks to a file; it must be on the path. */
        public String program() {
            return program;
        }
    }

    /** Part of a corpus that a voice speaks in: no voice speaks in two. */
    public enum Part {
        TRAIN,
        VALID,
        TEST
    }

    private static final List<String> ACCENTS = List.of("en-us", "en-gb", "en-gb-x-rp", "en-us-nyc", "en-029");
    private static final List<String> TEST_ACCENTS = List.of("en-us", "en-gb", "en-gb-scotland");
    private static final List<String> VALID_VARIANTS = List.of("f2", "m3", "Lee", "steph");
    private static final List<String> TEST_VARIANTS =
            List.of("Annie", "david", "f4", "m7", "Mario", "linda", "zac", "paul");
    /** Variants that sound like a person, robots and whispers left out. */
    private static final List<String> TRAIN_VARIANTS = List.of(
            "m1",
            "m2",
            "m4",
            "m5",
            "m6",
            "m8",
            "f1",
            "f3",
            "f5",
            "klatt",
            "klatt2",
            "klatt3",
            "klatt4",
            "Alex",
            "Alicia",
            "Andrea",
            "Andy",
            "adam",
            "antonio",
            "aunty",
            "belinda",
            "benjamin",
            "boris",
            "caleb",
            "Denis",
            "Diogo",
            "ed",
            "edward",
            "edward2",
            "Gene",
            "Gene2",
            "gustave",
            "Henrique",
            "Hugo",
            "iven",
            "iven2",
            "iven3",
            "iven4",
            "Jacky",
            "john",
            "kaukovalta",
            "marcelo",
            "Marco",
            "max",
            "Michael",
            "michel",
            "miguel",
            "Mike",
            "Nguyen",
            "pablo",
            "pedro",
            "quincy",
            "rob",
            "robert",
            "sandro",
            "shelby",
            "steph2",
            "steph3",
            "travis",
            "victor",
            "anika",
            "grandpa",
            "grandma",
            "norbert");

    /** The voices of a part. */
    public static List<Voice> of(Part part) {
        List<Voice> voices = new ArrayList<>();
        switch (part) {
            case TRAIN -> {
                espeak(voices, ACCENTS, TRAIN_VARIANTS);
                for (String name : List.of("awb", "slt", "kal16", "kal")) {
                    voices.add(new Voice(Synthesizer.FLITE, name));
                }
                for (String name : List.of("kal_diphone", "cmu_us_slt_arctic_hts")) {
                    voices.add(new Voice(Synthesizer.FESTIVAL, name));
                }
                // RHVoice has two more in English, whose licence forbids derivatives.
                for (String name : List.of("alan", "bdl", "clb", "slt")) {
                    voices.add(new Voice(Synthesizer.RHVOICE, name));
                }
                voices.add(new Voice(Synthesizer.PICO, "en-US"));
            }
            case VALID -> {
                espeak(voices, ACCENTS, VALID_VARIANTS);
                voices.add(new Voice(Synthesizer.PICO, "en-GB"));
            }
            case TEST -> {
                espeak(voices, TEST_ACCENTS, TEST_VARIANTS);
                voices.add(new Voice(Synthesizer.FLITE, "rms"));
                voices.add(new Voice(Synthesizer.FESTIVAL, "ked_diphone"));
            }
        }
        return voices;
    }

    private static void espeak(List<Voice> voices, List<String> accents, List<String> variants) {
        for (String accent : accents) {
            for (String variant : variants) {
                voices.add(new Voice(Synthesizer.ESPEAK, accent + "+" + variant));
            }
        }
    }

    /** Name among the speakers of a corpus. */
    public String speaker() {
        return synthesizer.debianPackage() + ":" + name;
    }

    /** Debian's packages that have it, the program's first, with spaces between them. */
    public String debianPackages() {
        String own =
                switch (name) {
                    case "kal_diphone" -> " festvox-kallpc16k";
                    case "ked_diphone" -> " festvox-kdlpc16k";
                    case "cmu_us_slt_arctic_hts" -> " festvox-us-slt-hts";
                    default -> synthesizer == Synthesizer.RHVOICE ? " rhvoice-english" : "";
                };
        return synthesizer.debianPackage() + own;
    }
}
