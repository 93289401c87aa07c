package io.millrace.jobs.config;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the values of environment variables into settings, so that a secret need not stand in a file or in the list of
 * processes: {@code ${NAME}} is replaced, {@code $${NAME}} stands for the text itself.
 */
public final class EnvironmentVariables {
    private static final Pattern VARIABLE = Pattern.compile("\\$?\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

    private EnvironmentVariables() {}

    /**
     * The text with the variables of this process put in.
     *
     * @throws ConfigurationException naming a variable that is not set
     */
    public static String expand(String text) {
        return expand(text, System::getenv);
    }

    static String expand(String text, UnaryOperator<String> variables) {
        Matcher matcher = VARIABLE.matcher(text);
        return matcher.replaceAll(found -> Matcher.quoteReplacement(value(found.group(), found.group(1), variables)));
    }

    private static String value(String found, String name, UnaryOperator<String> variables) {
        if (found.startsWith("$$")) {
            return found.substring(1);
        }
        String value = variables.apply(name);
        if (value == null) {
            throw new ConfigurationException("the environment variable " + name + " is not set; to have the text ${"
                    + name + "} itself, write $${" + name + "}");
        }
        return value;
    }
}
