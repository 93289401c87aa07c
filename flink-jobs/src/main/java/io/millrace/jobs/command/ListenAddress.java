package io.millrace.jobs.command;

import java.net.InetSocketAddress;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Reads {@code HOST:PORT} options. */
public final class ListenAddress {
    private ListenAddress() {}

    /** The address that the text names; IPv6 addresses stand in brackets. */
    public static InetSocketAddress parse(String text, String option, CommandSpec spec) {
        int colon = text.lastIndexOf(':');
        String host = colon < 1 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (!host.isEmpty() && port >= 0 && port <= 65_535) {
                InetSocketAddress address = new InetSocketAddress(host, port);
                if (!address.isUnresolved()) {
                    return address;
                }
            }
        } catch (NumberFormatException e) {
            // falls through to the one message for all that is no such address
        }
        throw new CommandLine.ParameterException(spec.commandLine(), option + " must be HOST:PORT, not '" + text + "'");
    }
}
