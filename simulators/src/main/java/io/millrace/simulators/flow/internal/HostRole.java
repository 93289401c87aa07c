package io.millrace.simulators.flow.internal;

/** What an internal host is there for. */
enum HostRole {
    WORKSTATION,
    DEVICE,
    RESOLVER,
    WEB,
    DATABASE,
    MAIL,
    FILES,
    DIRECTORY,
    BACKUP,
    MONITOR
}
