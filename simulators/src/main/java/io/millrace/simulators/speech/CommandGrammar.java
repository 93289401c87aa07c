package io.millrace.simulators.speech;

import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/**
 * Commands that people give to a house and to a card table: lights, fans, thermostats, timers, times of day, movements,
 * playing cards and strings of digits. Lower case, numbers in words.
 */
public final class CommandGrammar {

    private static final List<String> ROOMS =
            List.of("kitchen", "bedroom", "bathroom", "hall", "office", "garage", "living room");
    /** The digits 0 to 9 in letters. */
    static final List<String> DIGITS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");

    private static final List<String> TEENS = List.of(
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen");
    private static final List<String> TENS =
            List.of("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety");
    private static final List<String> RANKS = List.of(
            "ace", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "jack", "queen", "king",
            "lady");
    private static final List<String> SUITS = List.of("clubs", "hearts", "diamonds", "spades");

    private final Random random;

    /** Commands drawn by {@code random}. */
    public CommandGrammar(Random random) {
        this.random = random;
    }

    /** Every word that a command may hold, in alphabetical order. */
    public static List<String> vocabulary() {
        TreeSet<String> words = new TreeSet<>();
        CommandGrammar grammar = new CommandGrammar(new Random(0));
        for (int i = 0; i < 20_000; i++) {
            words.addAll(List.of(grammar.next().split(" ")));
        }
        return List.copyOf(words);
    }

    /** The next command. */
    public String next() {
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> lights();
            case 3, 4 -> fan();
            case 5, 6 -> thermostat();
            case 7, 8 -> timer();
            case 9 -> clock();
            case 10 -> movement();
            case 11, 12, 13 -> cards();
            case 14 -> digits();
            default -> answer();
        };
    }

    private String lights() {
        String what = pick("light", "lights", "lamp");
        return switch (random.nextInt(4)) {
            case 0 -> pick("turn", "switch") + " " + pick("on", "off") + " the " + pick(ROOMS) + " " + what;
            case 1 -> pick("turn", "switch") + " the " + pick(ROOMS) + " " + what + " " + pick("on", "off");
            case 2 -> pick("dim", "brighten") + " the " + pick(ROOMS) + " " + what + maybe(" to " + percent());
            default -> pick("lights", "lamp") + " " + pick("on", "off") + maybe(" in the " + pick(ROOMS));
        };
    }

    private String fan() {
        return switch (random.nextInt(3)) {
            case 0 -> pick("turn", "switch") + " " + pick("on", "off") + " the " + maybe(pick(ROOMS) + " ") + "fan";
            case 1 -> pick("turn", "switch") + " the " + maybe(pick(ROOMS) + " ") + "fan " + pick("on", "off");
            default -> "set the " + maybe(pick(ROOMS) + " ") + "fan to " + pick("low", "medium", "high");
        };
    }

    private String thermostat() {
        String what = pick("thermostat", "temperature", "heating");
        return switch (random.nextInt(3)) {
            case 0 -> "set the " + maybe(pick(ROOMS) + " ") + what + " to " + number(10, 90) + " degrees";
            case 1 -> "turn " + pick("up", "down") + " the " + what + maybe(" in the " + pick(ROOMS));
            default -> "what is the temperature in the " + pick(ROOMS);
        };
    }

    private String timer() {
        return switch (random.nextInt(4)) {
            case 0 -> "set a timer for " + number(2, 60) + " " + pick("seconds", "minutes", "hours");
            case 1 -> "set an alarm for " + time();
            case 2 -> "wake me " + pick("up ", "") + "at " + time();
            default -> pick("stop", "cancel") + " the " + pick("timer", "alarm");
        };
    }

    private String clock() {
        return random.nextInt(4) == 0 ? "what time is it" : maybe("it is ") + time();
    }

    private String movement() {
        return pick("go", "move") + " " + pick("forward", "backward", "left", "right") + " " + number(2, 30) + " "
                + pick("meters", "steps");
    }

    private String cards() {
        int count = 1 + random.nextInt(3);
        StringBuilder cards = new StringBuilder();
        for (int i = 0; i < count; i++) {
            boolean suit = random.nextInt(4) > 0;
            cards.append(i == 0 ? "" : " ").append(pick(RANKS)).append(suit ? maybe(" of") + " " + pick(SUITS) : "");
        }
        return cards.toString();
    }

    private String digits() {
        int count = 1 + random.nextInt(7);
        StringBuilder digits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            digits.append(i == 0 ? "" : " ").append(pick(DIGITS));
        }
        return digits.toString();
    }

    private String answer() {
        return pick(
                "yes",
                "no",
                "stop",
                "cancel",
                "help",
                "hello",
                "thank you",
                "please repeat",
                "good morning",
                "good night");
    }

    private String time() {
        String hour = number(1, 12);
        return switch (random.nextInt(4)) {
            case 0 -> hour + " o'clock";
            case 1 -> hour + " " + number(10, 59) + maybe(" " + pick("am", "pm"));
            case 2 -> pick("half", "quarter") + " past " + hour;
            default -> hour + " " + pick("am", "pm");
        };
    }

    private String percent() {
        return number(5, 99) + " percent";
    }

    /** A number between two, both included, below a hundred. */
    private String number(int least, int most) {
        return words(least + random.nextInt(most - least + 1));
    }

    /** A number below a hundred in words. */
    static String words(int value) {
        if (value < 10) {
            return DIGITS.get(value);
        }
        if (value < 20) {
            return TEENS.get(value - 10);
        }
        return TENS.get(value / 10 - 2) + (value % 10 == 0 ? "" : " " + DIGITS.get(value % 10));
    }

    private String maybe(String text) {
        return random.nextBoolean() ? text : "";
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String pick(List<String> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
